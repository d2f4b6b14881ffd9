import type { Interval } from '../contract/words.ts';

/** The union of intervals: disjoint, ascending, none touching the next. @param lists in any order */
export function unionOf(lists: readonly (readonly Interval[])[]): Interval[] {
  const ascending = lists.flat().sort((a, b) => a.fromMs - b.fromMs);
  const union: Interval[] = [];
  for (const { fromMs, toMs } of ascending) {
    const last = union.at(-1);
    if (last && fromMs <= last.toMs) {
      if (toMs > last.toMs) union[union.length - 1] = { fromMs: last.fromMs, toMs };
    } else {
      union.push({ fromMs, toMs });
    }
  }
  return union;
}

/** What of `whole` the intervals leave out. @param intervals disjoint, ascending and inside `whole` */
export function complementOf(intervals: readonly Interval[], whole: Interval): Interval[] {
  const rest: Interval[] = [];
  let fromMs = whole.fromMs;
  for (const interval of intervals) {
    if (interval.fromMs > fromMs) rest.push({ fromMs, toMs: interval.fromMs });
    fromMs = interval.toMs;
  }
  if (fromMs < whole.toMs) rest.push({ fromMs, toMs: whole.toMs });
  return rest;
}

/** How long disjoint intervals are together, ms. */
export function lengthMs(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, i) => sum + (i.toMs - i.fromMs), 0);
}
