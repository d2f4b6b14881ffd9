import type { FrameChunk } from '../contract/frame.ts';
import type { DeviceKey } from '../contract/words.ts';
import type { Slice } from '../store/frames/store.ts';

/** Frames kept in memory, of all devices together: 20 MiB at ten channels. */
const FRAMES_MAX = 200_000;
/** What a chunk takes besides its frames, in frames. ESTIMATE. */
const FRAMES_WORTH_A_CHUNK = 20;

interface Held {
  /** The store holds no frame from here on that is not among the chunks. */
  fromMs: number;
  /** Ascending. */
  readonly chunks: FrameChunk[];
}

/**
 * The newest frames of each device as they came in, so that what was stored a moment ago need not be read back. Late
 * frames make a device's be forgotten: the store has them in their place.
 */
export class RecentFrames {
  readonly #held = new Map<DeviceKey, Held>();
  /** Oldest first; those of a device that was forgotten meanwhile too. */
  readonly #order: FrameChunk[] = [];
  #frames = 0;

  /**
   * Takes in what a cycle stored, by device, ascending.
   * @param newestMs the newest frame of a device that the store held before; 0 where it held none
   */
  take(stored: ReadonlyMap<DeviceKey, readonly FrameChunk[]>, newestMs: (device: DeviceKey) => number): void {
    for (const [device, chunks] of stored) {
      const firstMs = chunks[0]!.timeMs[0]!;
      if (firstMs <= newestMs(device)) {
        this.#held.delete(device);
        continue;
      }
      const held = this.#held.get(device) ?? { fromMs: firstMs, chunks: [] };
      this.#held.set(device, held);
      held.chunks.push(...chunks);
      for (const chunk of chunks) {
        this.#order.push(chunk);
        this.#frames += chunk.size + FRAMES_WORTH_A_CHUNK;
      }
    }
    this.#forgetOldest();
  }

  /** Chunks with all frames of a slice, and others beside; undefined where the store has to be asked. */
  of({ device, fromMs, toMs }: Slice): readonly FrameChunk[] | undefined {
    const held = this.#held.get(device);
    if (!held || held.fromMs > fromMs) return undefined;
    return held.chunks.filter((chunk) => chunk.timeMs[0]! < toMs && endOf(chunk) >= fromMs);
  }

  #forgetOldest(): void {
    let gone = 0;
    for (; this.#frames > FRAMES_MAX; gone++) {
      const chunk = this.#order[gone]!;
      this.#frames -= chunk.size + FRAMES_WORTH_A_CHUNK;
      const held = this.#held.get(chunk.device);
      if (held?.chunks[0] !== chunk) continue;
      held.chunks.shift();
      held.fromMs = endOf(chunk) + 1;
    }
    if (gone > 0) this.#order.splice(0, gone);
  }
}

function endOf({ timeMs, size }: FrameChunk): number {
  return timeMs[size - 1]!;
}
