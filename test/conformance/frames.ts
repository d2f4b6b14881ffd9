import { type Frame, type FrameBatch, type FrameChunk, framesOfChunk, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import type { FrameStore, Slice } from '../../src/store/frames/store.ts';

/** A frame from its channels by name. @param seq null where the device sends none */
export function frame(
  device: string,
  timeMs: number,
  channels: Readonly<Record<string, number>>,
  seq: number | null = null,
): Frame {
  const layout = internLayout(Object.keys(channels));
  return { device, timeMs, seq, layout, values: layout.channels.map((channel) => channels[channel]!) };
}

export function batchOf(frames: Iterable<Frame>): FrameBatch {
  const builder = new FrameBatchBuilder();
  for (const f of frames) builder.addFrame(f);
  return builder.take();
}

/** A frame as a plain value that `toEqual` compares bit for bit (it tells 0 from −0) and prints readably. */
export interface PlainFrame {
  readonly device: string;
  readonly timeMs: number;
  readonly seq: number | null;
  readonly channels: Readonly<Record<string, number>>;
}

export function plain({ device, timeMs, seq, layout, values }: Frame): PlainFrame {
  return {
    device,
    timeMs,
    seq,
    channels: Object.fromEntries(layout.channels.map((channel, c) => [channel, values[c]!])),
  };
}

export async function chunksOf(
  store: FrameStore,
  slices: readonly Slice[],
  channels?: readonly string[],
): Promise<FrameChunk[]> {
  const chunks: FrameChunk[] = [];
  for await (const chunk of store.range(slices, channels)) chunks.push(chunk);
  return chunks;
}

/** What `range` yields, as plain frames in its order. */
export async function rangeOf(
  store: FrameStore,
  slices: readonly Slice[],
  channels?: readonly string[],
): Promise<PlainFrame[]> {
  return (await chunksOf(store, slices, channels)).flatMap((chunk) => [...framesOfChunk(chunk)].map(plain));
}

/** The slice that holds all of a device. */
export const allOf = (device: string): Slice => ({ device, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
