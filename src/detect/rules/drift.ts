import { z } from 'zod';
import { type Reading, type Rule, SENSOR_SICK } from '../rule.ts';
import { advanceSpell } from '../spell.ts';
import { difference, dwell, lasting } from './params.ts';

const params = z.strictObject({
  awayC: difference('how far it must have moved away from all that surrounds it, °C', 1.5),
  atLeastMs: lasting('in how much time at least: what is quicker is no drift, other fruit was loaded, ms', 90 * 60_000),
  dwellMs: dwell(3_600_000),
});

/**
 * Kept: on which side of its surroundings it is (1 above, −1 below), the value nearest to them since it left them, and its time.
 *
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
    step(memory, reading) {
      const { timeMs, value } = reading;
      const side = sideOf(reading);
      if (Number.isNaN(side)) {
        // Nothing to compare with: no news. A sick sensor stays sick.
        if (memory.spell?.raisedMs != null) reading.verdict = SENSOR_SICK;
        return null;
      }
      const { kept } = memory;
      if (side === 0) memory.kept = [];
      else if (kept[0] !== side || side * (value - kept[1]!) < 0) memory.kept = [side, value, timeMs];
      else if (memory.spell === null && side * (value - kept[1]!) > awayC && timeMs - kept[2]! < atLeastMs) {
        memory.kept = [side, value, timeMs];
      }
      const away = side === 0 ? 0 : side * (value - memory.kept[1]!);
      const ended = advanceSpell(memory, reading, away > awayC, side === 0, away, 1, dwellMs, maxGapMs);
      if (memory.spell?.raisedMs != null) reading.verdict = SENSOR_SICK;
      return ended;
    },
  }),
};

/** 1 above all that surrounds it, −1 below, 0 among them; NaN where nothing does. */
function sideOf({ value, lowBeside, highBeside }: Reading): number {
  if (Number.isNaN(lowBeside)) return Number.NaN;
  return value > highBeside ? 1 : value < lowBeside ? -1 : 0;
}
