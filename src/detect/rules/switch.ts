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
    limit: 0,
    step(memory, reading) {
      const { timeMs, value } = reading;
      const on = value > 0.5;
      const { spell } = memory;
      if (!on && spell === null) return null;
      const ended = advanceSpell(memory, reading, on, !on, value, 1, longestMs, maxGapMs);
      // While it is on and not yet too long; and, where it never was too long, until the air has settled.
      if (on && memory.spell?.raisedMs == null) reading.explainedUntilMs = timeMs + settlingMs;
      else if (!on && spell?.raisedMs == null) reading.explainedUntilMs = timeMs + settlingMs;
      return ended;
    },
  };
}
