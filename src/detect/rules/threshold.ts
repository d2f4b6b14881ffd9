import { z } from 'zod';
import type { BoundRule, RuleContext } from '../rule.ts';
import { advanceSpell, clearingLine, inSpell } from '../spell.ts';
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
    keeps: 0,
    step(m, at, reading) {
      const { value } = reading;
      const beyond = sign * (value - limitC) > 0;
      // The usual case, made short: within limits, as before.
      if (!beyond && !inSpell(m, at)) return null;
      return advanceSpell(m, at, reading, beyond, sign * (value - clearC) <= 0, value, sign, dwellMs, maxGapMs);
    },
  };
}
