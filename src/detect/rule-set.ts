import { createHash } from 'node:crypto';
import type { Profile } from '../produce/profiles.ts';

/** Raise it where a fold comes to other results, or keeps other numbers, than it did before. */
const FOLDS = 1;

/**
 * What rules judge by, as a short digest: a state that others made is not used, and what they found is judged again.
 * @param profiles all that there are: a produce that had none before is judged from then on
 */
export function ruleSetDigest(profiles: readonly Profile[]): string {
  const judged = profiles.map(({ name, alarm, maxGapMs, rules }) => ({ name, alarm, maxGapMs, rules }));
  return createHash('sha256')
    .update(JSON.stringify([FOLDS, judged]))
    .digest('hex')
    .slice(0, 16);
}
