import type { BreachChange } from '../contract/breach.ts';
import type { FrameBatch, FrameChunk } from '../contract/frame.ts';
import type { AssetKey, DeviceKey } from '../contract/words.ts';
import { foldBatch } from '../detect/batch/batch-fold.ts';
import { type BatchState, bequestOf } from '../detect/batch/batch-state.ts';
import { breachesOfBatch } from '../detect/batch/breaches.ts';
import type { Stretch } from '../detect/batch/fruit-record.ts';
import { reportOf } from '../detect/batch/report.ts';
import { type Resumption, resume } from '../detect/batch/resume.ts';
import { diffBreaches } from '../detect/breach-diff.ts';
import type { FrameStore } from '../store/frames/store.ts';
import { breachesOf } from '../store/ledger/alerts.ts';
import { batchesInAssets, saveJudgedBatches } from '../store/ledger/batch-budgets.ts';
import { chunks } from '../store/ledger/chunks.ts';
import type { TimelineChanges } from '../store/ledger/events.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { BatchHorizons } from './batch-horizons.ts';
import { BatchMemory } from './batch-memory.ts';
import { type BatchPlan, planBatches } from './batch-plans.ts';
import { readFruitRecords, type Wanted } from './batch-records.ts';
import { RecentFrames } from './recent-frames.ts';

/**
 * Batches whose hour has passed wait until so many frames came in since others did: a fleet that sends faster than the
 * world turns would have its batches judged for every few frames of a truck, at more than the rules cost.
 */
const FRAMES_BETWEEN_JUDGINGS = 40_000;

/** What of a cycle batches are judged by. */
export interface BatchCycle {
  readonly frames: FrameBatch;
  /** The same by device, ascending. */
  readonly chunks: ReadonlyMap<DeviceKey, readonly FrameChunk[]>;
  readonly changes: TimelineChanges;
  /** What device rules found. */
  readonly breachChanges: readonly BreachChange[];
  /** More is in the journal already: what can wait may wait. */
  readonly more: boolean;
}

/** What became of a batch in a cycle. */
interface Outcome {
  readonly plan: BatchPlan;
  readonly before: BatchState | null;
  readonly now: BatchState;
}

/** A batch of which something is to be folded. */
interface Turn {
  readonly plan: BatchPlan;
  readonly before: BatchState | null;
  readonly horizonMs: number;
  readonly resumption: Resumption;
}

/**
 * Judges batches over all their legs, those that a cycle touched: by the frames of a full hour that has passed, by late
 * frames, by their events, by what the stratum of sensors found out, and by what their parents have become. The state
 * of a batch is a cache in the ledger; frames are read from the store again, where they are not the
 * newest, an hour of each asset at a time.
 *
 * Where a transaction fails, it must go on with a new one.
 */
export class BatchBudgets {
  readonly #store: FrameStore;
  readonly #horizons: BatchHorizons;
  readonly #memory = new BatchMemory();
  readonly #recent = new RecentFrames();
  /** Assets of which a full hour has passed that is not judged yet. */
  readonly #waiting: Set<AssetKey>;
  #framesSince = 0;

  private constructor(store: FrameStore, horizons: BatchHorizons) {
    this.#store = store;
    this.#horizons = horizons;
    // What waited when the process ended waits again.
    this.#waiting = new Set(horizons.assets());
  }

  static async open(store: FrameStore, db: LedgerDb): Promise<BatchBudgets> {
    return new BatchBudgets(store, await BatchHorizons.open(store, db));
  }

  /** Whether a cycle that brings nothing new has something to judge. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Takes in one cycle, in its transaction. @returns what became of the batches' breaches; not yet in the ledger */
  async advance(trx: LedgerDb, cycle: BatchCycle): Promise<BreachChange[]> {
    this.#recent.take(cycle.chunks, (device) => this.#horizons.newestMs(device));
    const judged = new Map<string, Outcome>();
    for (let due = await this.#due(trx, cycle); due.size > 0; ) {
      const heirs = new Map<string, number>();
      for (const some of chunks([...due])) {
        for (const { plan, before, now } of await this.#round(trx, new Map(some), cycle)) {
          judged.set(plan.batch, { plan, before: (judged.get(plan.batch) ?? { before }).before, now });
          this.#memory.keepState(now);
          for (const heir of heirsOf(plan, before, now)) {
            heirs.set(heir, Number.POSITIVE_INFINITY);
            this.#memory.dropPlan(heir);
          }
        }
      }
      due = heirs;
    }
    await saveJudgedBatches(
      trx,
      [...judged.values()].map(({ plan, now }) => {
        return { batch: now.batch, judgedMs: now.judgedMs, state: now, report: reportOf(now, plan.terms) };
      }),
    );
    return [...judged.values()].flatMap(breachChanges);
  }

