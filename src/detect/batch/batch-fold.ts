import type { AssetKey, AssetKind, DeviceKey } from '../../contract/words.ts';
import type { BatchBudgets, BudgetName } from '../../produce/profiles/budgets.ts';
import type { Profile } from '../../produce/profiles.ts';
import type { QualityModel } from '../../produce/quality.ts';
import { type Cooling, coolingStep } from './cooling.ts';
import type { Stretch } from './fruit-record.ts';
import type { Bequest, LastRead, Origin } from './origin.ts';
import { BUDGET_NAMES, NOTHING, plus, type Spent, SUM_OF, type Tally, unitsOf } from './tally.ts';

/** A custody of the batch, with what of the asset matters. */
export interface PlannedLeg {
  readonly org: string;
  readonly asset: AssetKey;
  /** Null where the registry does not know the asset. */
  readonly assetKind: AssetKind | null;
  readonly fromMs: number;
  readonly toMs: number | null;
  /** Placed on the asset meanwhile, sorted. */
  readonly devices: readonly DeviceKey[];
}

/** What is kept of a leg. */
export interface LegState extends PlannedLeg {
  readonly tally: Tally;
  /** As the leg began, so that it can be folded anew by itself. */
  readonly before: { readonly lastRead: LastRead | null; readonly cooling: Cooling };
}

/** When a budget was used up, and in which leg. */
export interface UsedUp {
  readonly name: BudgetName;
  readonly timeMs: number;
  readonly leg: number;
}

/** All that the stratum remembers of a batch: a cache, made anew from frames and events. Plain JSON. */
export interface BatchState {
  readonly batch: string;
  readonly profile: string;
  readonly origin: Origin;
  readonly legs: readonly LegState[];
  /** What was read before it is in the state. */
  readonly judgedMs: number;
  readonly lastRead: LastRead | null;
  readonly cooling: Cooling;
  readonly usedUp: readonly UsedUp[];
}

/** What a batch is held against. */
export interface BatchTerms {
  readonly profile: Profile;
  readonly budgets: BatchBudgets;
  readonly model: QualityModel;
}

/** Where a fold goes on. */
export interface Resumption {
  readonly state: BatchState;
  readonly legIx: number;
  readonly fromMs: number;
}

/**
 * Where the fold of a batch has to go on, by what changed since it was judged.
 * @param before null where it was never judged
 * @param changedFromMs the earliest frame that came late; Infinity where none did
 */
export function resume(
  before: BatchState | null,
  { batch, profile, origin }: Pick<BatchState, 'batch' | 'profile' | 'origin'>,
  legs: readonly PlannedLeg[],
  changedFromMs: number,
): Resumption {
  if (before?.profile !== profile || JSON.stringify(before.origin) !== JSON.stringify(origin)) {
    const { lastRead, cooling } = origin;
    return restart({ batch, profile, origin, legs: [], judgedMs: 0, lastRead, cooling, usedUp: [] }, legs);
  }
  const { judgedMs } = before;
  const same = countWhile(before.legs, (leg, i) => isSame(leg, legs[i], judgedMs));
  if (same === before.legs.length && changedFromMs >= judgedMs) {
    const relabelled = before.legs.map((leg, i) => ({ ...leg, toMs: legs[i]!.toMs, devices: legs[i]!.devices }));
    return { state: { ...before, legs: relabelled }, legIx: Math.max(0, same - 1), fromMs: judgedMs };
  }
  const untouched = countWhile(before.legs, ({ toMs }) => toMs !== null && toMs <= changedFromMs);
  const kept = Math.min(same, untouched);
  const again = before.legs[kept];
  const state = {
    ...before,
    legs: before.legs.slice(0, kept),
    lastRead: again ? again.before.lastRead : before.lastRead,
    cooling: again ? again.before.cooling : before.cooling,
    usedUp: before.usedUp.filter(({ leg }) => leg < kept),
  };
  return restart(state, legs);
}

function restart(state: BatchState, legs: readonly PlannedLeg[]): Resumption {
  const legIx = state.legs.length;
  return { state, legIx, fromMs: legs[legIx]?.fromMs ?? Number.POSITIVE_INFINITY };
}

function isSame(leg: PlannedLeg, now: PlannedLeg | undefined, judgedMs: number): boolean {
  const endOf = ({ toMs }: PlannedLeg) => Math.min(toMs ?? Number.POSITIVE_INFINITY, judgedMs);
  return (
    now !== undefined &&
    leg.org === now.org &&
    leg.asset === now.asset &&
    leg.assetKind === now.assetKind &&
    leg.fromMs === now.fromMs &&
    endOf(leg) === endOf(now)
  );
}

function countWhile<T>(items: readonly T[], holds: (item: T, i: number) => boolean): number {
  const first = items.findIndex((item, i) => !holds(item, i));
  return first < 0 ? items.length : first;
}

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
    for (const { name, sum, allowed } of this.#limits) {
      const before = this.#total[sum];
      const after = before + speed[sum] * ms;
      if (before < allowed && after >= allowed) {
        this.#usedUp.push({ name, timeMs: fromMs + Math.ceil((allowed - before) / speed[sum]), leg });
      }
    }
    for (const name of BUDGET_NAMES) {
      const sum = SUM_OF[name];
      tally[sum] += speed[sum] * ms;
      this.#total[sum] += speed[sum] * ms;
    }
  }
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

/** What a batch and those before it have spent. */
export function spentBy({ origin, legs }: BatchState): Spent {
  return legs.reduce((sum: Spent, leg) => plus(sum, leg.tally), origin.spent);
}

/**
 * What a batch hands on to one that was made of it at an instant. Later legs, of a batch that was only used in part or
 * came back, are not in it.
 */
export function bequestOf(state: BatchState, atMs: number): Bequest {
  const legs = state.legs.filter((leg) => leg.fromMs < atMs);
  const { batch, origin, lastRead, cooling } = state;
  return { batch, sinceMs: origin.sinceMs, spent: spentBy({ ...state, legs }), lastRead, cooling };
}

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
