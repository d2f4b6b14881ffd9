import type { Interval } from '../../src/contract/words.ts';

/** Lists of intervals, as doors, outages and gaps in coverage are kept: ascending and apart. */

/** One list of all: those that overlap or touch become one. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const out: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of [...intervals].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = out.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else out.push({ fromMs, toMs });
  }
  return out;
}

/** What of them lies within another interval. */
export function clipped(intervals: readonly Interval[], within: Interval): Interval[] {
  const out: Interval[] = [];
  for (const interval of intervals) {
    if (!overlap(interval, within)) continue;
    const fromMs = Math.max(interval.fromMs, within.fromMs);
    out.push({ fromMs, toMs: Math.min(interval.toMs, within.toMs) });
  }
  return out;
}

export const overlap = (a: Interval, b: Interval): boolean => a.fromMs < b.toMs && b.fromMs < a.toMs;
