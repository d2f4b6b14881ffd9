import { z } from 'zod';
import { type Rule, SENSOR_SICK } from '../rule.ts';
import { isRaised } from '../spell.ts';
import { MEAN_KEEPS, meanAbove } from './mean-above.ts';
import { difference, dwell, lasting } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  awayC: difference('how much warmer than all that surrounds it, °C', 4),
  meanMs: lasting('over how long both are averaged: on-off units swing, and are thawed, ms', 6 * HOUR_MS),
  dwellMs: dwell(3 * HOUR_MS),
});

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
  bind: ({ awayC, meanMs, dwellMs }, context) => {
    const overAbove = meanAbove({ limit: awayC, clearAt: awayC / 2, meanMs, dwellMs }, context);
    return {
      limit: awayC,
      keeps: MEAN_KEEPS,
      step(m, at, reading) {
        reading.lookBeside();
        const { value, highBeside } = reading;
        const ended = Number.isNaN(highBeside) ? null : overAbove(m, at, reading, value - highBeside);
        // One that has ended is over: its reading counts again.
        if (isRaised(m, at)) reading.verdict = SENSOR_SICK;
        return ended;
      },
    };
  },
};
