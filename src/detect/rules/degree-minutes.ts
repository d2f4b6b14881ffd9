import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { cumulativeRule } from './cumulative.ts';
import { level } from './params.ts';

const MINUTE_MS = 60_000;

const params = z.strictObject({
  limitC: level('only what lies above counts, °C'),
  budgetCMin: z.number().min(0).max(1_000_000).default(600).describe('how much is borne in all, °C × minutes'),
});

export const degreeMinutes: Rule<typeof params> = {
  name: 'degree-minutes',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Too much warmth in all: raised when the area above limitC (readings joined by straight lines, each cut at the ' +
    'limit) adds up to budgetCMin while a batch is held. Ends with the custody.',
  params,
  bind: ({ limitC, budgetCMin }, { maxGapMs }) =>
    cumulativeRule(
      limitC,
      budgetCMin * MINUTE_MS,
      maxGapMs,
      (before, now, spanMs) => ((Math.max(0, before - limitC) + Math.max(0, now - limitC)) / 2) * spanMs,
      (a, b) => a > b,
    ),
};
