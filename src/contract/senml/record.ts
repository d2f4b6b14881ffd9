import type { DeviceKey } from '../words.ts';
import { type ChannelName, channelName } from './channel-name.ts';
import { BN, BT, BU, BV, FIELD_COUNT, N, U, V } from './labels.ts';

/** What `bn` was: the device's own prefix is the usual case, then a name needs no joining. */
const OWN_PREFIX = 0;
const NO_PREFIX = 1;
const OTHER_PREFIX = 2;

const SLASH = 0x2f;

/** Name, unit and value: what a record usually ends with. */
export const USUAL = (1 << N) | (1 << U) | (1 << V);

/**
 * The record being read, and the base fields that hold until they are replaced (RFC 8428 §4). One object serves
 * every pack: readers write into it, the resolver reads it.
 */
export class SenmlRecord {
  /** Bit set of the fields of this record, by field number. */
  present = 0;
  /** Numeric fields by field number; those of base fields persist, others hold only while `present`. */
  readonly numbers = new Float64Array(FIELD_COUNT);
  vb = false;
  unit = '';
  baseUnit: string | null = null;
  device: DeviceKey = '';
  #name: ChannelName | null = null;
  #nameText = '';
  #baseKind = NO_PREFIX;
  #baseText = '';

  beginPack(device: DeviceKey): void {
    this.device = device;
    this.numbers[BT] = 0;
    this.numbers[BV] = 0;
    this.baseUnit = null;
    this.#baseKind = NO_PREFIX;
    this.#baseText = '';
  }

  beginRecord(): void {
    this.present = 0;
    this.#name = null;
    this.#nameText = '';
  }

  /** Name, the name's unit, and a value, all at once. */
  setUsual(name: ChannelName, value: number): void {
    this.present |= USUAL;
    this.#name = name;
    this.unit = name.unit;
    this.numbers[V] = value;
  }

  setText(field: number, text: string): void {
    if (field === N) {
      this.#name = channelName(text);
      this.#nameText = text;
    } else if (field === U) this.unit = text;
    else if (field === BU) this.baseUnit = text;
    else if (field === BN) {
      this.#baseKind = text === '' ? NO_PREFIX : OTHER_PREFIX;
      this.#baseText = text;
    }
  }

  /**
   * Takes the device's own prefix as base name where the bytes are just that.
   * @returns its length, or -1 where they are not; the caller sees whether the text ends there and otherwise sets it
   */
  takeOwnPrefix(bytes: Uint8Array, at: number): number {
    const device = this.device;
    for (let i = 0; i < device.length; i++) if (bytes[at + i] !== device.charCodeAt(i)) return -1;
    if (bytes[at + device.length] !== SLASH) return -1;
    this.#baseKind = OWN_PREFIX;
    return device.length + 1;
  }

  /** The name when it is a known one below the device's own prefix, or below none; null asks for the long way. */
  knownName(): ChannelName | null {
    return this.#baseKind === OTHER_PREFIX ? null : this.#name;
  }

  /** Base name and name joined (RFC 8428 §4.5.1). */
  resolvedName(): string {
    const base = this.#baseKind === OWN_PREFIX ? `${this.device}/` : this.#baseText;
    return base + this.#nameText;
  }
}
