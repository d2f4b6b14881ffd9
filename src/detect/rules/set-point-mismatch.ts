import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { bandRule } from './band.ts';
import { dwell, level } from './params.ts';

const params = z
  .strictObject({
    lowC: level('the lowest set-point that fits the produce, °C'),
    highC: level('the highest set-point that fits the produce, °C'),
    dwellMs: dwell(),
  })
  .refine((p) => p.lowC <= p.highC, { error: 'lowC must not lie above highC' });

export const setPointMismatch: Rule<typeof params> = {
  name: 'set-point-mismatch',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'A set-point that does not fit the produce: raised when it lay below lowC or above highC for dwellMs. Cleared by ' +
    'the first that fits.',
  params,
  bind: ({ lowC, highC, dwellMs }, context) => bandRule({ low: lowC, high: highC, dwellMs }, context),
};
