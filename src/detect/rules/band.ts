import type { BoundRule, RuleContext } from '../rule.ts';
import { advanceSpell, clearingLine, inSpell } from '../spell.ts';

/** A stretch of values that a channel should stay in; both ends belong to it. */
export interface Band {
  readonly low: number;
  readonly high: number;
  /** How far back inside a value must come to end an excursion. */
  readonly hysteresis?: number;
  readonly dwellMs: number;
}

/** One rule with a limit on either side: a spell lasts while values lie beyond one or the other. */
export function bandRule({ low, high, hysteresis = 0, dwellMs }: Band, { maxGapMs }: RuleContext): BoundRule {
  const clearLow = hysteresis === 0 ? low : clearingLine(low, hysteresis, -1);
  const clearHigh = hysteresis === 0 ? high : clearingLine(high, hysteresis, 1);
  // A value on its way back has not passed the other limit: it is measured against the one that it is nearer to.
  const middle = (low + high) / 2;
  return {
    limit: high,
    limitFor: (peak) => (peak < low ? low : high),
    keeps: 0,
    step(m, at, reading) {
      const { value } = reading;
      const beyond = value < low || value > high;
      if (!beyond && !inSpell(m, at)) return null;
      const inside = value >= clearLow && value <= clearHigh;
      return advanceSpell(m, at, reading, beyond, inside, value, value > middle ? 1 : -1, dwellMs, maxGapMs);
    },
  };
}
