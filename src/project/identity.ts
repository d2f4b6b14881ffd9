import { type Frame, type FrameBatch, frameAt, framesOfChunk, internLayout } from '../contract/frame.ts';
import { FrameBatchBuilder } from '../contract/frame-batch-builder.ts';
import type { DeviceKey, Interval } from '../contract/words.ts';
import type { FrameStore, Slice } from '../store/frames/store.ts';

/** A frame that names another value for a channel its identity already has: the first journaled stays. */
export interface Conflict {
  readonly frame: Frame;
  readonly channel: string;
  readonly kept: number;
  /** Where it was journaled: which of the batches given, and which frame of it. */
  readonly at: FramePlace;
}

interface FramePlace {
  readonly batch: number;
  readonly index: number;
}

interface PlacedFrame {
  readonly frame: Frame;
  readonly at: FramePlace;
}

export interface Resolved {
  /** Frames to write, identities distinct; a merged frame is the union with what is stored. */
  readonly write: FrameBatch;
  readonly conflicts: readonly Conflict[];
  /** How many frames said nothing new. */
  readonly repeats: number;
  /** The stretch before the device's newest frame in which something was added; absent when nothing was. */
  readonly late: ReadonlyMap<DeviceKey, Interval>;
  /** What is kept at the repeated identities: after a crash, such a frame may be stored and not yet folded. */
  readonly repeated: FrameBatch;
}

/** How far apart two looked-up instants of a device may lie to share one read of the store. */
const LOOKUP_JOIN_MS = 30 * 60_000;

/**
 * Resolves identities (design rule 2): a repeat is ignored, channels of one (device, time) merge, a conflicting value
 * is refused. Only frames at or before their device's newest one are looked up; the rest are new by construction.
 */
export class IdentityResolver {
  readonly #store: FrameStore;
  readonly #newestMs: Map<DeviceKey, number>;

  private constructor(store: FrameStore, newestMs: Map<DeviceKey, number>) {
    this.#store = store;
    this.#newestMs = newestMs;
  }

  /** Reads each device's newest instant from the store. */
  static async open(store: FrameStore): Promise<IdentityResolver> {
    const latest = await store.latest();
    return new IdentityResolver(store, new Map(latest.map((frame) => [frame.device, frame.timeMs])));
  }

  /** Resolves frames in journal order. @param batches as journaled, oldest first */
  async resolve(batches: readonly FrameBatch[]): Promise<Resolved> {
    const write = new FrameBatchBuilder();
    const behind: PlacedFrame[] = [];
    const fresh = new Map<DeviceKey, number>();
    for (const [b, batch] of batches.entries()) {
      for (let i = 0; i < batch.size; i++) {
        const device = batch.devices[batch.deviceIx[i]!]!;
        const timeMs = batch.timeMs[i]!;
        if (timeMs > (this.#newestMs.get(device) ?? Number.NEGATIVE_INFINITY)) {
          if (!fresh.has(device)) fresh.set(device, timeMs);
          this.#newestMs.set(device, timeMs);
          write.addFrom(batch, i);
        } else {
          behind.push({ frame: frameAt(batch, i), at: { batch: b, index: i } });
        }
      }
    }
    if (behind.length === 0) {
      const repeated = new FrameBatchBuilder().take();
      return { write: write.take(), conflicts: [], repeats: 0, repeated, late: new Map() };
    }
    return this.#resolveBehind(write.take(), behind, fresh);
  }

  async #resolveBehind(
    forward: FrameBatch,
    behind: readonly PlacedFrame[],
    fresh: ReadonlyMap<DeviceKey, number>,
  ): Promise<Resolved> {
    const devices = new Set(behind.map(({ frame }) => frame.device));
    const known = await this.#stored(behind.map(({ frame }) => frame));
    const write = new FrameBatchBuilder();
    // Frames of this very cycle count as stored for those that follow them.
    for (let i = 0; i < forward.size; i++) {
      if (devices.has(forward.devices[forward.deviceIx[i]!]!)) {
        const frame = frameAt(forward, i);
        known.set(identity(frame), frame);
      } else {
        write.addFrom(forward, i);
      }
    }
    const changed = new Map<string, Frame>();
    for (const [id, frame] of known) {
      if (isOfThisCycle(frame, fresh)) changed.set(id, frame);
    }
    const conflicts: Conflict[] = [];
    const late = new Map<DeviceKey, Interval>();
    const repeated = new Map<string, Frame>();
    let repeats = 0;
    for (const { frame, at } of behind) {
      const id = identity(frame);
      const kept = known.get(id);
      const merged = kept ? merge(kept, frame) : frame;
      if ('channel' in merged) {
        conflicts.push({ ...merged, at });
      } else if (merged === kept) {
        repeats++;
        repeated.set(id, kept);
      } else {
        known.set(id, merged);
        changed.set(id, merged);
        widen(late, frame);
      }
    }
    for (const frame of changed.values()) write.addFrame(frame);
    const stored = new FrameBatchBuilder();
    for (const [id, frame] of repeated) if (!changed.has(id)) stored.addFrame(frame);
    return { write: write.take(), conflicts, repeats, repeated: stored.take(), late };
  }

