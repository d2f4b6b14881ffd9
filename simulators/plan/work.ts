import type { Plan } from './types.ts';

/**
 * Tells how much of a plan's work is done at an instant, 0 to 1: assets on duty are what a run spends its time on, and a
 * harvest has many times more of them in its middle than at its ends. Sums are made once: a run asks after every slice.
 */
export function workShareOf({ assets, startMs, endMs }: Plan): (timeMs: number) => number {
  const duties = assets.flatMap((asset) => asset.duties);
  const begun = sumsOf(duties.map(({ fromMs }) => fromMs - startMs));
  const ended = sumsOf(duties.map(({ toMs }) => toMs - startMs));
  // What every duty has lasted: the time since it began, less the time since it ended.
  const doneMs = (timeMs: number) => sinceAll(begun, timeMs - startMs) - sinceAll(ended, timeMs - startMs);
  const allMs = doneMs(endMs);
  return (timeMs) => (allMs > 0 ? doneMs(timeMs) / allMs : timeShare(startMs, endMs, timeMs));
}

/** How much of a span of time is over, 0 to 1. */
export function timeShare(startMs: number, endMs: number, timeMs: number): number {
  return endMs > startMs ? (timeMs - startMs) / (endMs - startMs) : 1;
}

/** Instants ascending, and the sum of all before each of them. */
interface Sums {
  readonly instants: Float64Array;
  readonly before: Float64Array;
}

function sumsOf(instants: readonly number[]): Sums {
  const ascending = Float64Array.from(instants).sort();
  const before = new Float64Array(ascending.length + 1);
  for (const [i, instant] of ascending.entries()) before[i + 1] = before[i]! + instant;
  return { instants: ascending, before };
}

/** The time since each of the instants that are past, together. */
function sinceAll({ instants, before }: Sums, timeMs: number): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instants[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low * timeMs - before[low]!;
}
