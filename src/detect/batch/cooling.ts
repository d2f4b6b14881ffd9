import type { PreCoolingVerdict } from '../../contract/batch-report.ts';
import type { Profile } from '../../produce/profiles.ts';

/** How far the fruit has been brought down from the field's heat. */
export interface Cooling {
  /** The first pulp that was read; null before. */
  readonly first: { readonly timeMs: number; readonly tempC: number } | null;
  /** When the goal was reached, and who held it then; null before. */
  readonly reached: { readonly timeMs: number; readonly org: string | null } | null;
}

export const NOT_READ: Cooling = { first: null, reached: null };

/** What pre-cooling asks of a batch. */
export type CoolingTerms = Pick<Profile, 'preCooling' | 'loadingMaxC'>;

/**
 * Where fruit that came with `firstC` counts as cooled: 7/8 of the way to the target, a usual measure of a cooling
 * process (Dinçer, "Cooling process parameters", doi 10.1201/9781003075400-6), since each further halving of what is
 * left takes as long as the first; or as cold as it may be loaded, for fruit that came cool.
 */
export function coolingGoalC({ preCooling, loadingMaxC }: CoolingTerms, firstC: number): number {
  return Math.max(preCooling.pulpC + (firstC - preCooling.pulpC) / 8, loadingMaxC);
}

/** One step: pulp as it is read from an instant on. @param warmestC of all probes: every fruit is to be cold */
export function coolingStep(
  cooling: Cooling,
  terms: CoolingTerms,
  timeMs: number,
  warmestC: number,
  org: string,
): Cooling {
  if (cooling.reached) return cooling;
  const first = cooling.first ?? { timeMs, tempC: warmestC };
  if (warmestC <= coolingGoalC(terms, first.tempC)) return { first, reached: { timeMs, org } };
  return cooling.first ? cooling : { first, reached: null };
}

/** @param judgedMs what was read before it is known */
export function coolingVerdict({ first, reached }: Cooling, deadlineMs: number, judgedMs: number): PreCoolingVerdict {
  if (reached) {
    if (reached.timeMs <= deadlineMs) return 'reached';
    // Cold when it was first read, and too late to tell when it became so.
    return reached.timeMs === first!.timeMs ? 'no data' : 'too slow';
  }
  if (judgedMs < deadlineMs) return 'under way';
  return first ? 'not reached' : 'no data';
}
