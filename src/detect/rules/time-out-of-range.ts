import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { cumulativeRule } from './cumulative.ts';
import { lasting, level } from './params.ts';

const params = z
  .strictObject({
    lowC: level('the lowest normal value, °C').default(-60),
    highC: level('the highest normal value, °C').default(100),
    budgetMs: lasting('how much time outside is borne, in all, ms', 4 * 3_600_000),
  })
  .refine((p) => p.lowC < p.highC, { error: 'lowC must lie below highC' });

export const timeOutOfRange: Rule<typeof params> = {
  name: 'time-out-of-range',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Out of range for too long in all: raised when the times between readings below lowC or above highC add up to ' +
    'budgetMs while a batch is held. Ends with the custody: coming back does not undo it.',
  params,
  bind: ({ lowC, highC, budgetMs }, { maxGapMs }) => {
    const out = (value: number) => value < lowC || value > highC;
    const farC = (value: number) => Math.max(lowC - value, value - highC);
    return cumulativeRule(
      highC < 100 ? highC : lowC,
      budgetMs,
      maxGapMs,
      (before, now, spanMs) => (out(before) && out(now) ? spanMs : 0),
      (a, b) => farC(a) > farC(b),
    );
  },
};
