import type { Severity } from '../../contract/breach.ts';
import type { AssetKind } from '../../contract/words.ts';
import type { Rule } from '../../detect/rule.ts';
import { listRules } from '../../detect/rules/registry.ts';
import { ColdtrailError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { assetKindsOf } from '../../produce/pack/asset-groups.ts';
import { knownParams } from '../../produce/pack/check.ts';
import { foldName, resolveParams, writtenAs } from '../../produce/pack/params.ts';
import { EVIDENCE } from '../../produce/pack/schema.ts';
import type { Pack, PackRule } from '../../produce/packs.ts';
import { listProfiles, type Produce, type ProduceLimits, produceNamed } from '../../produce/profiles.ts';
import type { RuleBook } from '../../produce/rule-book.ts';
import { paramText } from './param-text.ts';

/** A parameter of a rule; what a pack gives it where one does. */
export interface ParamTold {
  /** As the rule calls it, its unit at its end. */
  readonly name: string;
  readonly meaning: string;
  /** In that unit; null where it must be given. */
  readonly default: number | null;
  /** In that unit; null where the pack leaves it at the default. */
  readonly value: number | null;
  /** `60 min`, or `4 °C (alarm.high)`: the pack's value, else the default. */
  readonly text: string;
  /** True where the pack owns up that no source gives it. */
  readonly estimate: boolean;
}

export interface SourceTold {
  readonly name: string;
  readonly title: string;
  readonly evidence: string;
}

/** A rule as a pack has it. */
export interface PackRuleTold {
  readonly pack: string;
  readonly name: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly channels: readonly string[];
  /** As the pack writes them, groups too; and the kinds that they stand for. */
  readonly assetWords: readonly string[];
  readonly assets: readonly AssetKind[];
  readonly explainable: boolean;
  readonly params: readonly ParamTold[];
  readonly clause: string | null;
  readonly sources: readonly SourceTold[];
  readonly why: string | null;
  readonly unverified: boolean;
}

/** What there is to know of a name: a rule, a pack, a profile, or what packs call a rule of theirs. */
export type Explanation =
  | {
      readonly kind: 'rule';
      readonly name: string;
      readonly stratum: string;
      readonly doc: string;
      readonly params: readonly ParamTold[];
      readonly inPacks: readonly PackRuleTold[];
    }
  | {
      readonly kind: 'pack';
      readonly name: string;
      readonly title: string;
      readonly for: string;
      readonly rules: readonly PackRuleTold[];
    }
  | {
      readonly kind: 'profile';
      readonly name: string;
      readonly title: string;
      readonly limits: ProduceLimits;
      readonly packs: readonly string[];
      readonly rules: readonly PackRuleTold[];
    }
  | {
      readonly kind: 'pack-rule';
      readonly name: string;
      /** What it does, by the name of the rule. */
      readonly docs: Readonly<Record<string, string>>;
      readonly rules: readonly PackRuleTold[];
    };

/**
 * Explains a name with the limits of a produce, by the rules in force.
 * @throws ColdtrailError UNKNOWN_NAME with the nearest
 */
export function explain(name: string, rules: RuleBook, limits: ProduceLimits): Explanation {
  const packs = rules.listPacks().map(({ pack }) => pack);
  const rule = listRules().find((known) => known.name === name);
  const inPacks = packs.flatMap((pack) => pack.rules.map((packRule) => ({ pack, packRule })));
  if (rule) {
    const uses = inPacks.filter(({ packRule }) => packRule.rule === name);
    return {
      kind: 'rule',
      name,
      stratum: rule.stratum,
      doc: rule.doc,
      params: paramsOf(rule),
      inPacks: uses.map(({ pack, packRule }) => told(pack, packRule, limits)),
    };
  }
  const pack = packs.find((known) => known.name === name);
  if (pack) return explainPack(pack, limits);
  const produce = produceNamed(name);
  if (produce) return explainProfile(produce, rules);
  const named = inPacks.filter(({ packRule }) => packRule.name === name);
  if (named.length > 0) {
    const docs = Object.fromEntries(named.map(({ packRule }) => [packRule.rule, ruleNamed(packRule.rule)?.doc ?? '']));
    return { kind: 'pack-rule', name, docs, rules: named.map((at) => told(at.pack, at.packRule, limits)) };
  }
  const known = [...listRules(), ...packs, ...listProfiles(), ...inPacks.map(({ packRule }) => packRule)].map(
    (one) => one.name,
  );
  throw new ColdtrailError('UNKNOWN_NAME', `no rule or pack is called '${name}'${nearest(name, known)}`, {
    hint: 'coldtrail ls rules and coldtrail ls packs list them',
  });
}

/** A pack, its rules with the limits of a produce. */
export function explainPack(pack: Pack, limits: ProduceLimits): Extract<Explanation, { kind: 'pack' }> {
  return {
    kind: 'pack',
    name: pack.name,
    title: pack.title,
    for: pack.for,
    rules: pack.rules.map((rule) => told(pack, rule, limits)),
  };
}

/** The rules of all packs that watch a produce, with its own limits. */
function explainProfile({ limits }: Produce, book: RuleBook): Explanation {
  const { name, title } = limits;
  const packs = book.packsOf(name).map(({ pack }) => pack);
  const rules = packs.flatMap((pack) => pack.rules.map((rule) => told(pack, rule, limits)));
  return { kind: 'profile', name, title, limits, packs: packs.map((pack) => pack.name), rules };
}

const ruleNamed = (name: string) => listRules().find((rule) => rule.name === name);

function told(pack: Pack, rule: PackRule, limits: ProduceLimits): PackRuleTold {
  const known = ruleNamed(rule.rule);
  return {
    pack: pack.name,
    name: rule.name,
    rule: rule.rule,
    severity: rule.severity,
    channels: rule.channels,
    assetWords: rule.assets,
    assets: assetKindsOf(rule.assets),
    explainable: rule.explainable ?? false,
    params: known ? paramsOf(known, rule, limits) : [],
    clause: rule.clause ?? null,
    sources: (rule.sources ?? []).map((name) => {
      const { title = name, evidence = 'secondary' } = pack.sources[name] ?? {};
      return { name, title, evidence: EVIDENCE[evidence] };
    }),
    why: rule.why ?? null,
    unverified: rule.unverified ?? false,
  };
}

function paramsOf(rule: Rule, used?: PackRule, limits?: ProduceLimits): ParamTold[] {
  const values = used && limits ? resolveParams(used.params, limits).params : {};
  const estimates = (used?.estimates ?? []).map(foldName);
  return Object.entries(knownParams(rule.params)).map(([name, schema]): ParamTold => {
    const byDefault = schema.default === undefined ? null : Number(schema.default);
    const value = values[name] ?? null;
    const written = used?.params[writtenAs(name, used.params)];
    const shown = value ?? byDefault;
    const text = shown === null ? 'must be given' : paramText(name, shown, used?.channels);
    return {
      name,
      // The unit is told with the value.
      meaning: (schema.description ?? '').replace(/, ms$/, ''),
      default: byDefault,
      value,
      text: typeof written === 'string' ? `${text} (${written})` : text,
      estimate: estimates.includes(name),
    };
  });
}
