import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell, inSpell } from '../spell.ts';
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
  bind: ({ lowC, highC, dwellMs }, { maxGapMs }) => ({
    limit: highC,
    limitFor: (peak) => (peak < lowC ? lowC : highC),
    keeps: 0,
    step(m, at, reading) {
      const { value } = reading;
      const beyond = value < lowC || value > highC;
      if (!beyond && !inSpell(m, at)) return null;
      return advanceSpell(m, at, reading, beyond, !beyond, value, value > highC ? 1 : -1, dwellMs, maxGapMs);
    },
  }),
};
