import type { Breach, BreachChange } from '../contract/breach.ts';
import type { FrameChunk } from '../contract/frame.ts';
import type { AssetKey, Interval } from '../contract/words.ts';
import type { BatchTerms } from '../detect/batch/batch-state.ts';
import { fruitRecord, type Stretch } from '../detect/batch/fruit-record.ts';
import { sickSensors } from '../detect/batch/sick-sensors.ts';
import { readSlices } from '../store/frames/read-slices.ts';
import type { FrameStore, Slice } from '../store/frames/store.ts';
import { listBreaches } from '../store/ledger/breaches.ts';
import { chunks } from '../store/ledger/chunks.ts';
import { cargoChannels } from '../store/ledger/device-channels.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import type { Placement } from '../store/ledger/placement.ts';
import type { RecentFrames } from './recent-frames.ts';

/** What of an asset's frames a produce needs read. */
export interface Wanted {
  readonly asset: AssetKey;
  readonly terms: BatchTerms;
  readonly interval: Interval;
}

/**
 * Reads what is known of the fruit in assets, in one pass over the store where it is not in memory.
 * @param breachChanges what this cycle found, not yet in the ledger
 * @param recent what was stored last
 * @returns a record for each of those wanted, in their order
 */
export async function readFruitRecords(
  db: LedgerDb,
  frames: Pick<FrameStore, 'range'>,
  wanted: readonly Wanted[],
  placementsOn: (asset: AssetKey) => Promise<readonly Placement[]>,
  breachChanges: readonly BreachChange[],
  recent: RecentFrames,
): Promise<Stretch[][]> {
  const slicesOf: Slice[][] = [];
  for (const { asset, terms, interval } of wanted) {
    // A value from before holds into the interval.
    const fromMs = interval.fromMs - terms.profile.maxGapMs;
    slicesOf.push(slicesWithin(await placementsOn(asset), { fromMs, toMs: interval.toMs }));
  }
  const slices = slicesOf.flat();
  const read = slices.map((slice): FrameChunk[] => [...(recent.of(slice) ?? [])]);
  const toRead = [...slices.keys()].filter((i) => recent.of(slices[i]!) === undefined);
  const stored = toRead.map((i) => slices[i]!);
  const devices = [...new Set(stored.map(({ device }) => device))];
  for await (const { sliceIx, chunk } of readSlices(frames, stored, await cargoChannels(db, devices))) {
    read[toRead[sliceIx]!]!.push(chunk);
  }
  const isSick = sickSensors(await breachesNow(db, slices, breachChanges));
  let at = 0;
  return wanted.map(({ terms }, i) => {
    const own = slicesOf[i]!.map((slice) => ({ slice, chunks: read[at++]! }));
    return fruitRecord(own, terms.model, terms.profile.maxGapMs, isSick);
  });
}

function slicesWithin(placements: readonly Placement[], { fromMs, toMs }: Interval): Slice[] {
  return placements.flatMap((p) => {
    const slice = { device: p.device, fromMs: Math.max(p.fromMs, fromMs), toMs: Math.min(p.toMs ?? Infinity, toMs) };
    return slice.fromMs < slice.toMs ? [slice] : [];
  });
}

async function breachesNow(
  db: LedgerDb,
  slices: readonly Slice[],
  changes: readonly BreachChange[],
): Promise<Iterable<Breach>> {
  if (slices.length === 0) return [];
  const interval = {
    fromMs: slices.reduce((min, { fromMs }) => Math.min(min, fromMs), Number.POSITIVE_INFINITY),
    toMs: slices.reduce((max, { toMs }) => Math.max(max, toMs), 0),
  };
  const breaches = new Map<string, Breach>();
  for (const devices of chunks([...new Set(slices.map(({ device }) => device))])) {
    for (const breach of await listBreaches(db, { devices, interval })) breaches.set(breach.id, breach);
  }
  for (const { change, breach } of changes) {
    if (change === 'withdrawn' || change === 'merged') breaches.delete(breach.id);
    else breaches.set(breach.id, breach);
  }
  return breaches.values();
}
