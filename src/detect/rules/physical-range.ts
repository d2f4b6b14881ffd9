import { z } from 'zod';
import { LEFT_OUT, type Rule, SENSOR_SICK } from '../rule.ts';
import { isRaised } from '../spell.ts';
import { bandRule } from './band.ts';
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
  bind: ({ lowC, highC, dwellMs }, context) => {
    const band = bandRule({ low: lowC, high: highC, dwellMs }, context);
    return {
      ...band,
      step(m, at, reading) {
        const ended = band.step(m, at, reading);
        const { value } = reading;
        if (value < lowC || value > highC) reading.verdict = isRaised(m, at) ? SENSOR_SICK : LEFT_OUT;
        return ended;
      },
    };
  },
};
