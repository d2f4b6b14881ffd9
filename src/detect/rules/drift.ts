import { z } from 'zod';
import { type Reading, type Rule, SENSOR_SICK } from '../rule.ts';
import { advanceSpell, endSpell, inSpell, isRaised, KEPT } from '../spell.ts';
import { difference, dwell, lasting } from './params.ts';
import { takeIntoMean } from './running-mean.ts';

const params = z.strictObject({
  awayC: difference('how far it must have moved away from all that surrounds it, °C', 1.5),
  atLeastMs: lasting('in how much time at least: what is quicker is no drift, other fruit was loaded, ms', 90 * 60_000),
  meanMs: lasting('over how long what surrounds it is averaged, ms', 2 * 3_600_000),
  dwellMs: dwell(3_600_000),
});

/** What is kept: the side of its surroundings that it is on (1 above, −1 below), and the value nearest to them there. */
const SIDE = KEPT;
const NEAREST = KEPT + 1;
const SINCE_MS = KEPT + 2;
const SIDE_SIZE = 3;
/** And the means of the lowest and the highest beside it, and when they were brought up to date. */
const LOW_C = KEPT + SIDE_SIZE;
const HIGH_C = LOW_C + 1;
const MEAN_MS = LOW_C + 2;

/**
 * Fruit changes its temperature only towards what surrounds it. One that warms although siblings and all air are
 * colder, or cools although they are warmer, is no fruit but a drifting sensor. A mere distance to the siblings says
 * nothing: the rear of a load lags the front by degrees while it is pulled down. Its own respiration warms a prune by
 * 0.015 °C an hour at 5 °C and 0.05 at 20 °C (domain.md's W/t over 3.7 kJ/kg·K), far less than awayC in a trip.
 * What surrounds it counts by its mean: fruit does not follow an on-off unit's air, which swings by 8 °C in minutes.
 */
export const drift: Rule<typeof params> = {
  name: 'drift',
  stratum: 'sensor',
  unit: 'difference',
  beside: 'surroundings',
  doc:
    'A drifting sensor: raised when a channel had moved awayC further away from everything around it (its siblings and ' +
    'the air, on the mean of meanMs), upwards while above all of them or downwards while below, in no less than atLeastMs, for dwellMs. Rules for temperature then no ' +
    'longer see it. Cleared when it is among them again.',
  params,
  bind: ({ awayC, atLeastMs, meanMs, dwellMs }, { maxGapMs }) => ({
    limit: awayC,
    keeps: SIDE_SIZE + 3,
    step(m, at, reading) {
      const { timeMs, value } = reading;
      const side = sideOf(m, at, reading, meanMs);
      if (Number.isNaN(side)) {
        // Nothing to compare with: no news. A sick sensor stays sick.
        if (isRaised(m, at)) reading.verdict = SENSOR_SICK;
        return null;
      }
      if (side === 0) {
        if (m[at + SIDE] !== 0) m.fill(0, at + KEPT, at + KEPT + SIDE_SIZE);
        return endSpell(m, at);
      }
      const movedC = side * (value - m[at + NEAREST]!);
      const tooQuick = !inSpell(m, at) && movedC > awayC && timeMs - m[at + SINCE_MS]! < atLeastMs;
      if (m[at + SIDE] !== side || movedC < 0 || tooQuick) {
        m[at + SIDE] = side;
        m[at + NEAREST] = value;
        m[at + SINCE_MS] = timeMs;
      }
      const awayNowC = side * (value - m[at + NEAREST]!);
      const ended = advanceSpell(m, at, reading, awayNowC > awayC, false, awayNowC, 1, dwellMs, maxGapMs);
      if (isRaised(m, at)) reading.verdict = SENSOR_SICK;
      return ended;
    },
  }),
};

/** 1 above all that surrounds it, −1 below, 0 among them; NaN where nothing does. */
function sideOf(m: Float64Array, at: number, reading: Reading, meanMs: number): number {
  reading.lookBeside();
  const { timeMs, value, lowBeside, highBeside } = reading;
  if (Number.isNaN(lowBeside)) return Number.NaN;
  const beforeMs = m[at + MEAN_MS]!;
  takeIntoMean(m, at + LOW_C, lowBeside, beforeMs, timeMs, meanMs);
  takeIntoMean(m, at + HIGH_C, highBeside, beforeMs, timeMs, meanMs);
  m[at + MEAN_MS] = timeMs;
  return value > m[at + HIGH_C]! ? 1 : value < m[at + LOW_C]! ? -1 : 0;
}