  /** What the store holds at the identities of these frames (and between them). */
  async #stored(frames: readonly Frame[]): Promise<Map<string, Frame>> {
    const wanted = new Set(frames.map(identity));
    const known = new Map<string, Frame>();
    for await (const chunk of this.#store.range(lookUps(frames))) {
      for (const frame of framesOfChunk(chunk)) {
        const id = identity(frame);
        if (wanted.has(id)) known.set(id, frame);
      }
    }
    return known;
  }
}

const identity = (frame: Frame): string => `${frame.device} ${frame.timeMs}`;

function isOfThisCycle(frame: Frame, fresh: ReadonlyMap<DeviceKey, number>): boolean {
  const fromMs = fresh.get(frame.device);
  return fromMs !== undefined && frame.timeMs >= fromMs;
}

function widen(late: Map<DeviceKey, Interval>, { device, timeMs }: Frame): void {
  const { fromMs, toMs } = late.get(device) ?? { fromMs: timeMs, toMs: 0 };
  late.set(device, { fromMs: Math.min(fromMs, timeMs), toMs: Math.max(toMs, timeMs + 1) });
}

/** Merges two frames of one identity: the kept one itself when nothing is new, a conflict when a value differs. */
function merge(kept: Frame, frame: Frame): Frame | Omit<Conflict, 'at'> {
  const values = new Map<string, number>();
  kept.layout.channels.forEach((channel, c) => {
    values.set(channel, kept.values[c]!);
  });
  let news = false;
  for (let c = 0; c < frame.layout.channels.length; c++) {
    const channel = frame.layout.channels[c]!;
    const value = values.get(channel);
    if (value === undefined) {
      values.set(channel, frame.values[c]!);
      news = true;
    } else if (value !== frame.values[c]) {
      return { frame, channel, kept: value };
    }
  }
  if (!news && (kept.seq !== null || frame.seq === null)) return kept;
  const layout = internLayout([...values.keys()]);
  return {
    device: kept.device,
    timeMs: kept.timeMs,
    seq: kept.seq ?? frame.seq,
    layout,
    values: layout.channels.map((channel) => values.get(channel)!),
  };
}

/** Few slices that cover the instants: neighbouring ones share a read. */
function lookUps(frames: readonly Frame[]): Slice[] {
  const times = new Map<DeviceKey, number[]>();
  for (const frame of frames) {
    const list = times.get(frame.device);
    if (list) list.push(frame.timeMs);
    else times.set(frame.device, [frame.timeMs]);
  }
  const slices: Slice[] = [];
  for (const [device, list] of times) {
    list.sort((a, b) => a - b);
    let fromMs = list[0]!;
    let toMs = fromMs + 1;
    for (const timeMs of list) {
      if (timeMs - toMs > LOOKUP_JOIN_MS) {
        slices.push({ device, fromMs, toMs });
        fromMs = timeMs;
      }
      toMs = timeMs + 1;
    }
    slices.push({ device, fromMs, toMs });
  }
  return slices;
}
