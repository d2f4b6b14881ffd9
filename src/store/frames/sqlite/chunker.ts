import { type FrameChunk, internLayout, type Layout } from '../../../contract/frame.ts';
import type { DeviceKey } from '../../../contract/words.ts';
import { FRAMES_PER_CHUNK_MAX } from '../store.ts';
import type { Block } from './block.ts';

/** Which of a layout's columns a reader asked for. */
export interface Projection {
  readonly layout: Layout;
  readonly columns: readonly number[];
  /** How many values a stored frame of the layout has, asked for or not. */
  readonly storedWidth: number;
}

/** The asked columns of a layout; no columns where it has none of them. */
export function project(layout: Layout, channels: readonly string[] | undefined): Projection {
  const storedWidth = layout.channels.length;
  if (!channels) return { layout, columns: layout.channels.map((_, c) => c), storedWidth };
  const columns = layout.channels.map((_, c) => c).filter((c) => channels.includes(layout.channels[c]!));
  return { layout: internLayout(columns.map((c) => layout.channels[c]!)), columns, storedWidth };
}

/** Gathers one device's frames from blocks into chunks of equal layout, full up to the chunk's bound. */
export class Chunker {
  readonly #device: DeviceKey;
  #layout: Layout | undefined;
  #size = 0;
  #timeMs = new Float64Array(0);
  #seq = new Float64Array(0);
  #values = new Float64Array(0);

  constructor(device: DeviceKey) {
    this.#device = device;
  }

  /** Adds frame i of a block. @returns a chunk that this frame did not fit into, if any */
  add(block: Block, i: number, valueAt: number, { layout, columns }: Projection): FrameChunk | undefined {
    let full: FrameChunk | undefined;
    if (layout !== this.#layout || this.#size === FRAMES_PER_CHUNK_MAX) {
      full = this.flush();
      this.#begin(layout);
    }
    const n = this.#size++;
    this.#timeMs[n] = block.startMs + block.offsetMs[i]!;
    this.#seq[n] = block.seq[i]!;
    const width = columns.length;
    for (let c = 0; c < width; c++) this.#values[n * width + c] = block.values[valueAt + columns[c]!]!;
    return full;
  }

  /** What has been gathered since the last chunk. */
  flush(): FrameChunk | undefined {
    const layout = this.#layout;
    const size = this.#size;
    if (!layout || size === 0) return undefined;
    this.#layout = undefined;
    this.#size = 0;
    return {
      device: this.#device,
      layout,
      size,
      timeMs: this.#timeMs.subarray(0, size),
      seq: this.#seq.subarray(0, size),
      values: this.#values.subarray(0, size * layout.channels.length),
    };
  }

  #begin(layout: Layout): void {
    this.#layout = layout;
    this.#timeMs = new Float64Array(FRAMES_PER_CHUNK_MAX);
    this.#seq = new Float64Array(FRAMES_PER_CHUNK_MAX);
    this.#values = new Float64Array(FRAMES_PER_CHUNK_MAX * layout.channels.length);
  }
}
