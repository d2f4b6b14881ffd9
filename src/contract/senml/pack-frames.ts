import type { FrameBatchBuilder } from '../frame-batch-builder.ts';
import type { DeviceKey } from '../words.ts';
import type { ChannelName } from './channel-name.ts';
import { type LayoutNode, LayoutTrie } from './layout-trie.ts';

/** Up to so many frames of a pack are searched one by one; beyond, through a map. */
const SEARCHED_MAX = 8;

/**
 * The frames of the pack being read. Readings may come in any order and interleave their instants: each frame
 * keeps a chain of its readings, so nothing is sorted and nothing is allocated for an ordinary pack.
 */
export class PackFrames {
  readonly #trie = new LayoutTrie();
  /** The names that the next record most likely has: those that followed the same channels before. */
  expected: readonly ChannelName[] = this.#trie.root.likely;
  #frames = 0;
  #timeMs = new Float64Array(16);
  #seq = new Float64Array(16);
  #lastReading = new Int32Array(16);
  #sequence: LayoutNode[] = [];
  readonly #byTime = new Map<number, number>();
  #readings = 0;
  #value = new Float64Array(256);
  /** The reading of the same frame before this one. */
  #previous = new Int32Array(256);
  #sorted = new Float64Array(64);

  begin(): void {
    this.expected = this.#trie.root.likely;
    this.#frames = 0;
    this.#readings = 0;
    if (this.#byTime.size > 0) this.#byTime.clear();
  }

  /** The frame of an instant, made where there is none. Frames keep the order in which they first appear. */
  frameAt(timeMs: number): number {
    const known = this.#find(timeMs);
    if (known >= 0) return known;
    if (this.#frames === this.#timeMs.length) this.#growFrames();
    const frame = this.#frames++;
    this.#timeMs[frame] = timeMs;
    this.#seq[frame] = Number.NaN;
    this.#lastReading[frame] = -1;
    this.#sequence[frame] = this.#trie.root;
    if (frame >= SEARCHED_MAX) this.#byTime.set(timeMs, frame);
    return frame;
  }

  /** False where the frame already has a sequence number. */
  setSeq(frame: number, seq: number): boolean {
    if (!Number.isNaN(this.#seq[frame]!)) return false;
    this.#seq[frame] = seq;
    this.expected = this.#trie.likelyAfter(this.#sequence[frame]!);
    return true;
  }

  /** False where the frame already has this channel. */
  addReading(frame: number, name: ChannelName, value: number): boolean {
    const sequence = this.#trie.append(this.#sequence[frame]!, name);
    if (sequence === null) return false;
    this.#sequence[frame] = sequence;
    this.expected = this.#trie.likelyAfter(sequence);
    if (this.#readings === this.#value.length) this.#growReadings();
    const reading = this.#readings++;
    this.#value[reading] = value;
    this.#previous[reading] = this.#lastReading[frame]!;
    this.#lastReading[frame] = reading;
    return true;
  }

  /** Appends the frames to `out`; false, and nothing appended, where there is none or one has no channel. */
  emit(device: DeviceKey, out: FrameBatchBuilder): boolean {
    for (let f = 0; f < this.#frames; f++) if (this.#lastReading[f] === -1) return false;
    for (let f = 0; f < this.#frames; f++) {
      const sequence = this.#sequence[f]!;
      const { layout, rank } = this.#trie.plan(sequence);
      if (this.#sorted.length < sequence.depth) this.#sorted = new Float64Array(sequence.depth * 2);
      let k = sequence.depth;
      for (let r = this.#lastReading[f]!; r >= 0; r = this.#previous[r]!) this.#sorted[rank[--k]!] = this.#value[r]!;
      out.add(device, this.#timeMs[f]!, this.#seq[f]!, layout, this.#sorted);
    }
    return this.#frames > 0;
  }

  #find(timeMs: number): number {
    const searched = Math.min(this.#frames, SEARCHED_MAX);
    for (let f = 0; f < searched; f++) if (this.#timeMs[f] === timeMs) return f;
    return this.#frames > SEARCHED_MAX ? (this.#byTime.get(timeMs) ?? -1) : -1;
  }

  #growFrames(): void {
    const n = this.#timeMs.length * 2;
    this.#timeMs = grownFloats(this.#timeMs, n);
    this.#seq = grownFloats(this.#seq, n);
    this.#lastReading = grownInts(this.#lastReading, n);
  }

  #growReadings(): void {
    const n = this.#value.length * 2;
    this.#value = grownFloats(this.#value, n);
    this.#previous = grownInts(this.#previous, n);
  }
}

function grownFloats(old: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const bigger = new Float64Array(length);
  bigger.set(old);
  return bigger;
}

function grownInts(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(length);
  bigger.set(old);
  return bigger;
}
