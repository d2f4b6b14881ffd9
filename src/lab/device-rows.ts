import type { FrameChunk, Layout } from '../contract/frame.ts';
import type { DeviceKey } from '../contract/words.ts';

/** Rows are handed on when so many have gathered: many devices share the memory, few calls share the work. */
const ROWS_FIRST = 288;

/** Gathers one device's frames into chunks for the fold. */
export class DeviceRows {
  readonly #device: DeviceKey;
  readonly #layout: Layout;
  #timeMs = new Float64Array(ROWS_FIRST);
  #values: Float64Array;
  /** Rows before it are taken: their place is used again when more are added. */
  #from = 0;
  #to = 0;

  constructor(device: DeviceKey, layout: Layout) {
    this.#device = device;
    this.#layout = layout;
    this.#values = new Float64Array(ROWS_FIRST * layout.channels.length);
  }

  get size(): number {
    return this.#to - this.#from;
  }

  timeMs(row: number): number {
    return this.#timeMs[this.#from + row]!;
  }

  /** Adds one frame. @param at where its values begin, one for each channel of the layout */
  add(timeMs: number, values: Float64Array, at: number): void {
    const width = this.#layout.channels.length;
    if (this.#to === this.#timeMs.length) this.#makeRoom();
    this.#timeMs[this.#to] = timeMs;
    for (let c = 0, to = this.#to * width; c < width; c++) this.#values[to + c] = values[at + c]!;
    this.#to++;
  }

  /** Takes the first rows, whose times must ascend. Good until the next frame is added. */
  take(rows: number): FrameChunk {
    const [from, to, width] = [this.#from, this.#from + rows, this.#layout.channels.length];
    this.#from = to;
    return this.#chunk(this.#timeMs.subarray(from, to), this.#values.subarray(from * width, to * width));
  }

  /**
   * Takes the first rows without those that are not wanted, and in order: of two for one instant the first counts, as
   * in the projections.
   */
  takeSorted(rows: number, isWanted: (row: number) => boolean): FrameChunk {
    const width = this.#layout.channels.length;
    const times = this.#timeMs.subarray(this.#from, this.#from + rows);
    const order = Array.from(times, (_, row) => row).filter(isWanted);
    order.sort((a, b) => times[a]! - times[b]! || a - b);
    const kept = order.filter((row, i) => i === 0 || times[order[i - 1]!] !== times[row]);
    const values = new Float64Array(kept.length * width);
    for (const [i, row] of kept.entries()) {
      const at = (this.#from + row) * width;
      values.set(this.#values.subarray(at, at + width), i * width);
    }
    const timeMs = Float64Array.from(kept, (row) => times[row]!);
    this.#from += rows;
    return this.#chunk(timeMs, values);
  }

  #chunk(timeMs: Float64Array, values: Float64Array): FrameChunk {
    const size = timeMs.length;
    return {
      device: this.#device,
      layout: this.#layout,
      size,
      timeMs,
      seq: new Float64Array(size).fill(Number.NaN),
      values,
    };
  }

  #makeRoom(): void {
    const width = this.#layout.channels.length;
    const rows = this.size;
    // Where little is taken, the rest would be moved again and again.
    const capacity = rows > this.#timeMs.length / 2 ? 2 * this.#timeMs.length : this.#timeMs.length;
    const timeMs = capacity > this.#timeMs.length ? new Float64Array(capacity) : this.#timeMs;
    const values = capacity > this.#timeMs.length ? new Float64Array(capacity * width) : this.#values;
    timeMs.set(this.#timeMs.subarray(this.#from, this.#to));
    values.set(this.#values.subarray(this.#from * width, this.#to * width));
    this.#timeMs = timeMs;
    this.#values = values;
    this.#from = 0;
    this.#to = rows;
  }
}
