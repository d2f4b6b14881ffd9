import type { FrameChunk, Layout } from '../contract/frame.ts';
import type { DeviceKey } from '../contract/words.ts';

/** Rows are handed on when so many have gathered: many devices share the memory, few calls share the work. */
const ROWS_MAX = 288;

/**
 * Gathers one device's frames into chunks for the fold.
 * @param ascends false for a device whose clock may run back (a fault): its rows are kept to the end and put in order,
 *   of two for one instant the first counts, as in the projections
 */
export class DeviceRows {
  readonly #device: DeviceKey;
  readonly #layout: Layout;
  readonly #ascends: boolean;
  #timeMs = new Float64Array(ROWS_MAX);
  #values: Float64Array;
  #size = 0;

  constructor(device: DeviceKey, layout: Layout, ascends: boolean) {
    this.#device = device;
    this.#layout = layout;
    this.#ascends = ascends;
    this.#values = new Float64Array(ROWS_MAX * layout.channels.length);
  }

  get isFull(): boolean {
    return this.#ascends && this.#size >= ROWS_MAX;
  }

  /** Adds one frame. @param at where its values begin, one for each channel of the layout */
  add(timeMs: number, values: Float64Array, at: number): void {
    const width = this.#layout.channels.length;
    if (this.#size === this.#timeMs.length) this.#grow();
    this.#timeMs[this.#size] = timeMs;
    for (let c = 0, to = this.#size * width; c < width; c++) this.#values[to + c] = values[at + c]!;
    this.#size++;
  }

  /** All rows since the last call, good until the next frame is added. */
  take(): FrameChunk {
    if (!this.#ascends) this.#putInOrder();
    const size = this.#size;
    this.#size = 0;
    return {
      device: this.#device,
      layout: this.#layout,
      size,
      timeMs: this.#timeMs.subarray(0, size),
      seq: new Float64Array(size).fill(Number.NaN),
      values: this.#values.subarray(0, size * this.#layout.channels.length),
    };
  }

  #grow(): void {
    const timeMs = new Float64Array(2 * this.#timeMs.length);
    const values = new Float64Array(2 * this.#values.length);
    timeMs.set(this.#timeMs);
    values.set(this.#values);
    this.#timeMs = timeMs;
    this.#values = values;
  }

  #putInOrder(): void {
    const width = this.#layout.channels.length;
    const times = this.#timeMs.subarray(0, this.#size);
    const order = Array.from(times, (_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b);
    const kept = order.filter((row, i) => i === 0 || times[order[i - 1]!] !== times[row]);
    const timeMs = Float64Array.from(kept, (row) => times[row]!);
    const values = new Float64Array(kept.length * width);
    for (const [i, row] of kept.entries()) {
      values.set(this.#values.subarray(row * width, (row + 1) * width), i * width);
    }
    this.#timeMs = timeMs;
    this.#values = values;
    this.#size = kept.length;
  }
}
