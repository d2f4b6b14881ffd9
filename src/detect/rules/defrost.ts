import type { Rule } from '../rule.ts';
import { switchParams, switchRule } from './switch.ts';

export const defrost: Rule<typeof switchParams> = {
  name: 'defrost',
  stratum: 'operation',
  unit: 'min',
  doc:
    'Defrosts, by the channel that tells them: warm air is explained while the coil is thawed, and for settlingMs ' +
    'after. Raised when it goes on for longestMs; from then on it explains nothing. Cleared when it is over.',
  params: switchParams,
  bind: switchRule,
};
