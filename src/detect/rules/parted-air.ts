import { z } from 'zod';
import { type Rule, SENSOR_SICK } from '../rule.ts';
import { advanceSpell, inSpell, isRaised, KEPT } from '../spell.ts';
import { difference, dwell, lasting } from './params.ts';
import { takeIntoEvenMean } from './running-mean.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  awayC: difference('how much warmer than all that surrounds it, °C', 4),
  meanMs: lasting('over how long both are averaged: on-off units swing, and are thawed, ms', 6 * HOUR_MS),
  dwellMs: dwell(3 * HOUR_MS),
});

/** What is kept: the mean of the value less the highest beside it. */
const OVER_C = KEPT;

/**
 * All air in a closed space is either blown in or has passed the fruit. Where for hours it is much warmer than either,
 * while the fruit that it passes stays as cold as it is, there is no such air: a unit that fails warms what it blows in
 * as well, and an open door warms the fruit within hours.
 */
export const partedAir: Rule<typeof params> = {
  name: 'parted-air',
  stratum: 'sensor',
  unit: 'difference',
  beside: 'surroundings',
  doc:
    'An air sensor that drifts up: raised when a channel was on the mean of meanMs awayC warmer than the warmest of all ' +
    'fruit and all other air, for dwellMs. Rules for temperature then no longer see it. Cleared at half of that.',
  params,
  bind: ({ awayC, meanMs, dwellMs }, { maxGapMs }) => ({
    limit: awayC,
    keeps: 3,
    step(m, at, reading) {
      reading.lookBeside();
      const { timeMs, value, highBeside } = reading;
      if (!Number.isNaN(highBeside)) {
        const overC = takeIntoEvenMean(m, at + OVER_C, value - highBeside, timeMs, meanMs);
        if (overC <= awayC && !inSpell(m, at)) return null;
        const ended = advanceSpell(m, at, reading, overC > awayC, overC <= awayC / 2, overC, 1, dwellMs, maxGapMs);
        if (ended !== null) return ended;
      }
      if (isRaised(m, at)) reading.verdict = SENSOR_SICK;
      return null;
    },
  }),
};
