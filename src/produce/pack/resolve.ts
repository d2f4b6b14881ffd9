import { type ProduceLimits, type Profile, type ProfileRule, profileSchema } from '../profiles/schema.ts';
import { assetKindsOf } from './asset-groups.ts';
import { resolveParams } from './params.ts';
import type { PackRule } from './schema.ts';

/** A pack's rule for a produce: what the rule engine takes. */
export function ruleFor(rule: PackRule, limits: ProduceLimits): ProfileRule {
  return {
    name: rule.name,
    rule: rule.rule,
    severity: rule.severity,
    channels: rule.channels,
    assets: assetKindsOf(rule.assets),
    ...(rule.explainable === undefined ? {} : { explainable: rule.explainable }),
    params: resolveParams(rule.params, limits).params,
  };
}

/** The limits of a produce, watched by rules. @throws ZodError where they contradict each other */
export function profileOf(limits: ProduceLimits, rules: readonly PackRule[]): Profile {
  return profileSchema.parse({ ...limits, rules: rules.map((rule) => ruleFor(rule, limits)) });
}
