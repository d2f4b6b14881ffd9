import { z } from 'zod';
import type { BoundRule, RuleContext } from '../rule.ts';
import { advanceSpell } from '../spell.ts';
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
    step(memory, reading) {
      const { timeMs, value } = reading;
      const on = value > 0.5;
      const { spell } = memory;
      if (!on && spell === null) return null;
      // For how long: told when it is raised and when it ends, not at each reading between.
      const lastedMin = spell === null ? 0 : (timeMs - spell.startMs) / MINUTE_MS;
      const worst = on && spell?.raisedMs != null ? spell.peak : lastedMin;
      const ended = advanceSpell(memory, reading, on, !on, worst, 1, longestMs, maxGapMs);
      if (ended !== null) Object.assign(ended, { peak: lastedMin, peakMs: timeMs });
      // While it is on and not yet too long; and, where it never was too long, until the air has settled.
      if (on && memory.spell?.raisedMs == null) reading.explainedUntilMs = timeMs + settlingMs;
      else if (!on && spell?.raisedMs == null) reading.explainedUntilMs = timeMs + settlingMs;
      return ended;
    },
  };
}
