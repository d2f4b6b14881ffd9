import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell } from '../spell.ts';
import { difference, dwell, lasting } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  limitPerHourC: difference('the quickest normal rise, °C an hour', 2),
  windowMs: lasting('over how long the rise is measured: between half of it and all of it, ms', HOUR_MS, 60_000),
  dwellMs: dwell(),
});

/** Kept: time and value of an older and a newer reading, half a window apart. */
export const rate: Rule<typeof params> = {
  name: 'rate',
  stratum: 'condition',
  unit: 'K/h',
  doc:
    'Warming too fast: raised when the rise over the last windowMs, as °C an hour, was above limitPerHourC for dwellMs. ' +
    'Cleared by the first reading whose rise is at or below half of the limit. An evidence gap starts the window again.',
  params,
  bind: ({ limitPerHourC, windowMs, dwellMs }, { maxGapMs }) => ({
    limit: limitPerHourC,
    step(memory, reading) {
      const { timeMs, value } = reading;
      const [olderMs, older, newerMs, newer, lastMs] = memory.kept as [number?, number?, number?, number?, number?];
      if (olderMs === undefined || timeMs - lastMs! > maxGapMs) {
        memory.kept = [timeMs, value, timeMs, value, timeMs];
        if (memory.spell?.raisedMs == null) memory.spell = null;
        return null;
      }
      memory.kept[4] = timeMs;
      const spanMs = timeMs - olderMs;
      if (timeMs - newerMs! >= windowMs / 2) memory.kept = [newerMs!, newer!, timeMs, value, timeMs];
      if (spanMs < windowMs / 2) return null;
      const perHourC = ((value - older!) * HOUR_MS) / spanMs;
      const beyond = perHourC > limitPerHourC;
      return advanceSpell(memory, reading, beyond, perHourC <= limitPerHourC / 2, perHourC, 1, dwellMs, maxGapMs);
    },
  }),
};
