import type { Reading, RuleContext, Spell } from '../rule.ts';
import { advanceSpell, inSpell, KEPT } from '../spell.ts';
import { takeIntoEvenMean } from './running-mean.ts';

/** A mean that should not stay above a limit. */
export interface MeanLimit {
  readonly limit: number;
  /** The mean at which a spell ends; the limit where left out. */
  readonly clearAt?: number;
  readonly meanMs: number;
  readonly dwellMs: number;
}

/** How many numbers {@link meanAbove} keeps beside the spell. */
export const MEAN_KEEPS = 3;

/**
 * The step of rules that judge not a reading but the mean of something over hours.
 * @returns takes what is averaged into the mean; gives back the raised spell that this has ended, else null
 */
export function meanAbove(
  { limit, clearAt = limit, meanMs, dwellMs }: MeanLimit,
  { maxGapMs }: RuleContext,
): (m: Float64Array, at: number, reading: Reading, value: number) => Spell | null {
  return (m, at, reading, value) => {
    const mean = takeIntoEvenMean(m, at + KEPT, value, reading.timeMs, meanMs);
    if (mean <= limit && !inSpell(m, at)) return null;
    return advanceSpell(m, at, reading, mean > limit, mean <= clearAt, mean, 1, dwellMs, maxGapMs);
  };
}
