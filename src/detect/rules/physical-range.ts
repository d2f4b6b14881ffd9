import { z } from 'zod';
import { LEFT_OUT, type Rule, SENSOR_SICK } from '../rule.ts';
import { advanceSpell, inSpell, isRaised } from '../spell.ts';
import { dwell, level } from './params.ts';

const params = z
  .strictObject({
    lowC: level('the lowest value the channel can have'),
    highC: level('the highest value the channel can have'),
    dwellMs: dwell(),
  })
  .refine((p) => p.lowC < p.highC, { error: 'lowC must lie below highC' });

export const physicalRange: Rule<typeof params> = {
  name: 'physical-range',
  stratum: 'sensor',
  unit: 'channel',
  doc:
    'A value that cannot be: no other rule sees readings below lowC or above highC. Raised when the sensor gave nothing ' +
    'else for dwellMs. Cleared by the first value that can be.',
  params,
  bind: ({ lowC, highC, dwellMs }, { maxGapMs }) => ({
    limit: highC,
    limitFor: (peak) => (peak < lowC ? lowC : highC),
    keeps: 0,
    step(m, at, reading) {
      const { value } = reading;
      const beyond = value < lowC || value > highC;
      if (!beyond && !inSpell(m, at)) return null;
      const ended = advanceSpell(m, at, reading, beyond, !beyond, value, value > highC ? 1 : -1, dwellMs, maxGapMs);
      if (beyond) reading.verdict = isRaised(m, at) ? SENSOR_SICK : LEFT_OUT;
      return ended;
    },
  }),
};
