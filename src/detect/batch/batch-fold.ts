import type { AssetKey } from '../../contract/words.ts';
import type { BatchBudgets, BudgetName } from '../../produce/profiles/budgets.ts';
import type { Profile } from '../../produce/profiles.ts';
import type { QualityModel } from '../../produce/quality.ts';
import {
  type BatchState,
  type BatchTerms,
  type LegState,
  type PlannedLeg,
  spentBy,
  type UsedUp,
} from './batch-state.ts';
import { type Cooling, coolingStep } from './cooling.ts';
import type { Stretch } from './fruit-record.ts';
import type { LastRead } from './origin.ts';
import type { Resumption } from './resume.ts';
import { NOTHING, type Spent, SUM_OF, type Tally, unitsOf } from './tally.ts';

/**
 * Folds a batch from where it goes on up to `horizonMs`. Pure: cut into any number of folds it gives the same.
 * @param recordOf what is known of the fruit in an asset, from `fromMs` of the resumption (and the legs after it) on
 */
export function foldBatch(
  { state, legIx, fromMs }: Resumption,
  legs: readonly PlannedLeg[],
  horizonMs: number,
  { profile, budgets, model }: BatchTerms,
  recordOf: (asset: AssetKey) => readonly Stretch[],
): BatchState {
  const run = new Run(state, profile, budgets, model);
  for (let ix = legIx; ix < legs.length && legs[ix]!.fromMs < horizonMs; ix++) {
    const leg = legs[ix]!;
    const untilMs = Math.min(leg.toMs ?? Number.POSITIVE_INFINITY, horizonMs);
    run.leg(ix, leg, Math.max(leg.fromMs, fromMs), untilMs, recordOf(leg.asset));
  }
  return run.end(horizonMs);
}

/** One run of the fold. */
class Run {
  readonly #state: BatchState;
  readonly #profile: Profile;
  readonly #coldAssets: BatchBudgets['coldAssets'];
  readonly #limits: readonly { readonly name: BudgetName; readonly sum: keyof Spent; readonly allowed: number }[];
  readonly #legs: LegState[];
  readonly #usedUp: UsedUp[];
  #lastRead: LastRead | null;
  #cooling: Cooling;
  /** Of the batch and what it began with. */
  readonly #total: { -readonly [sum in keyof Spent]: number };

  constructor(state: BatchState, profile: Profile, { budgets, coldAssets }: BatchBudgets, model: QualityModel) {
    this.#state = state;
    this.#profile = profile;
    this.#coldAssets = coldAssets;
    this.#limits = budgets.map(({ name, allowed }) => {
      return { name, sum: SUM_OF[name], allowed: allowed * unitsOf(name, model.injuryDays.typical) };
    });
    this.#legs = [...state.legs];
    this.#usedUp = [...state.usedUp];
    this.#lastRead = state.lastRead;
    this.#cooling = state.cooling;
    this.#total = { ...spentBy(state) };
  }

  leg(ix: number, leg: PlannedLeg, fromMs: number, untilMs: number, record: readonly Stretch[]): void {
    const kept = this.#legs[ix];
    const before = kept?.before ?? { lastRead: this.#lastRead, cooling: this.#cooling };
    const tally = { ...(kept?.tally ?? NOTHING) };
    const isCold = leg.assetKind !== null && this.#coldAssets.includes(leg.assetKind);
    let atMs = fromMs;
    for (let i = firstEndingAfter(record, fromMs); i < record.length && record[i]!.fromMs < untilMs; i++) {
      const stretch = record[i]!;
      if (stretch.readMs < leg.fromMs) continue;
      const beginMs = Math.max(stretch.fromMs, fromMs);
      const endMs = Math.min(stretch.toMs, untilMs);
      if (beginMs > atMs) this.#unwatched(ix, tally, atMs, beginMs);
      this.#watched(ix, tally, stretch, beginMs, endMs, isCold, leg.org);
      atMs = endMs;
    }
    if (atMs < untilMs) this.#unwatched(ix, tally, atMs, untilMs);
    this.#legs[ix] = { ...leg, tally, before };
  }

  end(judgedMs: number): BatchState {
    const { batch, profile, origin } = this.#state;
    return {
      batch,
      profile,
      origin,
      legs: this.#legs,
      judgedMs,
      lastRead: this.#lastRead,
      cooling: this.#cooling,
      usedUp: this.#usedUp,
    };
  }

  #watched(
    ix: number,
    tally: Mutable<Tally>,
    { warmestC, ripeningPerMs, chillingPerMs }: Stretch,
    fromMs: number,
    toMs: number,
    isCold: boolean,
    org: string,
  ): void {
    const ms = toMs - fromMs;
    tally.coveredMs += ms;
    if (warmestC === null) tally.airMs += ms;
    else this.#cooling = coolingStep(this.#cooling, this.#profile, fromMs, warmestC, org);
    const aboveMk = isCold && warmestC !== null ? Math.round((warmestC - this.#profile.alarm.highC) * 1000) : 0;
    const speed = { ripening: ripeningPerMs, chilling: chillingPerMs, warmMs: 0, warmMkMs: 0 };
    if (aboveMk > 0) {
      speed.warmMs = 1;
      speed.warmMkMs = aboveMk;
    }
    this.#spend(ix, tally, speed, fromMs, ms);
    this.#lastRead = { ripeningPerMs, chillingPerMs };
  }

  /** Fruit ages unwatched too; that it was out of range is not held against anybody without a reading. */
  #unwatched(ix: number, tally: Mutable<Tally>, fromMs: number, toMs: number): void {
    const ms = toMs - fromMs;
    if (!this.#lastRead) {
      tally.unknownMs += ms;
      return;
    }
    tally.assumedMs += ms;
    const { ripeningPerMs: ripening, chillingPerMs: chilling } = this.#lastRead;
    this.#spend(ix, tally, { ripening, chilling, warmMs: 0, warmMkMs: 0 }, fromMs, ms);
  }

  #spend(leg: number, tally: Mutable<Tally>, speed: Spent, fromMs: number, ms: number): void {
    const total = this.#total;
    for (const { name, sum, allowed } of this.#limits) {
      const before = total[sum];
      if (before >= allowed || before + speed[sum] * ms < allowed) continue;
      this.#usedUp.push({ name, timeMs: fromMs + Math.ceil((allowed - before) / speed[sum]), leg });
    }
    // Written out: this runs for every reading of every batch.
    total.warmMs += speed.warmMs * ms;
    total.warmMkMs += speed.warmMkMs * ms;
    total.ripening += speed.ripening * ms;
    total.chilling += speed.chilling * ms;
    tally.warmMs += speed.warmMs * ms;
    tally.warmMkMs += speed.warmMkMs * ms;
    tally.ripening += speed.ripening * ms;
    tally.chilling += speed.chilling * ms;
  }
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

function firstEndingAfter(record: readonly Stretch[], timeMs: number): number {
  let low = 0;
  let high = record.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (record[middle]!.toMs <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
