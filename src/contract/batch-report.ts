import type { Severity } from './breach.ts';
import type { AssetKey, DeviceKey } from './words.ts';

/**
 * What is known of a batch over all its legs: a function of frames, events, rule set and as-of time, and of nothing
 * else. Custody is judged up to full hours, see {@link BatchReport.judgedMs}.
 */
export interface BatchReport {
  /** LGTIN class URI. */
  readonly batch: string;
  readonly profile: string;
  /** Frames before this instant are in it. */
  readonly judgedMs: number;
  /**
   * `used-up`: a budget is; `no-data`: no temperature was read in any leg; `not-judged`: no full hour has passed in one;
   * `within`: none of these.
   */
  readonly verdict: 'within' | 'used-up' | 'no-data' | 'not-judged';
  readonly budgets: readonly BudgetUse[];
  readonly preCooling: PreCooling;
  readonly legs: readonly JudgedLeg[];
  /** How long it still keeps at the profile's target, days; null where no temperature was read. */
  readonly lifeLeft: { readonly days: number; readonly lowDays: number; readonly highDays: number } | null;
  /** Batches it was made from of which nothing is known: what they used is not in it. */
  readonly unknownParents: readonly string[];
}

/** What is used of one budget. */
export interface BudgetUse {
  readonly name: string;
  /** Of all amounts. */
  readonly unit: string;
  readonly used: number;
  readonly allowed: number;
  readonly severity: Severity;
  /** When it was used up; null where it is not, or was before this batch was made. */
  readonly usedUpMs: number | null;
  /** What it was made with, and the batch, of those it was made from, that had used most. */
  readonly inherited: { readonly amount: number; readonly batch: string } | null;
  /** What each leg used, in the order of {@link BatchReport.legs}. */
  readonly byLeg: readonly number[];
}

/** One custody of the batch, and how well it was watched. */
export interface JudgedLeg {
  readonly org: string;
  readonly asset: AssetKey;
  readonly fromMs: number;
  /** Null where the batch is still there. */
  readonly toMs: number | null;
  /** Whose frames were looked for. */
  readonly devices: readonly DeviceKey[];
  /** Pulp or air was read. */
  readonly coveredMs: number;
  /** Of that, air stood for the pulp. */
  readonly airMs: number;
  /** Nobody read anything: taken to be as it was read last. */
  readonly assumedMs: number;
  /** Nothing was ever read before: not counted. */
  readonly unknownMs: number;
}

/**
 * How the field's heat went. `reached`: 7/8 of it in the profile's time; `too slow`: later; `not reached`: the time is
 * up, and the fruit still warm; `no data`: nobody read pulp in that time; `under way`: there is time left.
 */
export type PreCoolingVerdict = 'reached' | 'too slow' | 'not reached' | 'no data' | 'under way';

export interface PreCooling {
  readonly verdict: PreCoolingVerdict;
  /** The harvest, or the first that is known of the batch or of those it was made from. */
  readonly sinceMs: number;
  readonly deadlineMs: number;
  /** The first pulp that was read; null where none was, as the others. */
  readonly firstC: number | null;
  /** What the pulp has to reach. */
  readonly goalC: number | null;
  readonly reachedMs: number | null;
  /** Who held it when it was reached, else when the time was up; null where nobody did, or a parent's custody had it. */
  readonly heldBy: string | null;
}

/** The `channel` of a breach of a batch, whose `device` is then the batch. */
export const BATCH_CHANNEL = 'batch';
