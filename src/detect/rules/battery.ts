import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { dwell, percent } from './params.ts';
import { thresholdRule } from './threshold.ts';

const params = z.strictObject({
  limitPct: percent('the lowest charge that needs nobody, %', 20),
  hysteresisPct: percent('how far above it a charge must come to end it, %', 5),
  dwellMs: dwell(),
});

export const battery: Rule<typeof params> = {
  name: 'battery',
  stratum: 'condition',
  about: 'device',
  unit: 'channel',
  doc:
    'A battery that runs out: raised when its charge was below limitPct and, for dwellMs without an evidence gap, never ' +
    'came back to limitPct + hysteresisPct. Cleared by the first charge that does, as after a change of battery.',
  params,
  bind: ({ limitPct, hysteresisPct, dwellMs }, context) =>
    thresholdRule(-1, { limitC: limitPct, hysteresisC: hysteresisPct, dwellMs }, context),
};
