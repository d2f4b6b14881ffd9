import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { bandRule } from './band.ts';
import { dwell, percent } from './params.ts';

const params = z
  .strictObject({
    // Kept at 90 to 95 % (USDA Handbook 66); how far off is borne, and for how long, is an ESTIMATE.
    lowPct: percent('below this fruit shrivels, %RH', 80),
    highPct: percent('above this water settles on it, and it moulds, %RH', 98),
    hysteresisPct: percent('how far back inside a value must come to end it, %RH', 2),
    dwellMs: dwell(4 * 3_600_000),
  })
  .refine((p) => p.lowPct + 2 * p.hysteresisPct <= p.highPct, {
    error: 'lowPct must lie below highPct by twice the hysteresis at least',
  });

export const humidity: Rule<typeof params> = {
  name: 'humidity',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Air too dry or too damp: raised when humidity was below lowPct or above highPct and, for dwellMs without an ' +
    'evidence gap, never came back inside by hysteresisPct. Cleared by the first value that does.',
  params,
  bind: ({ lowPct, highPct, hysteresisPct, dwellMs }, context) =>
    bandRule({ low: lowPct, high: highPct, hysteresis: hysteresisPct, dwellMs }, context),
};
