import type { AssetKey } from '../contract/words.ts';
import type { BatchState, BatchTerms, PlannedLeg } from '../detect/batch/batch-state.ts';
import { bequestOf } from '../detect/batch/batch-state.ts';
import { type Origin, originOf } from '../detect/batch/origin.ts';
import { groupBy } from '../lib/group-by.ts';
import { budgetsFor } from '../produce/profiles/budgets.ts';
import { profileFor } from '../produce/profiles.ts';
import { qualityModel } from '../produce/quality.ts';
import { readBatches } from '../store/ledger/batches.ts';
import { type KinOf, readKin } from '../store/ledger/genealogy.ts';
import { custodyOfBatches } from '../store/ledger/holdings.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import type { Placement } from '../store/ledger/placement.ts';
import { assetKinds } from '../store/ledger/registry.ts';

/** A batch with all that its fold needs but the frames. */
export interface BatchPlan {
  readonly batch: string;
  readonly terms: BatchTerms;
  readonly legs: readonly PlannedLeg[];
  readonly origin: Origin;
  readonly kin: KinOf;
}

/** What the ledger says of batches; those of which nothing is to be judged are left out. */
export async function planBatches(
  db: LedgerDb,
  batches: readonly string[],
  placementsOn: (asset: AssetKey) => Promise<readonly Placement[]>,
  statesOf: (batches: readonly string[]) => Promise<ReadonlyMap<string, BatchState>>,
): Promise<BatchPlan[]> {
  const custody = groupBy(await custodyOfBatches(db, batches), (c) => c.batch);
  const kinds = await assetKinds(db, [...new Set([...custody.values()].flat().map(({ asset }) => asset))]);
  const kin = await readKin(db, batches);
  const parents = await statesOf([...new Set(kin.flatMap(({ madeFrom }) => madeFrom.map((parent) => parent.batch)))]);
  const facts = new Map((await readBatches(db, batches)).map((batch) => [batch.id, batch]));
  const plans: BatchPlan[] = [];
  for (const own of kin) {
    const batch = facts.get(own.batch);
    const terms = batch?.produce == null ? undefined : termsOf(batch.produce);
    if (!batch || !terms) continue;
    const legs: PlannedLeg[] = [];
    for (const { org, asset, fromMs, toMs } of custody.get(own.batch) ?? []) {
      const there = (await placementsOn(asset)).filter((p) => overlaps(p, { fromMs, toMs }));
      const devices = [...new Set(there.map((p) => p.device))].sort();
      legs.push({ org, asset, assetKind: kinds.get(asset) ?? null, fromMs, toMs, devices });
    }
    const begunMs = legs[0]?.fromMs ?? batch.commissionedMs ?? Infinity;
    const ownMs = Math.min(batch.commissionedMs ?? Infinity, begunMs);
    if (ownMs === Infinity) continue;
    plans.push({ batch: own.batch, terms, legs, origin: inherited(own, begunMs, ownMs, terms, parents), kin: own });
  }
  return plans;
}

function termsOf(produce: string): BatchTerms | undefined {
  const profile = profileFor(produce);
  const budgets = budgetsFor(produce);
  const model = qualityModel(produce);
  return profile && budgets && model && { profile, budgets, model };
}

/** What was made into it after it began is an event gone wrong: taken in, batches could be made of each other. */
function inherited(
  kin: KinOf,
  begunMs: number,
  ownMs: number,
  { profile }: BatchTerms,
  states: ReadonlyMap<string, BatchState>,
): Origin {
  const parents = kin.madeFrom.filter(({ timeMs }) => timeMs <= begunMs);
  const known = parents.filter(({ batch }) => states.get(batch)?.profile === profile.name);
  return originOf(
    known.map(({ batch, timeMs }) => bequestOf(states.get(batch)!, timeMs)),
    parents.map(({ batch }) => batch).filter((batch) => states.get(batch)?.profile !== profile.name),
    ownMs,
  );
}

function overlaps(a: { fromMs: number; toMs: number | null }, b: { fromMs: number; toMs: number | null }): boolean {
  return a.fromMs < (b.toMs ?? Infinity) && b.fromMs < (a.toMs ?? Infinity);
}
