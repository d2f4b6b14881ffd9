import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell, KEPT } from '../spell.ts';
import { lasting } from './params.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BUCKETS = 12;

const params = z
  .strictObject({
    // EN 12830: 15 min on journeys of 1 to 7 days.
    intervalMs: lasting('the longest time between two readings, ms', 15 * MINUTE_MS, 1000),
    share: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.9)
      .describe('the least share of the readings so expected that must be there; 1 for all'),
    windowMs: lasting('over how long the share is taken, in twelve buckets, ms', 6 * HOUR_MS),
  })
  .refine((p) => p.windowMs >= BUCKETS * p.intervalMs, { error: 'windowMs must be at least twelve times intervalMs' });

/** What is kept: the first and the last reading's time; then, for each bucket, the time that readings speak for, ms. */
const FIRST_MS = KEPT;
const LAST_MS = KEPT + 1;
const BUCKETS_AT = KEPT + 2;

/**
 * A reading speaks for intervalMs after it, or up to the next one: the share of a window so spoken for is that of the
 * readings which are there, of those expected. Late by seconds costs seconds, so that a clock which trembles is no
 * breach; a reading left out costs intervalMs.
 */
export const recording: Rule<typeof params> = {
  name: 'recording',
  stratum: 'condition',
  about: 'device',
  unit: 'min',
  doc:
    'Recorded too seldom: raised when, of the readings that one every intervalMs would have given over windowMs, less ' +
    'than `share` are there; readings of a sick sensor are not. Its limit and peak are the mean time between readings. ' +
    'Cleared when half of what was allowed to be missing is there again. A silence that goes on is that of `no-data`.',
  params,
  bind: ({ intervalMs, share, windowMs }, { maxGapMs }) => {
    const bucketMs = windowMs / BUCKETS;
    const intervalMin = intervalMs / MINUTE_MS;
    const clearShare = share + (1 - share) / 2;
    return {
      limit: intervalMin / share,
      keeps: 2 + BUCKETS,
      // A sick sensor records nothing: that does not end it.
      lasting: true,
      step(m, at, reading) {
        const { timeMs } = reading;
        const beforeMs = m[at + LAST_MS]!;
        m[at + LAST_MS] = timeMs;
        if (beforeMs === 0) {
          m[at + FIRST_MS] = timeMs;
          return null;
        }
        const newest = Math.floor(timeMs / bucketMs);
        const spokenUntilMs = Math.min(timeMs, beforeMs + intervalMs);
        forget(m, at + BUCKETS_AT, Math.floor(beforeMs / bucketMs), newest);
        speakFor(m, at + BUCKETS_AT, beforeMs, spokenUntilMs, bucketMs, newest);
        const fromMs = Math.max(m[at + FIRST_MS]!, (newest - BUCKETS + 1) * bucketMs);
        const there = spokenFor(m, at + BUCKETS_AT) / (timeMs - fromMs);
        const full = timeMs - m[at + FIRST_MS]! >= windowMs - bucketMs;
        // After a silence longer than the window none of it is spoken for.
        const meanMin = Math.min(intervalMin / there, windowMs / MINUTE_MS);
        return advanceSpell(m, at, reading, full && there < share, there >= clearShare, meanMin, 1, 0, maxGapMs);
      },
    };
  },
};

/** Empties the buckets that newer ones take the place of. */
function forget(m: Float64Array, bucketsAt: number, last: number, newest: number): void {
  for (let bucket = Math.max(last + 1, newest - BUCKETS + 1); bucket <= newest; bucket++) {
    m[bucketsAt + (bucket % BUCKETS)] = 0;
  }
}

/** Puts a stretch, which is not longer than a bucket, into its one or two buckets; what the window has left is gone. */
function speakFor(
  m: Float64Array,
  bucketsAt: number,
  fromMs: number,
  toMs: number,
  bucketMs: number,
  newest: number,
): void {
  const first = Math.floor(fromMs / bucketMs);
  const borderMs = Math.min(toMs, (first + 1) * bucketMs);
  if (first > newest - BUCKETS) m[bucketsAt + (first % BUCKETS)]! += borderMs - fromMs;
  if (first + 1 > newest - BUCKETS && toMs > borderMs) m[bucketsAt + ((first + 1) % BUCKETS)]! += toMs - borderMs;
}

function spokenFor(m: Float64Array, bucketsAt: number): number {
  let sumMs = 0;
  for (let b = bucketsAt; b < bucketsAt + BUCKETS; b++) sumMs += m[b]!;
  return sumMs;
}
