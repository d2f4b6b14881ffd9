import type { BreachSubject, Severity } from '../contract/breach.ts';
import { channelKind } from '../contract/channel.ts';
import type { Layout } from '../contract/frame.ts';
import type { AssetKind } from '../contract/words.ts';
import type { Profile } from '../produce/profiles.ts';
import type { Beside, BoundRule, Rule, Stratum } from './rule.ts';
import { bindRule, ruleNamed } from './rules/registry.ts';

/** A profile's rule, bound, for one asset kind. */
export interface ArmedRule {
  readonly name: string;
  /** Of the rule registry. */
  readonly fold: string;
  readonly stratum: Stratum;
  readonly severity: Severity;
  readonly aboutOn: (channel: string) => BreachSubject;
  /** Of the limit and the peak on a channel. */
  readonly unitOn: (channel: string) => string;
  readonly channelKinds: readonly string[];
  readonly beside: Beside | undefined;
  /** What a door or a defrost explains starts nothing. */
  readonly explainable: boolean;
  readonly bound: BoundRule;
}

/** One rule on one column of a chunk. */
export interface Watch extends ArmedRule {
  readonly channel: string;
  /** Index into {@link WatchPlan.columns}, also of those beside it. */
  readonly column: number;
  readonly besideColumns: readonly number[];
  /** Its place in {@link WatchPlan.watches}. */
  readonly index: number;
}

/** What to watch in frames of a layout. */
export interface WatchPlan {
  /** Columns of the layout that any rule looks at. */
  readonly columns: readonly number[];
  /** The rules that were compiled. */
  readonly rules: readonly ArmedRule[];
  readonly watches: readonly Watch[];
  /** Rule by rule: what one finds, the next sees. */
  readonly sensor: readonly (readonly Watch[])[];
  readonly operation: readonly Watch[];
  readonly condition: readonly Watch[];
}

const SUBJECTS: Readonly<Record<Stratum, BreachSubject>> = {
  sensor: 'sensor',
  // A door left open is the climate's trouble, whatever it explains.
  operation: 'cargo',
  condition: 'cargo',
  silence: 'device',
};

const rulesOf = new WeakMap<Profile, Map<AssetKind, readonly ArmedRule[]>>();
const plansOf = new WeakMap<readonly ArmedRule[], Map<Layout, WatchPlan>>();

/** The rules of a profile for an asset kind. @throws ColdtrailError for a profile that names rules or parameters wrong */
export function armedRules(profile: Profile, assetKind: AssetKind): readonly ArmedRule[] {
  const byKind = cached(rulesOf, profile, () => new Map());
  return cached(byKind, assetKind, () =>
    profile.rules
      .filter((rule) => rule.assets.includes(assetKind))
      .map((rule) => {
        const where = `profile ${profile.name}, rule ${rule.name}`;
        const { stratum, beside, about, unit } = ruleNamed(rule.rule, where);
        return {
          name: rule.name,
          fold: rule.rule,
          stratum,
          severity: rule.severity,
          aboutOn: (channel) => about ?? aboutOn(channel, stratum),
          unitOn: (channel) => unitOn(channel, unit),
          channelKinds: rule.channels,
          beside,
          explainable: rule.explainable ?? false,
          bound: bindRule(rule.rule, rule.params, profile, where),
        };
      }),
  );
}

/** What to watch in frames of a layout: every rule on every channel of its kinds. */
export function watchPlan(profile: Profile, assetKind: AssetKind, layout: Layout): WatchPlan {
  const rules = armedRules(profile, assetKind);
  const byLayout = cached(plansOf, rules, () => new Map());
  return cached(byLayout, layout, () => planFor(rules, layout));
}

function planFor(rules: readonly ArmedRule[], layout: Layout): WatchPlan {
  const columns: number[] = [];
  const used = (layoutColumn: number) => {
    const at = columns.indexOf(layoutColumn);
    return at >= 0 ? at : columns.push(layoutColumn) - 1;
  };
  let count = 0;
  const watches = rules.map((rule) =>
    layout.channels.flatMap((channel, layoutColumn): Watch[] => {
      const kind = channelKind(channel)?.kind;
      if (kind === undefined || !rule.channelKinds.includes(kind)) return [];
      const besideColumns = rule.beside ? columnsBeside(layout, layoutColumn, rule.beside).map(used) : [];
      return [{ ...rule, channel, column: used(layoutColumn), besideColumns, index: count++ }];
    }),
  );
  const of = (stratum: Stratum) => watches.filter((_, r) => rules[r]!.stratum === stratum);
  return {
    columns,
    rules,
    watches: watches.flat(),
    sensor: of('sensor').filter((rule) => rule.length > 0),
    operation: of('operation').flat(),
    condition: of('condition').flat(),
  };
}

/** Whatever rule watches it: a battery is its device's own. */
function aboutOn(channel: string, stratum: Stratum): BreachSubject {
  return channelKind(channel)?.kind === 'battery' ? 'device' : SUBJECTS[stratum];
}

function unitOn(channel: string, unit: Rule['unit']): string {
  if (unit !== 'channel' && unit !== 'difference') return unit;
  const own = channelKind(channel)?.unit ?? '/';
  return unit === 'difference' && own === 'Cel' ? 'K' : own;
}

const AIR = ['air', 'air-supply', 'air-return'];

function columnsBeside(layout: Layout, own: number, beside: Beside): number[] {
  const kinds = layout.channels.map((channel) => channelKind(channel)?.kind ?? '');
  const isAir = (kind: string) => AIR.includes(kind);
  const isSibling = (kind: string) => kind === kinds[own] || (isAir(kinds[own]!) && isAir(kind));
  const surrounds = (kind: string) => isAir(kind) || kind === 'pulp' || kind === kinds[own];
  const belongs = { air: isAir, siblings: isSibling, surroundings: surrounds }[beside];
  return kinds.flatMap((kind, column) => (column !== own && belongs(kind) ? [column] : []));
}

interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function cached<K, V>(cache: Cache<K, V>, key: K, make: () => V): V {
  let value = cache.get(key);
  if (value === undefined) {
    value = make();
    cache.set(key, value);
  }
  return value;
}
