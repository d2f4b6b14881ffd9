import type { Frame } from '../../src/contract/frame.ts';
import type { PlannedDevice } from '../plan/types.ts';
import type { Link } from './link.ts';
import { SensorBank } from './sensor.ts';

/** The most frames a device puts into one pack when it sends what it had kept. */
export const PACK_FRAMES_MAX = 20;

/**
 * One reporting device: measures its asset, numbers its frames, sends them while its link is up and keeps them
 * while it is away. Back on line it sends the oldest first, then goes on live. A full memory loses the oldest.
 */
export class Device {
  readonly plan: PlannedDevice;
  readonly #sensors: SensorBank;
  readonly #link: Link;
  readonly #kept: FrameRing;
  readonly #reading: Float64Array;
  #seq = 0;
  #lost = 0;

  constructor(seed: number, plan: PlannedDevice, link: Link) {
    this.plan = plan;
    this.#sensors = new SensorBank(seed, plan.key, plan.channels, plan.sampleMs);
    this.#link = link;
    this.#kept = new FrameRing(plan.bufferFramesMax);
    this.#reading = new Float64Array(plan.channels.length);
  }

  /** Frames overwritten in the full memory since the start. */
  get lost(): number {
    return this.#lost;
  }

  /** Frames that wait for the link. */
  get kept(): number {
    return this.#kept.size;
  }

  /**
   * Measures once and hands over what goes out at this instant, oldest first.
   * @param truth the asset's true values, in the order of QUANTITIES
   * @param send called once for each pack; a live frame is a pack of its own
   */
  sample(timeMs: number, truth: Float64Array, send: (pack: readonly Frame[]) => void): void {
    this.#sensors.sample(truth, this.#reading);
    const frame: Frame = {
      device: this.plan.key,
      timeMs,
      seq: this.#seq++,
      layout: this.#sensors.layout,
      values: this.#reading.slice(),
    };
    if (!this.#link.isUp(timeMs)) {
      this.#lost += this.#kept.push(frame);
      return;
    }
    while (this.#kept.size > 0) send(this.#kept.take(PACK_FRAMES_MAX));
    send([frame]);
  }
}

/** A bounded first-in first-out memory that overwrites its oldest frame. */
class FrameRing {
  readonly #slots: (Frame | undefined)[];
  #oldest = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#slots = new Array<Frame | undefined>(Math.max(0, capacity));
  }

  get size(): number {
    return this.#size;
  }

  /** How many frames were lost by it: 0 or 1. */
  push(frame: Frame): 0 | 1 {
    const capacity = this.#slots.length;
    if (capacity === 0) return 1;
    this.#slots[(this.#oldest + this.#size) % capacity] = frame;
    if (this.#size < capacity) {
      this.#size++;
      return 0;
    }
    this.#oldest = (this.#oldest + 1) % capacity;
    return 1;
  }

  /** Takes out up to `count` frames, oldest first. */
  take(count: number): Frame[] {
    const taken: Frame[] = [];
    while (taken.length < count && this.#size > 0) {
      taken.push(this.#slots[this.#oldest]!);
      this.#slots[this.#oldest] = undefined;
      this.#oldest = (this.#oldest + 1) % this.#slots.length;
      this.#size--;
    }
    return taken;
  }
}