  /** The batches to look at, each with the earliest instant of which something is known now that was not. */
  async #due(trx: LedgerDb, { frames, changes, breachChanges, more }: BatchCycle): Promise<Map<string, number>> {
    for (const batch of changes.changedBatches) this.#memory.dropPlan(batch);
    this.#memory.dropPlansIn(new Set(changes.changedPlacements.map(({ asset }) => asset)));
    const assets = await this.#horizons.advance(trx, frames, changes);
    for (const { asset, startMs } of await sensorsTurned(trx, breachChanges)) {
      assets.set(asset, Math.min(startMs, assets.get(asset) ?? Number.POSITIVE_INFINITY));
    }
    this.#framesSince += frames.size;
    await this.#waitOrGoOn(trx, more, assets);
    const sinceMs = new Map([...assets].map(([key, fromMs]) => [key, Math.min(fromMs, this.#horizons.doneMs(key))]));
    const due = new Map<string, number>(changes.changedBatches.map((batch) => [batch, Number.POSITIVE_INFINITY]));
    for (const { asset, batch } of await batchesInAssets(trx, sinceMs)) {
      due.set(batch, Math.min(assets.get(asset)!, due.get(batch) ?? Number.POSITIVE_INFINITY));
    }
    for (const asset of assets.keys()) await this.#horizons.noteDone(trx, asset);
    return due;
  }

  /** Takes assets of which only an hour has passed out, while frames pour in; else puts in those that have waited. */
  async #waitOrGoOn(trx: LedgerDb, more: boolean, assets: Map<AssetKey, number>): Promise<void> {
    if (more && this.#framesSince < FRAMES_BETWEEN_JUDGINGS) {
      for (const [asset, fromMs] of assets) {
        if (fromMs !== Number.POSITIVE_INFINITY) continue;
        assets.delete(asset);
        this.#waiting.add(asset);
      }
      return;
    }
    this.#framesSince = 0;
    for (const asset of this.#waiting) {
      const isDue = (await this.#horizons.of(trx, asset)) > this.#horizons.doneMs(asset);
      if (isDue && !assets.has(asset)) assets.set(asset, Number.POSITIVE_INFINITY);
    }
    this.#waiting.clear();
  }

  /** Folds the batches that are due on, as far as the ledger and those judged before in this cycle tell. */
  async #round(trx: LedgerDb, due: ReadonlyMap<string, number>, cycle: BatchCycle): Promise<Outcome[]> {
    const batches = [...due.keys()].sort();
    const placementsOn = (asset: AssetKey) => this.#horizons.placementsOn(trx, asset);
    const statesOf = (some: readonly string[]) => this.#memory.states(trx, some);
    const states = await statesOf(batches);
    const known = this.#memory.plans(batches);
    const unknown = without(batches, known);
    const planned = unknown.length > 0 ? await planBatches(trx, unknown, placementsOn, statesOf) : [];
    for (const plan of planned) this.#memory.keepPlan(plan);
    const turns: Turn[] = [];
    for (const plan of [...known, ...planned]) {
      turns.push(await this.#turn(trx, plan, states.get(plan.batch) ?? null, due.get(plan.batch)!));
    }
    const goingOn = turns.filter(({ before, horizonMs, resumption }) => {
      return resumption.state !== before || horizonMs !== before.judgedMs;
    });
    const wanted = wantedOf(goingOn);
    const records = await readFruitRecords(trx, this.#store, wanted, placementsOn, cycle.breachChanges, this.#recent);
    const byAsset = new Map(wanted.map((w, i) => [recordKey(w.asset, w.terms.profile.name), records[i]!]));
    return goingOn.map(({ plan, before, horizonMs, resumption }) => {
      const recordOf = (asset: AssetKey): readonly Stretch[] =>
        byAsset.get(recordKey(asset, plan.terms.profile.name)) ?? [];
      const now = foldBatch(resumption, plan.legs, horizonMs, plan.terms, recordOf);
      for (const { asset, toMs } of now.legs) {
        this.#horizons.noteJudged(asset, Math.min(toMs ?? Number.POSITIVE_INFINITY, now.judgedMs));
      }
      return { plan, before, now };
    });
  }

  async #turn(trx: LedgerDb, plan: BatchPlan, before: BatchState | null, changedMs: number): Promise<Turn> {
    // A leg is judged whole once a later one is: what was not read by then is a gap.
    let horizonMs = 0;
    for (const { asset, fromMs, toMs } of plan.legs) {
      const untilMs = Math.min(toMs ?? Number.POSITIVE_INFINITY, await this.#horizons.of(trx, asset));
      if (untilMs > fromMs) horizonMs = Math.max(horizonMs, untilMs);
    }
    const identity = { batch: plan.batch, profile: plan.terms.profile.name, origin: plan.origin };
    const shrunk = before !== null && horizonMs < before.judgedMs;
    const resumption = resume(before, identity, plan.legs, shrunk ? Math.min(changedMs, horizonMs) : changedMs);
    return { plan, before, horizonMs, resumption };
  }
}

function without(batches: readonly string[], known: readonly BatchPlan[]): string[] {
  const plans = new Set(known.map(({ batch }) => batch));
  return batches.filter((batch) => !plans.has(batch));
}

/** The ledger holds the breaches that the state before tells of. */
function breachChanges({ plan, before, now }: Outcome): BreachChange[] {
  const kept = before ? breachesOfBatch(before, plan.terms) : [];
  return diffBreaches(kept, breachesOfBatch(now, plan.terms), (before?.judgedMs ?? 0) - 1);
}

/** Breaches of sensors that were not there before, are gone, or have other ends: readings count that did not, or not. */
async function sensorsTurned(trx: LedgerDb, changes: readonly BreachChange[]) {
  const ofSensors = changes.filter(({ breach }) => breach.about === 'sensor');
  const ids = ofSensors.map(({ breach }) => breach.id);
  const kept = new Map((await breachesOf(trx, ids)).map((breach) => [breach.id, breach]));
  return ofSensors
    .filter(
      ({ change, breach }) =>
        change === 'withdrawn' || change === 'merged' || kept.get(breach.id)?.endMs !== breach.endMs,
    )
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
