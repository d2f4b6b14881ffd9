import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { cumulativeRule } from './cumulative.ts';
import { lasting, level } from './params.ts';

const params = z
  .strictObject({
    lowC: level('where the zone begins, °C'),
    highC: level('where the zone ends, °C'),
    worstC: level('where in the zone cold harms most, °C'),
    budgetMs: lasting('how much time in the zone is borne, in all, ms', 14 * 86_400_000),
  })
  .refine((p) => p.lowC <= p.worstC && p.worstC <= p.highC, { error: 'worstC must lie between lowC and highC' });

export const chillingZone: Rule<typeof params> = {
  name: 'chilling-zone',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Chilling injury: raised when the time between lowC and highC adds up to budgetMs while a batch is held. It takes ' +
    'weeks, and colder is better as long as nothing freezes. Ends with the custody.',
  params,
  bind: ({ lowC, highC, worstC, budgetMs }, { maxGapMs }) => {
    const within = (value: number) => value >= lowC && value <= highC;
    return cumulativeRule(
      worstC,
      budgetMs,
      maxGapMs,
      (before, now, spanMs) => (within(before) && within(now) ? spanMs : 0),
      (a, b) => Math.abs(a - worstC) < Math.abs(b - worstC),
    );
  },
};
