import type { Severity } from '../contract/breach.ts';
import { channelKind } from '../contract/channel.ts';
import type { Layout } from '../contract/frame.ts';
import type { AssetKind } from '../contract/words.ts';
import type { Profile } from '../produce/profiles.ts';
import type { BoundRule } from './rule.ts';
import { bindRule } from './rules/registry.ts';

/** A profile's rule, bound, for one asset kind. */
export interface ArmedRule {
  readonly name: string;
  readonly severity: Severity;
  readonly channelKinds: readonly string[];
  readonly bound: BoundRule;
}

/** One rule on one column of a chunk. */
export interface Watch extends ArmedRule {
  readonly channel: string;
  readonly column: number;
  /** `{channel}:{rule}`: where the device's state keeps the excursion. */
  readonly key: string;
}

const rulesOf = new WeakMap<Profile, Map<AssetKind, readonly ArmedRule[]>>();
const watchesOf = new WeakMap<readonly ArmedRule[], Map<Layout, readonly Watch[]>>();

/** The rules of a profile for an asset kind. @throws ColdtrailError for a profile that names rules or parameters wrong */
export function armedRules(profile: Profile, assetKind: AssetKind): readonly ArmedRule[] {
  const byKind = cached(rulesOf, profile, () => new Map());
  return cached(byKind, assetKind, () =>
    profile.rules
      .filter((rule) => rule.assets.includes(assetKind))
      .map((rule) => ({
        name: rule.name,
        severity: rule.severity,
        channelKinds: rule.channels,
        bound: bindRule(rule.rule, rule.params, profile, `profile ${profile.name}, rule ${rule.name}`),
      })),
  );
}

/** What to watch in frames of a layout: every rule on every channel of its kinds. */
export function watchesFor(profile: Profile, assetKind: AssetKind, layout: Layout): readonly Watch[] {
  const rules = armedRules(profile, assetKind);
  const byLayout = cached(watchesOf, rules, () => new Map());
  return cached(byLayout, layout, () =>
    layout.channels.flatMap((channel, column) => {
      const kind = channelKind(channel)?.kind;
      return rules
        .filter((rule) => kind !== undefined && rule.channelKinds.includes(kind))
        .map((rule) => ({ ...rule, channel, column, key: `${channel}:${rule.name}` }));
    }),
  );
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
