import type { Plan } from './types.ts';

/**
 * How much of a plan's work is done at an instant, 0 to 1: assets on duty are what a run spends its time on, and a
 * harvest has many times more of them in its middle than at its ends.
 */
export function workShare({ assets, startMs, endMs }: Plan, timeMs: number): number {
  let doneMs = 0;
  let allMs = 0;
  for (const { duties } of assets) {
    for (const { fromMs, toMs } of duties) {
      allMs += toMs - fromMs;
      if (fromMs < timeMs) doneMs += Math.min(toMs, timeMs) - fromMs;
    }
  }
  return allMs > 0 ? doneMs / allMs : timeShare(startMs, endMs, timeMs);
}

/** How much of a span of time is over, 0 to 1. */
export function timeShare(startMs: number, endMs: number, timeMs: number): number {
  return endMs > startMs ? (timeMs - startMs) / (endMs - startMs) : 1;
}
