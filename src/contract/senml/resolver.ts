import type { FrameBatchBuilder } from '../frame-batch-builder.ts';
import type { Reason } from '../reason.ts';
import type { DeviceKey } from '../words.ts';
import { type ChannelName, channelName } from './channel-name.ts';
import { BN, BS, BT, BU, BV, BVER, S, T, U, V, VB, VD, VS } from './labels.ts';
import { PackFrames } from './pack-frames.ts';
import { SenmlRecord } from './record.ts';

/** Who sent a pack, and the limits it must keep. */
export interface DecodeContext {
  /** The device the topic names: the only one the pack may speak for. */
  readonly device: DeviceKey;
  /** Now by the clock in force, whole epoch ms: what relative times refer to. */
  readonly nowMs: number;
  readonly futureToleranceMs: number;
  readonly maxRecords: number;
  readonly maxPayloadBytes: number;
}

/** The only version there is (RFC 8428 §4.1); another may mean something else by the same fields (§4.4). */
const VERSION = 10;

/** RFC 8428 §4.5.3: times below are relative to now, in seconds. */
const RELATIVE_BELOW_S = 2 ** 28;

/** 2000-01-01T00:00Z. */
const YEAR_2000_MS = 946_684_800_000;

/** RFC 8428 §4.5.1. */
const RESOLVED_NAME = /^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/;

/**
 * The most units of its resolution that a value may have. Up to here dividing by the scale and multiplying again errs
 * by less than half a unit (two roundings of 2^-53 each), so a kept value that is sent again is kept as the same bits.
 */
const UNITS_MAX = 2 ** 51;

const BASE_FIELDS = (1 << BVER) | (1 << BN) | (1 << BT) | (1 << BU) | (1 << BV) | (1 << BS);
const VALUE_FIELDS = (1 << V) | (1 << VS) | (1 << VB) | (1 << VD);
const SUMS = (1 << S) | (1 << BS);
/** The ordinary record: one numeric value, no sum, no version. */
const ORDINARY = 1 << V;
const TO_CHECK = VALUE_FIELDS | SUMS | (1 << BVER);

/** Gives records their meaning (RFC 8428 §4) and gathers them into frames. */
export class PackResolver {
  readonly record = new SenmlRecord();
  readonly #frames = new PackFrames();
  #ctx: DecodeContext | null = null;
  #frame = -1;
  #frameSeconds = Number.NaN;

  /** The names the next record most likely has. */
  get expectedNames(): readonly ChannelName[] {
    return this.#frames.expected;
  }

  begin(ctx: DecodeContext): void {
    this.#ctx = ctx;
    this.record.beginPack(ctx.device);
    this.#frames.begin();
    this.#frameSeconds = Number.NaN;
  }

  /** Takes the record as it now stands; the reason where the pack must be refused for it. */
  endRecord(): Reason | null {
    const record = this.record;
    const present = record.present;
    if ((present & TO_CHECK) !== ORDINARY) {
      const reason = this.#checkFields(present);
      if (reason) return reason;
      // RFC 8428 §5.1.7 opens a pack so: a record that only sets base fields measures nothing.
      if ((present & VALUE_FIELDS) === 0) return null;
    }
    const name = record.knownName() ?? this.#resolveName();
    if (typeof name === 'string') return name;
    let value: number;
    if ((present & (1 << V)) !== 0) {
      const unit = (present & (1 << U)) !== 0 ? record.unit : record.baseUnit;
      if (unit !== name.unit) return 'wrong-unit';
      value = record.numbers[BV]! + record.numbers[V]!;
    } else {
      // A truth value needs no unit, and a base unit is not meant for it; a unit of its own must be the channel's.
      if (name.unit !== '/') return 'not-a-number';
      if ((present & (1 << U)) !== 0 && record.unit !== '/') return 'wrong-unit';
      value = record.vb ? 1 : 0;
    }
    return this.#take(name, value, present);
  }

  /** Appends the pack's frames to `out`; all of them or, with a reason, none. */
  finish(out: FrameBatchBuilder): Reason | null {
    return this.#frames.emit(this.#ctx!.device, out) ? null : 'empty-pack';
  }

  #checkFields(present: number): Reason | null {
    if ((present & (1 << BVER)) !== 0 && this.record.numbers[BVER] !== VERSION) return 'bad-version';
    const values = present & VALUE_FIELDS;
    if (values === 0 && ((present & BASE_FIELDS) === 0 || (present & ~BASE_FIELDS) !== 0)) return 'no-value';
    if ((values & (values - 1)) !== 0) return 'no-value';
    // No channel keeps a sum (value × seconds); dropping it unsaid would lose data.
    if ((present & SUMS) !== 0) return 'bad-field';
    return (values & ((1 << VS) | (1 << VD))) !== 0 ? 'not-a-number' : null;
  }

  #resolveName(): ChannelName | Reason {
    const resolved = this.record.resolvedName();
    if (!RESOLVED_NAME.test(resolved)) return 'bad-name';
    if (!resolved.includes('/')) return channelName(resolved) ?? 'unknown-channel';
    const prefix = `${this.record.device}/`;
    if (!resolved.startsWith(prefix)) return 'name-mismatch';
    return channelName(resolved.slice(prefix.length)) ?? 'unknown-channel';
  }

  #take(name: ChannelName, value: number, present: number): Reason | null {
    if (!Number.isFinite(value)) return 'not-a-number';
    if (name.isSeq && !(Number.isSafeInteger(value) && value >= 0)) return 'bad-seq';
    const scaled = value * name.scale;
    if (Math.abs(scaled) > UNITS_MAX && !name.isSeq) return 'value-out-of-range';
    const numbers = this.record.numbers;
    const seconds = (present & (1 << T)) !== 0 ? numbers[BT]! + numbers[T]! : numbers[BT]!;
    if (seconds !== this.#frameSeconds) {
      const reason = this.#enterFrame(seconds);
      if (reason) return reason;
    }
    // As roundTo does it; -0 would be another value to a hash.
    const rounded = Math.round(scaled) / name.scale;
    const kept = rounded === 0 ? 0 : rounded;
    const added = name.isSeq
      ? this.#frames.setSeq(this.#frame, kept)
      : this.#frames.addReading(this.#frame, name, kept);
    return added ? null : 'duplicate-channel';
  }

  #enterFrame(seconds: number): Reason | null {
    const ctx = this.#ctx!;
    const sinceMs = Math.round(seconds * 1000);
    const timeMs = seconds < RELATIVE_BELOW_S ? ctx.nowMs + sinceMs : sinceMs;
    if (!Number.isFinite(timeMs) || timeMs < YEAR_2000_MS) return 'bad-time';
    if (timeMs > ctx.nowMs + ctx.futureToleranceMs) return 'far-future';
    this.#frame = this.#frames.frameAt(timeMs);
    this.#frameSeconds = seconds;
    return null;
  }
}
