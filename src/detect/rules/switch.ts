import { z } from 'zod';
import type { BoundRule, RuleContext } from '../rule.ts';
import { advanceSpell, inSpell, isRaised, lastedMs, peakOf } from '../spell.ts';
import { lasting } from './params.ts';

const MINUTE_MS = 60_000;

/** Parameters of door and defrost. */
export const switchParams = z.strictObject({
  longestMs: lasting('how long a door may be open for work, ms', 45 * MINUTE_MS),
  settlingMs: lasting('how long the air takes to settle after it was shut, ms', 20 * MINUTE_MS),
});

/** One switch that explains warm air for a while, and that is a breach by itself where it stays on. */
export function switchRule(
  { longestMs, settlingMs }: z.output<typeof switchParams>,
  { maxGapMs }: RuleContext,
): BoundRule {
  return {
    limit: longestMs / MINUTE_MS,
    keeps: 0,
    step(m, at, reading) {
      const { timeMs, value } = reading;
      const on = value > 0.5;
      if (!on && !inSpell(m, at)) return null;
      const wasLong = isRaised(m, at);
      // For how long: told when it is raised and when it ends, not at each reading between.
      const lastedMin = lastedMs(m, at, timeMs) / MINUTE_MS;
      const worst = on && wasLong ? peakOf(m, at) : lastedMin;
      const ended = advanceSpell(m, at, reading, on, !on, worst, 1, longestMs, maxGapMs);
      // While it is on and not yet too long; and, where it never was too long, until the air has settled.
      if (on ? !isRaised(m, at) : !wasLong) reading.explainedUntilMs = timeMs + settlingMs;
      return ended && { ...ended, peak: lastedMin, peakMs: timeMs };
    },
  };
}
