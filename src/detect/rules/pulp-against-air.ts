import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell } from '../spell.ts';
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
    .describe('how long it is watched, ms'),
  dwellMs: dwell(HOUR_MS),
});

/** Kept: time and value of an older and a newer reading, half of watchMs apart, and the last time. */
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
    step(memory, reading) {
      const { timeMs, value, highBeside } = reading;
      const k = memory.kept;
      const above = value - highBeside > limitC;
      if (!above) {
        memory.kept = [];
        return advanceSpell(memory, reading, false, true, 0, 1, dwellMs, maxGapMs);
      }
      if (k.length === 0 || timeMs - k[4]! > maxGapMs) {
        memory.kept = [timeMs, value, timeMs, value, timeMs];
        return null;
      }
      k[4] = timeMs;
      const sinceMs = timeMs - k[0]!;
      const fallsEnough = (k[1]! - value) * watchMs >= fallC * sinceMs;
      if (timeMs - k[2]! >= watchMs / 2) memory.kept = [k[2]!, k[3]!, timeMs, value, timeMs];
      if (sinceMs < watchMs / 2) return null;
      return advanceSpell(memory, reading, !fallsEnough, fallsEnough, value - highBeside, 1, dwellMs, maxGapMs);
    },
  }),
};
