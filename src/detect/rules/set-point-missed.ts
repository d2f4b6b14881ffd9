import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell, inSpell, KEPT } from '../spell.ts';
import { difference, dwell, lasting } from './params.ts';
import { takeIntoEvenMean } from './running-mean.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  awayC: difference('how much warmer than the set-point even the coldest of its air must be, °C', 1),
  meanMs: lasting('over how long that air is averaged: on-off units swing, and are thawed, ms', 2 * HOUR_MS),
  dwellMs: dwell(3 * HOUR_MS),
});

/** What is kept: the mean of the coldest air less the set-point. */
const MEAN_C = KEPT;

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
  bind: ({ awayC, meanMs, dwellMs }, { maxGapMs }) => ({
    limit: awayC,
    keeps: 3,
    step(m, at, reading) {
      reading.lookBeside();
      const { timeMs, value, lowBeside, explained } = reading;
      // With the door open, or while it is thawed, no unit does.
      if (Number.isNaN(lowBeside) || explained) return null;
      const overC = takeIntoEvenMean(m, at + MEAN_C, lowBeside - value, timeMs, meanMs);
      if (overC <= awayC && !inSpell(m, at)) return null;
      return advanceSpell(m, at, reading, overC > awayC, overC <= awayC, overC, 1, dwellMs, maxGapMs);
    },
  }),
};
