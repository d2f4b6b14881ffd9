import type { DeviceKey } from './words.ts';

/**
 * The channels of a frame, sorted by name (code-unit order), each once. Interned: two frames with the same
 * channels share one Layout object within a process, so that unequal references are rarely equal layouts.
 */
export interface Layout {
  readonly channels: readonly string[];
  /** The channels joined by a comma: the layout's identity across processes and files. */
  readonly key: string;
}

/** Channel sets come from outside. Beyond this they are interned anew: slower to compare, never wrong. */
const LAYOUTS_MAX = 50_000;
const layouts = new Map<string, Layout>();

/** The one Layout for a set of channels. @param channels any order, each once */
export function internLayout(channels: readonly string[]): Layout {
  const sorted = [...channels].sort();
  const key = sorted.join(',');
  let layout = layouts.get(key);
  if (!layout) {
    if (layouts.size >= LAYOUTS_MAX) layouts.clear();
    layout = Object.freeze({ channels: Object.freeze(sorted), key });
    layouts.set(key, layout);
  }
  return layout;
}

/** One frame as a plain object: for edges and tests. The hot path uses {@link FrameBatch}. */
export interface Frame {
  readonly device: DeviceKey;
  readonly timeMs: number;
  /** The device's running number; null where it sends none. */
  readonly seq: number | null;
  readonly layout: Layout;
  /** One value for each channel of the layout, in its order. */
  readonly values: ArrayLike<number>;
}

/**
 * Many frames in columns: what the journal keeps and what stages hand to each other.
 * Frame i: device `devices[deviceIx[i]]`, layout `layouts[layoutIx[i]]`, values
 * `values[valueAt[i] … valueAt[i] + layout.channels.length)`. In arrival order unless said otherwise.
 */
export interface FrameBatch {
  readonly devices: readonly DeviceKey[];
  readonly layouts: readonly Layout[];
  readonly size: number;
  readonly deviceIx: Uint32Array;
  readonly layoutIx: Uint32Array;
  readonly timeMs: Float64Array;
  /** NaN where the device sent none. */
  readonly seq: Float64Array;
  readonly valueAt: Uint32Array;
  readonly values: Float64Array;
}

/**
 * Frames of one device with one layout, ascending in time: what a store yields when read.
 * `values` is row-major, `size × layout.channels.length`; NaN where a frame lacks the channel.
 */
export interface FrameChunk {
  readonly device: DeviceKey;
  readonly layout: Layout;
  readonly size: number;
  readonly timeMs: Float64Array;
  readonly seq: Float64Array;
  readonly values: Float64Array;
}

/** Frame i of a batch as a plain object (copies its values). */
export function frameAt(batch: FrameBatch, i: number): Frame {
  const layout = batch.layouts[batch.layoutIx[i]!]!;
  const at = batch.valueAt[i]!;
  const seq = batch.seq[i]!;
  return {
    device: batch.devices[batch.deviceIx[i]!]!,
    timeMs: batch.timeMs[i]!,
    seq: Number.isNaN(seq) ? null : seq,
    layout,
    values: batch.values.slice(at, at + layout.channels.length),
  };
}

/** All frames of a batch as plain objects. */
export function* framesOf(batch: FrameBatch): Generator<Frame> {
  for (let i = 0; i < batch.size; i++) yield frameAt(batch, i);
}

/** All frames of a chunk as plain objects; channels a frame lacks are left out of its layout. */
export function* framesOfChunk(chunk: FrameChunk): Generator<Frame> {
  const width = chunk.layout.channels.length;
  for (let i = 0; i < chunk.size; i++) {
    const row = chunk.values.subarray(i * width, (i + 1) * width);
    const seq = chunk.seq[i]!;
    const whole = !row.some(Number.isNaN);
    yield {
      device: chunk.device,
      timeMs: chunk.timeMs[i]!,
      seq: Number.isNaN(seq) ? null : seq,
      layout: whole ? chunk.layout : internLayout(chunk.layout.channels.filter((_, c) => !Number.isNaN(row[c]!))),
      values: whole ? row.slice() : row.filter((v) => !Number.isNaN(v)),
    };
  }
}
