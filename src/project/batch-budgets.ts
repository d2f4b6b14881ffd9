import type { BreachChange } from '../contract/breach.ts';
import type { FrameBatch } from '../contract/frame.ts';
import type { AssetKey, AssetKind } from '../contract/words.ts';
import { type BatchState, bequestOf, foldBatch, resume } from '../detect/batch/batch-fold.ts';
import { breachesOfBatch } from '../detect/batch/breaches.ts';
import type { Stretch } from '../detect/batch/fruit-record.ts';
import { reportOf } from '../detect/batch/report.ts';
import { diffBreaches } from '../detect/breach-diff.ts';
import { groupBy } from '../lib/group-by.ts';
import type { FrameStore } from '../store/frames/store.ts';
import { breachesOf } from '../store/ledger/alerts.ts';
import { batchesInAsset, loadBatchStates, saveJudgedBatches } from '../store/ledger/batch-budgets.ts';
import { listBreaches } from '../store/ledger/breaches.ts';
import { chunks } from '../store/ledger/chunks.ts';
import type { TimelineChanges } from '../store/ledger/events.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { assetKinds } from '../store/ledger/registry.ts';
import { BatchHorizons } from './batch-horizons.ts';
import { type BatchPlan, planBatches } from './batch-plans.ts';
import { readFruitRecords, type Wanted } from './batch-records.ts';

/** What of a cycle batches are judged by. */
export interface BatchCycle {
  readonly frames: FrameBatch;
  readonly changes: TimelineChanges;
  /** What device rules found. */
  readonly breachChanges: readonly BreachChange[];
}

/** A batch of which something is to be folded. */
interface Turn {
  readonly plan: BatchPlan;
  readonly before: BatchState | null;
  readonly horizonMs: number;
  readonly resumption: ReturnType<typeof resume>;
}

/**
 * Judges batches over all their legs, those that a cycle touched: by the frames of a full hour that has passed, by late
 * frames, by their events, by what the stratum of sensors found out, and by what their parents have become. The state
 * of a batch is a cache in the ledger; frames are read from the store again, an hour of each asset at a time.
 */
export class BatchBudgets {
  readonly #store: FrameStore;
  readonly #horizons: BatchHorizons;
  #kinds: ReadonlyMap<AssetKey, AssetKind> | undefined;

  private constructor(store: FrameStore, horizons: BatchHorizons) {
    this.#store = store;
    this.#horizons = horizons;
  }

  static async open(store: FrameStore, db: LedgerDb): Promise<BatchBudgets> {
    return new BatchBudgets(store, await BatchHorizons.open(store, db));
  }

  /** Takes in one cycle, in its transaction. @returns what became of the batches' breaches; not yet in the ledger */
  async advance(trx: LedgerDb, cycle: BatchCycle): Promise<BreachChange[]> {
    this.#kinds ??= await assetKinds(trx);
    const judged = new Map<string, { readonly before: BatchState | null; readonly now: BatchState }>();
    const plans = new Map<string, BatchPlan>();
    for (let due = await this.#due(trx, cycle); due.size > 0; ) {
      const heirs = new Map<string, number>();
      for (const some of chunks([...due])) {
        for (const { plan, before, now } of await this.#round(trx, new Map(some), cycle, judged)) {
          judged.set(plan.batch, { before: judged.has(plan.batch) ? judged.get(plan.batch)!.before : before, now });
          plans.set(plan.batch, plan);
          for (const heir of heirsOf(plan, before, now)) heirs.set(heir, Number.POSITIVE_INFINITY);
        }
      }
      due = heirs;
    }
    const outcome = [...judged].map(([batch, { before, now }]) => ({ plan: plans.get(batch)!, before, now }));
    await saveJudgedBatches(
      trx,
      outcome.map(({ plan, now }) => {
        return { batch: now.batch, judgedMs: now.judgedMs, state: now, report: reportOf(now, plan.terms) };
      }),
    );
    return this.#breachChanges(trx, outcome);
  }

  /** The batches to look at, each with the earliest instant of which something is known now that was not. */
  async #due(trx: LedgerDb, { frames, changes, breachChanges }: BatchCycle): Promise<Map<string, number>> {
    const assets = await this.#horizons.advance(trx, frames, changes);
    for (const { asset, startMs } of await sensorsTurned(trx, breachChanges)) {
      assets.set(asset, Math.min(startMs, assets.get(asset) ?? Number.POSITIVE_INFINITY));
    }
    const due = new Map<string, number>(changes.changedBatches.map((batch) => [batch, Number.POSITIVE_INFINITY]));
    for (const [asset, fromMs] of assets) {
      const sinceMs = Math.min(fromMs, this.#horizons.judgedMs(asset));
      for (const batch of await batchesInAsset(trx, asset, sinceMs)) {
        due.set(batch, Math.min(fromMs, due.get(batch) ?? Number.POSITIVE_INFINITY));
      }
      this.#horizons.noteJudged(asset, await this.#horizons.of(trx, asset));
    }
    return due;
  }

