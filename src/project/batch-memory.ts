import type { AssetKey } from '../contract/words.ts';
import type { BatchState } from '../detect/batch/batch-state.ts';
import { loadBatchStates } from '../store/ledger/batch-budgets.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import type { BatchPlan } from './batch-plans.ts';

/** Batches kept in memory, a few kilobytes each: those in the chain now. */
const BATCHES_MAX = 5000;

/** Plans and states of batches, so that an hour that passes asks the ledger nothing. */
export class BatchMemory {
  readonly #plans = new Map<string, BatchPlan>();
  readonly #states = new Map<string, BatchState>();

  /** The plans that are still as the ledger has them. */
  plans(batches: readonly string[]): BatchPlan[] {
    return batches.flatMap((batch) => this.#plans.get(batch) ?? []);
  }

  keepPlan(plan: BatchPlan): void {
    keep(this.#plans, plan.batch, plan);
  }

  /** What the ledger says of the batch has changed, or what its parents hand on. */
  dropPlan(batch: string): void {
    this.#plans.delete(batch);
  }

  /** Other devices were on the asset than was known. */
  dropPlansIn(assets: ReadonlySet<AssetKey>): void {
    if (assets.size === 0) return;
    for (const { batch, legs } of this.#plans.values()) {
      if (legs.some(({ asset }) => assets.has(asset))) this.#plans.delete(batch);
    }
  }

  /** The batches' states as they were judged last; those that never were are left out. */
  async states(db: LedgerDb, batches: readonly string[]): Promise<Map<string, BatchState>> {
    const unknown = batches.filter((batch) => !this.#states.has(batch));
    const loaded = await loadBatchStates(db, unknown);
    const found = new Map<string, BatchState>();
    for (const batch of batches) {
      const state = this.#states.get(batch) ?? (loaded.get(batch) as BatchState | undefined);
      if (!state) continue;
      found.set(batch, state);
      keep(this.#states, batch, state);
    }
    return found;
  }

  keepState(state: BatchState): void {
    keep(this.#states, state.batch, state);
  }
}

/** The one that was used longest ago goes. */
function keep<T>(map: Map<string, T>, batch: string, value: T): void {
  map.delete(batch);
  map.set(batch, value);
  if (map.size > BATCHES_MAX) map.delete(map.keys().next().value!);
}
