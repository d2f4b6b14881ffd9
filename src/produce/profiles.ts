import { prune } from './profiles/prune.ts';
import { type Profile, profileSchema } from './profiles/schema.ts';

export type { Profile } from './profiles/schema.ts';

/** The shipped profiles, checked when the program starts: a wrong one is a bug of ours. */
const profiles: readonly Profile[] = [prune].map((profile) => profileSchema.parse(profile));
const byName = new Map(profiles.map((profile) => [profile.name, profile]));

/** The profile of a produce, or undefined where none is known: such a batch is traced, but judged by no rule. */
export function profileFor(produce: string): Profile | undefined {
  return byName.get(produce);
}

/** Every shipped profile, by name. */
export function listProfiles(): readonly Profile[] {
  return profiles;
}
