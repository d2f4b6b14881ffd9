import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { KEPT } from '../spell.ts';
import { level } from './params.ts';

const params = z.strictObject({
  limitC: level('the warmest that fruit may be when it goes on, °C'),
});

/** What is kept: the last reading, and when it was read. */
const LAST = KEPT;
const LAST_MS = KEPT + 1;

/**
 * A room that cools fruit shows nothing wrong while it cools: that it was not given the time shows when the fruit
 * goes. In the store that it goes to, its warmth may drown in that of all other fruit.
 */
export const leftWarm: Rule<typeof params> = {
  name: 'left-warm',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Gone on too warm: raised, and over, at the instant at which the last produce left, where the last reading before it ' +
    'was above limitC and no older than an evidence gap.',
  params,
  bind: ({ limitC }, { maxGapMs }) => ({
    limit: limitC,
    keeps: 2,
    step(m, at, { timeMs, value }) {
      m[at + LAST] = value;
      m[at + LAST_MS] = timeMs;
      return null;
    },
    left(m, at, endMs) {
      const readMs = m[at + LAST_MS]!;
      const peak = m[at + LAST]!;
      if (readMs === 0 || endMs - readMs > maxGapMs || peak <= limitC) return null;
      return { startMs: endMs, raisedMs: endMs, peak, peakMs: readMs };
    },
  }),
};
