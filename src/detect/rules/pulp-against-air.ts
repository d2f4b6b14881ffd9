import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell, endSpell } from '../spell.ts';
import { forgetRise, HALF_WINDOWS_KEEP, risePerMs } from './half-windows.ts';
import { difference, dwell } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  limitC: difference('how far pulp may lie above the warmest air, °C', 3),
  fallC: difference('by how much it must fall within watchMs, or the air does not reach it, °C', 0.5),
  watchMs: z
    .int()
    .min(60_000)
    .max(86_400_000)
    .default(3 * HOUR_MS)
    .meta({ description: 'how long it is watched, ms', looksBack: true }),
  dwellMs: dwell(HOUR_MS),
});

export const pulpAgainstAir: Rule<typeof params> = {
  name: 'pulp-against-air',
  stratum: 'condition',
  unit: 'difference',
  beside: 'air',
  doc:
    'Cold air does not reach the fruit: raised when pulp was more than limitC warmer than the warmest air and fell by ' +
    'less than fallC in watchMs, for dwellMs. Cleared when it falls again or is within limitC.',
  params,
  bind: ({ limitC, fallC, watchMs, dwellMs }, { maxGapMs }) => ({
    limit: limitC,
    keeps: HALF_WINDOWS_KEEP,
    step(m, at, reading) {
      reading.lookBeside();
      const aboveC = reading.value - reading.highBeside;
      if (!(aboveC > limitC)) {
        forgetRise(m, at);
        return endSpell(m, at);
      }
      const rise = risePerMs(m, at, reading.timeMs, reading.value, watchMs, maxGapMs);
      if (Number.isNaN(rise)) return null;
      const fallsEnough = -rise * watchMs >= fallC;
      return advanceSpell(m, at, reading, !fallsEnough, fallsEnough, aboveC, 1, dwellMs, maxGapMs);
    },
  }),
};
