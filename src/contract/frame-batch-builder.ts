import type { Frame, FrameBatch, Layout } from './frame.ts';
import type { DeviceKey } from './words.ts';

/**
 * Collects frames into a {@link FrameBatch} without an object per frame. Grows by doubling; reuse it with
 * {@link take}. A decoder that fails half-way through a pack rolls back to its {@link mark}.
 */
export class FrameBatchBuilder {
  #devices: DeviceKey[] = [];
  #deviceIxOf = new Map<DeviceKey, number>();
  #layouts: Layout[] = [];
  #layoutIxOf = new Map<Layout, number>();
  #size = 0;
  #valuesSize = 0;
  #deviceIx = new Uint32Array(256);
  #layoutIx = new Uint32Array(256);
  #timeMs = new Float64Array(256);
  #seq = new Float64Array(256);
  #valueAt = new Uint32Array(256);
  #values = new Float64Array(2048);

  get size(): number {
    return this.#size;
  }

  /** How many values the frames hold together: channel readings. */
  get readings(): number {
    return this.#valuesSize;
  }

  /** Adds one frame. `values[from … from + layout width)` are copied. @param seq NaN where there is none */
  add(device: DeviceKey, timeMs: number, seq: number, layout: Layout, values: ArrayLike<number>, from = 0): void {
    const width = layout.channels.length;
    if (this.#size === this.#timeMs.length) this.#growFrames();
    if (this.#valuesSize + width > this.#values.length) this.#growValues(width);
    const i = this.#size++;
    this.#deviceIx[i] = this.#deviceIndex(device);
    this.#layoutIx[i] = this.#layoutIndex(layout);
    this.#timeMs[i] = timeMs;
    this.#seq[i] = seq;
    this.#valueAt[i] = this.#valuesSize;
    for (let k = 0; k < width; k++) this.#values[this.#valuesSize + k] = values[from + k]!;
    this.#valuesSize += width;
  }

  addFrame(frame: Frame): void {
    this.add(frame.device, frame.timeMs, frame.seq ?? Number.NaN, frame.layout, frame.values);
  }

  /** Copies frame i of another batch. */
  addFrom(batch: FrameBatch, i: number): void {
    this.add(
      batch.devices[batch.deviceIx[i]!]!,
      batch.timeMs[i]!,
      batch.seq[i]!,
      batch.layouts[batch.layoutIx[i]!]!,
      batch.values,
      batch.valueAt[i]!,
    );
  }

  /** Where the batch stands now, for {@link rollback}. */
  mark(): number {
    return this.#size;
  }

  /** Drops every frame added since the mark. */
  rollback(mark: number): void {
    if (mark < this.#size) this.#valuesSize = this.#valueAt[mark]!;
    this.#size = mark;
  }

  /** The collected frames; the builder is empty afterwards. The arrays are the caller's own. */
  take(): FrameBatch {
    const n = this.#size;
    const batch: FrameBatch = {
      devices: this.#devices,
      layouts: this.#layouts,
      size: n,
      deviceIx: this.#deviceIx.slice(0, n),
      layoutIx: this.#layoutIx.slice(0, n),
      timeMs: this.#timeMs.slice(0, n),
      seq: this.#seq.slice(0, n),
      valueAt: this.#valueAt.slice(0, n),
      values: this.#values.slice(0, this.#valuesSize),
    };
    this.#devices = [];
    this.#deviceIxOf.clear();
    this.#layouts = [];
    this.#layoutIxOf.clear();
    this.#size = 0;
    this.#valuesSize = 0;
    return batch;
  }

  #deviceIndex(device: DeviceKey): number {
    let ix = this.#deviceIxOf.get(device);
    if (ix === undefined) {
      ix = this.#devices.push(device) - 1;
      this.#deviceIxOf.set(device, ix);
    }
    return ix;
  }

  #layoutIndex(layout: Layout): number {
    let ix = this.#layoutIxOf.get(layout);
    if (ix === undefined) {
      ix = this.#layouts.push(layout) - 1;
      this.#layoutIxOf.set(layout, ix);
    }
    return ix;
  }

  #growFrames(): void {
    const n = this.#timeMs.length * 2;
    this.#deviceIx = grown(this.#deviceIx, new Uint32Array(n));
    this.#layoutIx = grown(this.#layoutIx, new Uint32Array(n));
    this.#timeMs = grown(this.#timeMs, new Float64Array(n));
    this.#seq = grown(this.#seq, new Float64Array(n));
    this.#valueAt = grown(this.#valueAt, new Uint32Array(n));
  }

  #growValues(width: number): void {
    this.#values = grown(this.#values, new Float64Array(Math.max(this.#values.length * 2, this.#valuesSize + width)));
  }
}

function grown<T extends Uint32Array | Float64Array>(old: T, bigger: T): T {
  bigger.set(old as never);
  return bigger;
}
