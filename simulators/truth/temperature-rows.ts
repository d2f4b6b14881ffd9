import type { Plan } from '../plan/types.ts';

/** How many true temperatures a run will tell: known beforehand, since it is planned where every batch is and when. */
export function temperatureRows({ moves, blends, batches, startMs, endMs }: Plan, everyMs: number): number {
  const sinceMs = new Float64Array(batches.length).fill(Number.NaN);
  const instants = (timeMs: number) => Math.floor((timeMs - startMs) / everyMs);
  let rows = 0;
  const end = (batchIx: number, timeMs: number) => {
    if (!Number.isNaN(sinceMs[batchIx]!)) rows += instants(timeMs) - instants(sinceMs[batchIx]!);
    sinceMs[batchIx] = Number.NaN;
  };
  let nextBlend = 0;
  const blendUpTo = (timeMs: number) => {
    for (; nextBlend < blends.length && blends[nextBlend]!.timeMs <= timeMs; nextBlend++) {
      const { inputs, outputs, timeMs: blendMs } = blends[nextBlend]!;
      for (const batchIx of inputs) end(batchIx, blendMs);
      for (const batchIx of outputs) sinceMs[batchIx] = blendMs;
    }
  };
  for (const { timeMs, batchIx, fromAssetIx, toAssetIx } of moves) {
    if (timeMs > endMs) break;
    blendUpTo(timeMs);
    if (fromAssetIx === null) sinceMs[batchIx] = timeMs;
    else if (toAssetIx === null) end(batchIx, timeMs);
  }
  blendUpTo(endMs);
  for (const batchIx of batches.keys()) end(batchIx, endMs);
  return rows;
}
