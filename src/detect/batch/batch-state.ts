import type { AssetKey, AssetKind, DeviceKey } from '../../contract/words.ts';
import type { BatchBudgets, BudgetName } from '../../produce/profiles/budgets.ts';
import type { Profile } from '../../produce/profiles.ts';
import type { QualityModel } from '../../produce/quality.ts';
import type { Cooling } from './cooling.ts';
import type { Bequest, LastRead, Origin } from './origin.ts';
import { plus, type Spent, type Tally } from './tally.ts';

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
