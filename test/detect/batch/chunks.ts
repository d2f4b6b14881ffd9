import type { Frame, FrameChunk } from '../../../src/contract/frame.ts';

/** Frames of one device as chunks, each of frames with one layout; in their order. */
export function chunkOfFrames(frames: readonly Frame[]): FrameChunk[] {
  return frames.map(({ device, timeMs, layout, values }) => ({
    device,
    layout,
    size: 1,
    timeMs: Float64Array.of(timeMs),
    seq: Float64Array.of(Number.NaN),
    values: Float64Array.from(values),
  }));
}
