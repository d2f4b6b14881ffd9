import type { FrameChunk } from '../../contract/frame.ts';
import type { FrameStore, Slice } from './store.ts';

/**
 * Reads slices in one pass over the store, and tells which slice each chunk lies in: the store gives them slice by
 * slice in the order asked.
 * @param slices of which no two overlap
 * @param channels undefined for all; where there are none, nothing is read
 */
export async function* readSlices(
  frames: Pick<FrameStore, 'range'>,
  slices: readonly Slice[],
  channels: readonly string[] | undefined,
): AsyncGenerator<{ readonly sliceIx: number; readonly chunk: FrameChunk }> {
  if (slices.length === 0 || channels?.length === 0) return;
  let sliceIx = 0;
  for await (const chunk of frames.range(slices, channels)) {
    if (chunk.size === 0) continue;
    while (!holds(slices[sliceIx]!, chunk)) sliceIx++;
    yield { sliceIx, chunk };
  }
}

function holds(slice: Slice, chunk: FrameChunk): boolean {
  const timeMs = chunk.timeMs[0]!;
  return chunk.device === slice.device && timeMs >= slice.fromMs && timeMs < slice.toMs;
}
