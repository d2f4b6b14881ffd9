import { z } from 'zod';
import { ColdtrailError } from '../../lib/errors.ts';
import type { BoundRule, Rule, RuleContext } from '../rule.ts';
import { high } from './high.ts';
import { low } from './low.ts';

const rules: readonly Rule[] = [high, low];

/** Every rule that a profile may name, in the order in which they are told. */
export function listRules(): readonly Rule[] {
  return rules;
}

/**
 * The fold of a rule with its parameters fixed.
 * @param where what names the rule, for the error text, e.g. `profile prune, rule pulp-high`
 * @throws ColdtrailError UNKNOWN_NAME with the known rules, CONFIG_INVALID with every wrong parameter
 */
export function bindRule(name: string, params: unknown, context: RuleContext, where: string): BoundRule {
  const rule = rules.find((r) => r.name === name);
  if (!rule) {
    const known = rules.map((r) => r.name).join(', ');
    throw new ColdtrailError('UNKNOWN_NAME', `${where}: no rule is called "${name}"`, {
      hint: `Known rules: ${known}`,
    });
  }
  const checked = rule.params.safeParse(params);
  if (!checked.success) {
    throw new ColdtrailError('CONFIG_INVALID', `${where}: ${z.prettifyError(checked.error)}`, {
      hint: `coldtrail ls rules tells the parameters of "${name}"`,
    });
  }
  return rule.bind(checked.data, context);
}
