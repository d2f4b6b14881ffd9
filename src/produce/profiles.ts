import { profileOf } from './pack/resolve.ts';
import { shippedPack } from './packs.ts';
import { prune } from './profiles/prune.ts';
import type { Produce, Profile } from './profiles/schema.ts';

export type { Produce, ProduceLimits, Profile } from './profiles/schema.ts';

const byName: ReadonlyMap<string, Produce> = new Map([prune].map((produce) => [produce.limits.name, produce]));
const profiles = new Map<string, Profile>();

/** The limits and packs of a produce, or undefined where nothing is shipped. */
export function produceNamed(name: string): Produce | undefined {
  return byName.get(name);
}

/**
 * The profile of a produce, or undefined where none is known: such a batch is traced, but judged by no rule.
 * The same object each time. Made and checked when it is first asked for: a wrong one is a bug of ours.
 */
export function profileFor(produce: string): Profile | undefined {
  const known = byName.get(produce);
  if (!known) return undefined;
  let profile = profiles.get(produce);
  if (!profile) {
    profile = profileOf(
      known.limits,
      known.packs.flatMap((name) => shippedPack(name).rules),
    );
    profiles.set(produce, profile);
  }
  return profile;
}

/** Every produce of which limits and packs are shipped, by name. */
export function listProduce(): readonly Produce[] {
  return [...byName.values()];
}

/** Every shipped profile, by name. */
export function listProfiles(): readonly Profile[] {
  return [...byName.keys()].map((name) => profileFor(name)!);
}
