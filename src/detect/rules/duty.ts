import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { MEAN_KEEPS, meanAbove } from './mean-above.ts';
import { dwell, lasting } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  limit: z.number().min(0).max(1).default(0.85).describe('the share of time for which it may be on'),
  meanMs: lasting('over how long that share is averaged, ms', 6 * HOUR_MS),
  dwellMs: dwell(6 * HOUR_MS),
});

export const duty: Rule<typeof params> = {
  name: 'duty',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'A unit at the end of its power: raised when a channel that tells whether it is on (0 or 1) was on for more than limit ' +
    'of the time, on the mean of meanMs, for dwellMs. Cleared when it is no longer.',
  params,
  bind: (p, context) => {
    const shareAbove = meanAbove(p, context);
    return {
      limit: p.limit,
      keeps: MEAN_KEEPS,
      step: (m, at, reading) => shareAbove(m, at, reading, reading.value),
    };
  },
};
