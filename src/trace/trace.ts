import { profileFor } from '../produce/profiles.ts';
import type { FrameStore } from '../store/frames/store.ts';
import type { Ledger } from '../store/ledger/ledger.ts';
import { attributeBreaches } from './attribution.ts';
import { readEvidence } from './evidence.ts';
import { findBatch } from './find-batch.ts';
import { readLegs } from './legs.ts';
import type { Trace, TraceLeg } from './trace-types.ts';
import { verdictOf } from './verdict.ts';

/** EN 12830, journeys of 1 to 7 days: at most 15 min between records; for produce without a profile of its own. */
const MAX_GAP_MS_DEFAULT = 15 * 60_000;

/** Where a trace reads from. */
export interface TraceStores {
  readonly ledger: Pick<Ledger, 'db'>;
  readonly frames: Pick<FrameStore, 'range' | 'latest'>;
}

/**
 * Traces one batch. Equal ledgers and equal frames give equal traces, whichever stores they come from.
 * @param code LGTIN URI, lot, or the unique end of one
 * @param asOfMs up to when a custody that is still open is looked at; default: its newest frame
 * @throws BATCH_UNKNOWN, BATCH_AMBIGUOUS
 */
export async function traceBatch(stores: TraceStores, code: string, asOfMs?: number): Promise<Trace> {
  const { db } = stores.ledger;
  const batch = await findBatch(db, code);
  const profile = batch.produce === null ? undefined : profileFor(batch.produce);
  const band = profile?.alarm ?? null;
  const planned = await readLegs(db, stores.frames, batch.id, asOfMs);
  const evidence = await readEvidence(db, stores.frames, planned, band, profile?.maxGapMs ?? MAX_GAP_MS_DEFAULT);
  const legs = planned.map(({ slices, ...leg }, i): TraceLeg => {
    const devices = [...new Set(slices.map((s) => s.device))];
    return { ...leg, devices, ...evidence[i]! };
  });
  const breaches = await attributeBreaches(db, legs, profile?.name ?? batch.produce);
  const { id, lot, produce, quantityKg, commissionedMs } = batch;
  const last = legs.at(-1);
  return {
    batch: { id, lot, produce, quantityKg, commissionedMs },
    asOfMs: last ? (last.toMs ?? last.evidenceMs.toMs - 1) : null,
    verdict: verdictOf(legs, breaches, profile !== undefined),
    band,
    legs,
    breaches,
  };
}
