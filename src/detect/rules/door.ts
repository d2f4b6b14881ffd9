import type { Rule } from '../rule.ts';
import { switchParams, switchRule } from './switch.ts';

export const door: Rule<typeof switchParams> = {
  name: 'door',
  stratum: 'operation',
  unit: 'min',
  doc:
    'Doors: warm air is explained while a door is open, and for settlingMs after. Raised when it stays open for ' +
    'longestMs; from then on it explains nothing. Cleared when it is shut.',
  params: switchParams,
  bind: switchRule,
};
