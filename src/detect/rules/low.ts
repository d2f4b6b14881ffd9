import type { Rule } from '../rule.ts';
import { thresholdParams, thresholdRule } from './threshold.ts';

export const low: Rule<typeof thresholdParams> = {
  name: 'low',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Too cold: raised when a channel went below limitC and, for dwellMs without an evidence gap, never came back ' +
    'to limitC + hysteresisC or above. Cleared by the first value at or above limitC + hysteresisC.',
  params: thresholdParams,
  bind: (params, context) => thresholdRule(-1, params, context),
};
