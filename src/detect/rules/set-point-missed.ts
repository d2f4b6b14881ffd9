import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { MEAN_KEEPS, meanAbove } from './mean-above.ts';
import { difference, dwell, lasting } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  awayC: difference('how much warmer than the set-point even the coldest of its air must be, °C', 1),
  meanMs: lasting('over how long that air is averaged: on-off units swing, and are thawed, ms', 2 * HOUR_MS),
  dwellMs: dwell(3 * HOUR_MS),
});

/**
 * A unit that is well blows air colder than its set-point for part of every hour, by day and in the desert. One that
 * does not, on the mean of hours, has nothing left to give: the fruit follows days later, and never gets so warm that a
 * limit is passed, yet what it loses adds up.
 */
export const setPointMissed: Rule<typeof params> = {
  name: 'set-point-missed',
  stratum: 'condition',
  unit: 'difference',
  beside: 'air',
  doc:
    'A unit that does not reach its set-point: raised when even the coldest of its air was, on the mean of meanMs, awayC ' +
    'warmer than the set-point (the channel it watches), for dwellMs. Cleared when it is no longer.',
  params,
  bind: ({ awayC, meanMs, dwellMs }, context) => {
    const overAbove = meanAbove({ limit: awayC, meanMs, dwellMs }, context);
    return {
      limit: awayC,
      keeps: MEAN_KEEPS,
      step(m, at, reading) {
        reading.lookBeside();
        const { value, lowBeside, explained } = reading;
        // With the door open, or while it is thawed, no unit does.
        if (Number.isNaN(lowBeside) || explained) return null;
        return overAbove(m, at, reading, lowBeside - value);
      },
    };
  },
};
