import type { Breach } from '../contract/breach.ts';
import type { FrameChunk } from '../contract/frame.ts';
import type { AssetKey, AssetKind, DeviceKey } from '../contract/words.ts';
import { type ArmingInterval, armingOf, type PlacementSpan } from '../detect/arming.ts';
import { armedRules } from '../detect/compile.ts';
import { DeviceFold, type FoldSink } from '../detect/fold.ts';
import { bindRule, ruleParams } from '../detect/rules/registry.ts';
import { ColdtrailError } from '../lib/errors.ts';
import type { Folds } from '../produce/pack/check.ts';
import { resolveParams } from '../produce/pack/params.ts';
import type { ProfileRule } from '../produce/profiles/schema.ts';
import type { Profile } from '../produce/profiles.ts';

/**
 * The seam between the lab and the rules: all that the lab knows of `src/detect`. Live use, replay and the lab run the
 * same fold.
 */

/** Rules to be tried: a name for people, and the profile that holds them. */
export interface RuleSet {
  readonly name: string;
  readonly profile: Profile;
}

/** A stay of a device or of produce in an asset. */
export type Stay = PlacementSpan;

/** A device's whereabouts, and when produce was there: what arms its rules. */
export interface DeviceHistory {
  readonly device: DeviceKey;
  readonly placements: readonly Stay[];
  /** Stays of produce in any of the assets. */
  readonly custodies: readonly Stay[];
  readonly assetKind: (asset: AssetKey) => AssetKind | undefined;
}

/** What a file with rules is checked against. */
export function knownFolds(): Folds {
  return ruleParams();
}

/** @throws ColdtrailError for a rule set that names folds or parameters wrong */
export function checkRuleSet({ profile }: RuleSet): void {
  for (const rule of profile.rules) {
    bindRule(rule.rule, rule.params, profile, `profile ${profile.name}, rule ${rule.name}`);
    for (const asset of rule.assets) armedRules(profile, asset);
  }
}

/** Names of the set's rules, each once, in its order. */
export function ruleNames({ profile }: RuleSet): string[] {
  return [...new Set(profile.rules.map((rule) => rule.name))];
}

/**
 * The rule set with other parameters.
 * @param changes by `{rule}.{parameter}`: a rule of the set, or a fold for all rules of the set that use it (`high`); a
 *   time in any unit, as in packs (`dwellMin` for `dwellMs`)
 * @throws ColdtrailError UNKNOWN_NAME for a rule or a parameter that it does not have
 */
export function withParams(set: RuleSet, changes: ReadonlyMap<string, number>): RuleSet {
  let rules = set.profile.rules;
  for (const [path, value] of changes) {
    const at = path.lastIndexOf('.');
    const [name, param] = [path.slice(0, at), path.slice(at + 1)];
    const isNamed = rules.some((rule) => rule.name === name);
    const isMeant = (rule: ProfileRule) => (isNamed ? rule.name : rule.rule) === name;
    if (!rules.some(isMeant)) {
      throw new ColdtrailError('UNKNOWN_NAME', `${set.name} has no rule "${name}" (in "${path}")`, {
        hint: `Its rules: ${ruleNames(set).join(', ')}`,
      });
    }
    const { params } = resolveParams({ [param]: value }, set.profile);
    rules = rules.map((rule) => (isMeant(rule) ? { ...rule, params: { ...rule.params, ...params } } : rule));
  }
  const changed = { name: set.name, profile: { ...set.profile, rules } };
  checkRuleSet(changed);
  return changed;
}

/** One device under one rule set: folds its frames as they come, and tells its breaches at the end. */
export class DeviceJudge implements FoldSink {
  readonly #arming: readonly ArmingInterval[];
  readonly #fold: DeviceFold;
  readonly #closed: Breach[] = [];

  constructor({ profile }: RuleSet, { device, placements, custodies, assetKind }: DeviceHistory) {
    this.#arming = armingOf(
      placements,
      custodies.map((custody) => ({ ...custody, profile })),
      assetKind,
    );
    this.#fold = new DeviceFold(device, this.#arming);
  }

  /** @param chunk later than all before */
  take(chunk: FrameChunk): void {
    this.#fold.fold(chunk, this);
  }

  /**
   * All breaches, those still open too.
   * @param knownUntilMs the last instant that the run or the recording tells of: what comes after it is no silence
   */
  breaches(knownUntilMs: number): Breach[] {
    return [...this.#closed, ...this.#fold.openBreaches(knownUntilMs)];
  }

  /** For how long it was armed within an interval, ms. */
  armedMs(fromMs: number, toMs: number): number {
    return this.#arming.reduce(
      (sum, at) => sum + Math.max(0, Math.min(at.toMs, toMs) - Math.max(at.fromMs, fromMs)),
      0,
    );
  }

  /** Sink of the fold. */
  closed(breach: Breach): void {
    this.#closed.push(breach);
  }

  /** Sink of the fold: the lab runs from the beginning and keeps no checkpoints. */
  checkpoint(): void {}
}