  /** Folds the batches that are due on, as far as the ledger and those judged before in this cycle tell. */
  async #round(
    trx: LedgerDb,
    due: ReadonlyMap<string, number>,
    cycle: BatchCycle,
    judged: ReadonlyMap<string, { readonly now: BatchState }>,
  ): Promise<{ plan: BatchPlan; before: BatchState | null; now: BatchState }[]> {
    const statesOf = async (batches: readonly string[]): Promise<Map<string, BatchState>> => {
      const kept = await loadBatchStates(
        trx,
        batches.filter((batch) => !judged.has(batch)),
      );
      const states = new Map<string, BatchState>([...kept].map(([batch, state]) => [batch, state as BatchState]));
      for (const batch of batches) if (judged.has(batch)) states.set(batch, judged.get(batch)!.now);
      return states;
    };
    const batches = [...due.keys()].sort();
    const states = await statesOf(batches);
    const { plans, placements } = await planBatches(trx, batches, this.#kinds!, statesOf);
    const turns: Turn[] = [];
    for (const plan of plans) turns.push(await this.#turn(trx, plan, states.get(plan.batch) ?? null, due));
    const wanted = wantedOf(turns);
    const records = await readFruitRecords(trx, this.#store, wanted, placements, cycle.breachChanges);
    const byAsset = new Map(wanted.map((w, i) => [recordKey(w.asset, w.terms.profile.name), records[i]!]));
    const outcome = turns.map(({ plan, before, horizonMs, resumption }) => {
      const recordOf = (asset: AssetKey): readonly Stretch[] =>
        byAsset.get(recordKey(asset, plan.terms.profile.name)) ?? [];
      return { plan, before, now: foldBatch(resumption, plan.legs, horizonMs, plan.terms, recordOf) };
    });
    for (const { now } of outcome) {
      for (const { asset, toMs } of now.legs) {
        this.#horizons.noteJudged(asset, Math.min(toMs ?? Number.POSITIVE_INFINITY, now.judgedMs));
      }
    }
    return outcome.filter(({ before, now }) => JSON.stringify(before) !== JSON.stringify(now));
  }

  async #turn(
    trx: LedgerDb,
    plan: BatchPlan,
    before: BatchState | null,
    due: ReadonlyMap<string, number>,
  ): Promise<Turn> {
    // A leg is judged whole once a later one is: what was not read by then is a gap.
    let horizonMs = 0;
    for (const { asset, fromMs, toMs } of plan.legs) {
      const untilMs = Math.min(toMs ?? Number.POSITIVE_INFINITY, await this.#horizons.of(trx, asset));
      if (untilMs > fromMs) horizonMs = Math.max(horizonMs, untilMs);
    }
    const changedMs = due.get(plan.batch)!;
    const identity = { batch: plan.batch, profile: plan.terms.profile.name, origin: plan.origin };
    const shrunk = before !== null && horizonMs < before.judgedMs;
    const resumption = resume(before, identity, plan.legs, shrunk ? Math.min(changedMs, horizonMs) : changedMs);
    return { plan, before, horizonMs, resumption };
  }

  async #breachChanges(
    trx: LedgerDb,
    outcome: readonly { plan: BatchPlan; before: BatchState | null; now: BatchState }[],
  ): Promise<BreachChange[]> {
    const changes: BreachChange[] = [];
    for (const some of chunks(outcome)) {
      const kept = await listBreaches(trx, { devices: some.map(({ now }) => now.batch) });
      const byBatch = groupBy(kept, (breach) => breach.device);
      for (const { plan, before, now } of some) {
        const found = breachesOfBatch(now, plan.terms);
        changes.push(...diffBreaches(byBatch.get(now.batch) ?? [], found, (before?.judgedMs ?? 0) - 1));
      }
    }
    return changes;
  }
}

/** Breaches of sensors that were not there before, are gone, or have other ends: readings count that did not, or not. */
async function sensorsTurned(trx: LedgerDb, changes: readonly BreachChange[]) {
  const ofSensors = changes.filter(({ breach }) => breach.about === 'sensor');
  const ids = ofSensors.map(({ breach }) => breach.id);
  const kept = new Map((await breachesOf(trx, ids)).map((breach) => [breach.id, breach]));
  return ofSensors
    .filter(({ change, breach }) => change !== 'changed' || kept.get(breach.id)?.endMs !== breach.endMs)
    .map(({ breach }) => breach);
}

function heirsOf({ kin }: BatchPlan, before: BatchState | null, now: BatchState): string[] {
  return kin.became
    .filter(({ timeMs }) => {
      const was = before && JSON.stringify(bequestOf(before, timeMs));
      return was !== JSON.stringify(bequestOf(now, timeMs));
    })
    .map(({ batch }) => batch);
}

/** What of each asset has to be read, so that every batch that goes on in it finds what it needs. */
function wantedOf(turns: readonly Turn[]): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const { plan, horizonMs, resumption } of turns) {
    for (const leg of plan.legs.slice(resumption.legIx)) {
      const fromMs = Math.max(leg.fromMs, resumption.fromMs);
      const toMs = Math.min(leg.toMs ?? Number.POSITIVE_INFINITY, horizonMs);
      if (fromMs >= toMs) continue;
      const key = recordKey(leg.asset, plan.terms.profile.name);
      const also = wanted.get(key)?.interval ?? { fromMs, toMs };
      const interval = { fromMs: Math.min(fromMs, also.fromMs), toMs: Math.max(toMs, also.toMs) };
      wanted.set(key, { asset: leg.asset, terms: plan.terms, interval });
    }
  }
  return [...wanted.values()];
}

function recordKey(asset: AssetKey, profile: string): string {
  return `${asset} ${profile}`;
}
