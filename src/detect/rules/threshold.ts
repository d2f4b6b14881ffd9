import { z } from 'zod';
import type { BoundRule, RuleContext } from '../rule.ts';
import { advanceSpell, clearingLine } from '../spell.ts';
import { difference, dwell, level } from './params.ts';

/** Parameters of the threshold rules. */
export const thresholdParams = z.strictObject({
  limitC: level("the last normal value, in the channel's unit (°C); beyond it an excursion starts"),
  hysteresisC: difference('how far back inside the limit a value must come to end the excursion', 0.5),
  dwellMs: dwell(),
});

/**
 * Both threshold rules. Beyond is strictly beyond the limit; back inside is at or within the clearing line.
 * @param sign 1 where too high is wrong, −1 where too low is
 */
export function thresholdRule(
  sign: 1 | -1,
  { limitC, hysteresisC, dwellMs }: z.output<typeof thresholdParams>,
  { maxGapMs }: RuleContext,
): BoundRule {
  const clearC = clearingLine(limitC, hysteresisC, sign);
  return {
    limit: limitC,
    step(memory, reading) {
      const { value } = reading;
      // The usual case, made short: within limits, as before.
      if (memory.spell === null && sign * (value - limitC) <= 0) return null;
      const beyond = sign * (value - limitC) > 0;
      return advanceSpell(memory, reading, beyond, sign * (value - clearC) <= 0, value, sign, dwellMs, maxGapMs);
    },
  };
}
