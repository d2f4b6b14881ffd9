import type { Rule } from '../rule.ts';
import { thresholdParams, thresholdRule } from './threshold.ts';

export const high: Rule<typeof thresholdParams> = {
  name: 'high',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Too warm: raised when a channel went above limitC and, for dwellMs without an evidence gap, never came back ' +
    'to limitC − hysteresisC or below. Cleared by the first value at or below limitC − hysteresisC.',
  params: thresholdParams,
  bind: (params, context) => thresholdRule(1, params, context),
};
