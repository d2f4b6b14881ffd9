import { z } from 'zod';
import { type Reading, type Rule, SENSOR_SICK } from '../rule.ts';
import { advanceSpell, endSpell, inSpell, isRaised, KEPT } from '../spell.ts';
import { difference, dwell, lasting } from './params.ts';

const params = z.strictObject({
  awayC: difference('how far it must have moved away from all that surrounds it, °C', 1.5),
  atLeastMs: lasting('in how much time at least: what is quicker is no drift, other fruit was loaded, ms', 90 * 60_000),
  dwellMs: dwell(3_600_000),
});

/** What is kept: the side of its surroundings that it is on (1 above, −1 below), and the value nearest to them there. */
const SIDE = KEPT;
const NEAREST = KEPT + 1;
const SINCE_MS = KEPT + 2;

/**
 * Fruit changes its temperature only towards what surrounds it. One that warms although siblings and all air are
 * colder, or cools although they are warmer, is no fruit but a drifting sensor. A mere distance to the siblings says
 * nothing: the rear of a load lags the front by degrees while it is pulled down. Its own respiration warms a prune by
 * 0.015 °C an hour at 5 °C and 0.05 at 20 °C (domain.md's W/t over 3.7 kJ/kg·K), far less than awayC in a trip.
 */
export const drift: Rule<typeof params> = {
  name: 'drift',
  stratum: 'sensor',
  unit: 'difference',
  beside: 'surroundings',
  doc:
    'A drifting sensor: raised when a channel had moved awayC further away from everything around it (its siblings and ' +
    'the air), upwards while above all of them or downwards while below, in no less than atLeastMs, for dwellMs. Rules for temperature then no ' +
    'longer see it. Cleared when it is among them again.',
  params,
  bind: ({ awayC, atLeastMs, dwellMs }, { maxGapMs }) => ({
    limit: awayC,
    keeps: 3,
    step(m, at, reading) {
      const { timeMs, value } = reading;
      const side = sideOf(reading);
      if (Number.isNaN(side)) {
        // Nothing to compare with: no news. A sick sensor stays sick.
        if (isRaised(m, at)) reading.verdict = SENSOR_SICK;
        return null;
      }
      if (side === 0) {
        if (m[at + SIDE] !== 0) m.fill(0, at + KEPT, at + KEPT + 3);
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
function sideOf(reading: Reading): number {
  reading.lookBeside();
  const { value, lowBeside, highBeside } = reading;
  if (Number.isNaN(lowBeside)) return Number.NaN;
  return value > highBeside ? 1 : value < lowBeside ? -1 : 0;
}
