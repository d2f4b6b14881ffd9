import { parseLgtin } from '../contract/identifiers.ts';
import { profileFor } from '../produce/profiles.ts';
import type { FrameStore } from '../store/frames/store.ts';
import { readBatchReports } from '../store/ledger/batch-budgets.ts';
import type { Batch } from '../store/ledger/batches.ts';
import { type Kin, type KinOf, readKin } from '../store/ledger/genealogy.ts';
import type { Ledger } from '../store/ledger/ledger.ts';
import { readAncestors } from './ancestors.ts';
import { attributeBreaches } from './attribution.ts';
import { readEvidence } from './evidence.ts';
import { findBatch } from './find-batch.ts';
import { readLegs } from './legs.ts';
import type { BatchTrace, Trace, TracedKin, TraceLeg } from './trace-types.ts';
import { verdictOf } from './verdict.ts';

/** EN 12830, journeys of 1 to 7 days: at most 15 min between records; for produce without a profile of its own. */
const MAX_GAP_MS_DEFAULT = 15 * 60_000;

/** Where a trace reads from. */
export interface TraceStores {
  readonly ledger: Pick<Ledger, 'db'>;
  readonly frames: Pick<FrameStore, 'range' | 'latest'>;
}

export interface TraceOptions {
  /** Up to when a custody that is still open is looked at; default: its newest frame. */
  readonly asOfMs?: number;
  /** Follow the batches it was made from, back to the harvest. */
  readonly wholeChain?: boolean;
}

/**
 * Traces one batch. Equal ledgers and equal frames give equal traces, whichever stores they come from.
 * @param code LGTIN URI, lot, or the unique end of one
 * @throws BATCH_UNKNOWN, BATCH_AMBIGUOUS
 */
export async function traceBatch(stores: TraceStores, code: string, options: TraceOptions = {}): Promise<Trace> {
  const { db } = stores.ledger;
  const batch = await findBatch(db, code);
  const [kin] = await readKin(db, [batch.id]);
  const own = await traceAlone(stores, batch, kin!, options.asOfMs);
  if (!options.wholeChain) return { ...own, ancestors: null, ancestorsLeftOut: 0 };
  const lineage = await readAncestors(db, kin!);
  const ancestors: BatchTrace[] = [];
  for (const ancestor of lineage.ancestors) {
    ancestors.push(await traceAlone(stores, ancestor.batch, ancestor.kin, options.asOfMs));
  }
  return { ...own, ancestors: ancestors.sort(inChainOrder), ancestorsLeftOut: lineage.leftOut };
}

async function traceAlone(
  stores: TraceStores,
  batch: Batch,
  kin: KinOf,
  asOfMs: number | undefined,
): Promise<BatchTrace> {
  const { db } = stores.ledger;
  const profile = batch.produce === null ? undefined : profileFor(batch.produce);
  const band = profile?.alarm ?? null;
  const planned = await readLegs(db, stores.frames, batch.id, asOfMs);
  const evidence = await readEvidence(db, stores.frames, planned, band, profile?.maxGapMs ?? MAX_GAP_MS_DEFAULT);
  const legs = planned.map(({ slices, ...leg }, i): TraceLeg => {
    const devices = [...new Set(slices.map((s) => s.device))];
    return { ...leg, devices, ...evidence[i]! };
  });
  const breaches = await attributeBreaches(db, batch.id, legs, profile?.name ?? batch.produce);
  const report = (await readBatchReports(db, [batch.id])).get(batch.id) ?? null;
  const { id, lot, produce, quantityKg, commissionedMs } = batch;
  const last = legs.at(-1);
  return {
    batch: { id, lot, produce, quantityKg, commissionedMs },
    asOfMs: last ? (last.toMs ?? last.evidenceMs.toMs - 1) : null,
    verdict: verdictOf(legs, breaches, profile !== undefined, report),
    band,
    legs,
    breaches,
    budgets: report,
    madeFrom: kin.madeFrom.map(withLot),
    became: kin.became.map(withLot),
  };
}

function withLot(kin: Kin): TracedKin {
  return { ...kin, lot: parseLgtin(kin.batch)!.lot };
}

function inChainOrder(a: BatchTrace, b: BatchTrace): number {
  return beginMs(a) - beginMs(b) || (a.batch.id < b.batch.id ? -1 : 1);
}

/** A batch of which nobody told anything but that it went into another comes first. */
function beginMs({ legs, batch }: BatchTrace): number {
  return legs[0]?.fromMs ?? batch.commissionedMs ?? 0;
}
