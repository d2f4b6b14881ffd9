import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell } from '../spell.ts';
import { HALF_WINDOWS_KEEP, risePerMs } from './half-windows.ts';
import { difference, dwell, lasting } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  limitPerHourC: difference('the quickest normal rise, °C an hour', 2),
  windowMs: lasting('over how long the rise is measured: between half of it and all of it, ms', HOUR_MS, 60_000),
  dwellMs: dwell(),
});

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
    keeps: HALF_WINDOWS_KEEP,
    step(m, at, reading) {
      const perHourC = risePerMs(m, at, reading.timeMs, reading.value, windowMs, maxGapMs) * HOUR_MS;
      if (Number.isNaN(perHourC)) return null;
      const beyond = perHourC > limitPerHourC;
      return advanceSpell(m, at, reading, beyond, perHourC <= limitPerHourC / 2, perHourC, 1, dwellMs, maxGapMs);
    },
  }),
};
