import type { FrameBatch } from '../../../contract/frame.ts';

/**
 * A block: all frames of one device within one {@link BLOCK_MS} of event time, ascending, in one row of the table.
 * A trace then reads tens of rows instead of thousands (each row costs SQLite and the binding about 3 µs), while a
 * block that still grows stays small enough to be written again with every cycle.
 *
 * Body, little-endian: u32 frames, u32 values; f64 seq[], f64 values[]; u32 offsetMs[] from the block's start,
 * u32 layout id[].
 */
const BLOCK_MS = 10 * 60_000;

const HEADER_BYTES = 8;

export const blockStartMs = (timeMs: number): number => Math.floor(timeMs / BLOCK_MS) * BLOCK_MS;

/** A block in columns; views into the stored bytes. */
export interface Block {
  readonly startMs: number;
  readonly size: number;
  readonly offsetMs: Uint32Array;
  readonly layoutId: Uint32Array;
  readonly seq: Float64Array;
  readonly values: Float64Array;
}

export function decodeBlock(startMs: number, body: Uint8Array): Block {
  const bytes = body.byteOffset % 8 === 0 ? body : new Uint8Array(body);
  const { buffer, byteOffset: at } = bytes;
  const [n, values] = new Uint32Array(buffer, at, 2) as unknown as [number, number];
  const u32At = at + HEADER_BYTES + 8 * (n + values);
  return {
    startMs,
    size: n,
    seq: new Float64Array(buffer, at + HEADER_BYTES, n),
    values: new Float64Array(buffer, at + HEADER_BYTES + 8 * n, values),
    offsetMs: new Uint32Array(buffer, u32At, n),
    layoutId: new Uint32Array(buffer, u32At + 4 * n, n),
  };
}

/** Frames of one block to be written: rows of a batch, ascending in time, each time once. */
export interface BlockRows {
  readonly batch: FrameBatch;
  readonly layoutIds: readonly number[];
  /** Indices into the batch: `order[from … to)`. */
  readonly order: readonly number[];
  readonly from: number;
  readonly to: number;
}

/**
 * Merges rows into a stored block (or an empty one) and encodes the result. A row replaces the frame stored at
 * its time.
 * @param widthOf how many channels a layout id has
 */
export function mergeIntoBlock(
  startMs: number,
  stored: Block | undefined,
  rows: BlockRows,
  widthOf: (layoutId: number) => number,
): Uint8Array {
  const out = new BlockWriter((stored?.size ?? 0) + rows.to - rows.from, capacityOf(stored, rows));
  let s = 0;
  let storedValueAt = 0;
  for (let r = rows.from; r < rows.to; r++) {
    const i = rows.order[r]!;
    const offsetMs = rows.batch.timeMs[i]! - startMs;
    while (stored && s < stored.size && stored.offsetMs[s]! <= offsetMs) {
      const width = widthOf(stored.layoutId[s]!);
      if (stored.offsetMs[s]! < offsetMs) out.addStored(stored, s, storedValueAt, width);
      storedValueAt += width;
      s++;
    }
    const layoutIx = rows.batch.layoutIx[i]!;
    const width = rows.batch.layouts[layoutIx]!.channels.length;
    out.add(offsetMs, rows.layoutIds[layoutIx]!, rows.batch.seq[i]!, rows.batch.values, rows.batch.valueAt[i]!, width);
  }
  for (; stored && s < stored.size; s++) {
    const width = widthOf(stored.layoutId[s]!);
    out.addStored(stored, s, storedValueAt, width);
    storedValueAt += width;
  }
  return out.encode();
}

function capacityOf(stored: Block | undefined, rows: BlockRows): number {
  let values = stored?.values.length ?? 0;
  for (let r = rows.from; r < rows.to; r++) {
    values += rows.batch.layouts[rows.batch.layoutIx[rows.order[r]!]!]!.channels.length;
  }
  return values;
}

class BlockWriter {
  #size = 0;
  #valuesSize = 0;
  readonly #offsetMs: Uint32Array;
  readonly #layoutId: Uint32Array;
  readonly #seq: Float64Array;
  readonly #values: Float64Array;

  constructor(framesMax: number, valuesMax: number) {
    this.#offsetMs = new Uint32Array(framesMax);
    this.#layoutId = new Uint32Array(framesMax);
    this.#seq = new Float64Array(framesMax);
    this.#values = new Float64Array(valuesMax);
  }

  add(offsetMs: number, layoutId: number, seq: number, values: Float64Array, valueAt: number, width: number): void {
    const i = this.#size++;
    this.#offsetMs[i] = offsetMs;
    this.#layoutId[i] = layoutId;
    this.#seq[i] = seq;
    for (let k = 0; k < width; k++) this.#values[this.#valuesSize++] = values[valueAt + k]!;
  }

  addStored(block: Block, i: number, valueAt: number, width: number): void {
    this.add(block.offsetMs[i]!, block.layoutId[i]!, block.seq[i]!, block.values, valueAt, width);
  }

  encode(): Uint8Array {
    const n = this.#size;
    const values = this.#valuesSize;
    const bytes = new Uint8Array(HEADER_BYTES + 8 * (n + values) + 8 * n);
    new Uint32Array(bytes.buffer, 0, 2).set([n, values]);
    new Float64Array(bytes.buffer, HEADER_BYTES, n).set(this.#seq.subarray(0, n));
    new Float64Array(bytes.buffer, HEADER_BYTES + 8 * n, values).set(this.#values.subarray(0, values));
    const u32At = HEADER_BYTES + 8 * (n + values);
    new Uint32Array(bytes.buffer, u32At, n).set(this.#offsetMs.subarray(0, n));
    new Uint32Array(bytes.buffer, u32At + 4 * n, n).set(this.#layoutId.subarray(0, n));
    return bytes;
  }
}
