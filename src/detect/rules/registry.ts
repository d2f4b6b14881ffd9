import { z } from 'zod';
import { ColdtrailError } from '../../lib/errors.ts';
import type { BoundRule, Rule, RuleContext } from '../rule.ts';
import { battery } from './battery.ts';
import { chillingZone } from './chilling-zone.ts';
import { defrost } from './defrost.ts';
import { defrostShape } from './defrost-shape.ts';
import { degreeMinutes } from './degree-minutes.ts';
import { door } from './door.ts';
import { drift } from './drift.ts';
import { duty } from './duty.ts';
import { freezing } from './freezing.ts';
import { high } from './high.ts';
import { humidity } from './humidity.ts';
import { leftWarm } from './left-warm.ts';
import { low } from './low.ts';
import { meanKinetic } from './mean-kinetic.ts';
import { noData } from './no-data.ts';
import { partedAir } from './parted-air.ts';
import { physicalRange } from './physical-range.ts';
import { predicted } from './predicted.ts';
import { pulpAgainstAir } from './pulp-against-air.ts';
import { rate } from './rate.ts';
import { recording } from './recording.ts';
import { setPointMismatch } from './set-point-mismatch.ts';
import { setPointMissed } from './set-point-missed.ts';
import { sinking } from './sinking.ts';
import { spike } from './spike.ts';
import { stuck } from './stuck.ts';
import { timeOutOfRange } from './time-out-of-range.ts';

/** Sensor rules stand in the order in which they look: each sees what those before it left. */
const rules: readonly Rule[] = [
  physicalRange,
  spike,
  stuck,
  drift,
  sinking,
  partedAir,
  door,
  defrost,
  defrostShape,
  high,
  low,
  freezing,
  rate,
  predicted,
  timeOutOfRange,
  degreeMinutes,
  chillingZone,
  meanKinetic,
  setPointMismatch,
  setPointMissed,
  duty,
  pulpAgainstAir,
  leftWarm,
  humidity,
  battery,
  recording,
  noData,
];

/** Every rule that a profile may name, in the order in which they are told. */
export function listRules(): readonly Rule[] {
  return rules;
}

/** The parameters of every rule, by its name: what files with rules are checked against. */
export function ruleParams(): ReadonlyMap<string, z.ZodType> {
  return new Map(rules.map(({ name, params }) => [name, params]));
}

/** @param where what names the rule, for the error text @throws ColdtrailError UNKNOWN_NAME with the known rules */
export function ruleNamed(name: string, where: string): Rule {
  const rule = rules.find((r) => r.name === name);
  if (rule) return rule;
  const known = rules.map((r) => r.name).join(', ');
  throw new ColdtrailError('UNKNOWN_NAME', `${where}: no rule is called "${name}"`, { hint: `Known rules: ${known}` });
}

/**
 * The fold of a rule with its parameters fixed.
 * @param where what names the rule, for the error text, e.g. `profile prune, rule pulp-high`
 * @throws ColdtrailError UNKNOWN_NAME with the known rules, CONFIG_INVALID with every wrong parameter
 */
export function bindRule(name: string, params: unknown, context: RuleContext, where: string): BoundRule {
  const rule = ruleNamed(name, where);
  const checked = rule.params.safeParse(params);
  if (!checked.success) {
    throw new ColdtrailError('CONFIG_INVALID', `${where}: ${z.prettifyError(checked.error)}`, {
      hint: `coldtrail ls rules tells the parameters of "${name}"`,
    });
  }
  return rule.bind(checked.data, context);
}
