import type { FrameStore, Slice } from '../store/frames/store.ts';
import type { Custody } from '../store/ledger/custody.ts';
import { custodyOfBatches, placementsOnAssets, readAssets, readOrgNames } from '../store/ledger/holdings.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import type { Placement } from '../store/ledger/placement.ts';
import type { TraceLeg } from './trace-types.ts';

/** A leg before its evidence is read: who, where, when, and which frames speak for it. */
export interface PlannedLeg
  extends Pick<TraceLeg, 'org' | 'orgName' | 'asset' | 'assetName' | 'assetKind' | 'fromMs' | 'toMs' | 'evidenceMs'> {
  /** By device, ascending, disjoint. */
  readonly slices: readonly Slice[];
}

/** The custody of a batch as legs, with the slices of the devices that were placed on its assets meanwhile. */
export async function readLegs(
  db: LedgerDb,
  frames: Pick<FrameStore, 'latest'>,
  batch: string,
  asOfMs: number | undefined,
): Promise<PlannedLeg[]> {
  const custody = await custodyOfBatches(db, [batch]);
  const assetKeys = [...new Set(custody.map((c) => c.asset))];
  const placements = await placementsOnAssets(db, assetKeys);
  const assets = await readAssets(db, assetKeys);
  const orgNames = await readOrgNames(db, [...new Set(custody.map((c) => c.org))]);
  const legs: PlannedLeg[] = [];
  for (const c of custody) {
    const there = placements.filter((p) => p.asset === c.asset && overlaps(p, c));
    const evidenceMs = { fromMs: c.fromMs, toMs: c.toMs ?? (await openEnd(frames, c, there, asOfMs)) };
    const asset = assets.get(c.asset);
    legs.push({
      org: c.org,
      orgName: orgNames.get(c.org) ?? c.org,
      asset: c.asset,
      assetName: asset?.name ?? c.asset,
      assetKind: asset?.kind ?? null,
      fromMs: c.fromMs,
      toMs: c.toMs,
      evidenceMs,
      slices: slicesOf(there, evidenceMs),
    });
  }
  return legs;
}

/**
 * Where to stop looking in a custody that is still open: just after `asOfMs`, or after the newest frame of its
 * devices; a wall clock would call all of a finished simulation's future a gap.
 */
async function openEnd(
  frames: Pick<FrameStore, 'latest'>,
  custody: Custody,
  there: readonly Placement[],
  asOfMs: number | undefined,
): Promise<number> {
  let lastMs = asOfMs ?? custody.fromMs;
  if (asOfMs === undefined) {
    const newest = new Map<string, number>();
    for (const { device, timeMs } of await frames.latest([...new Set(there.map((p) => p.device))])) {
      newest.set(device, timeMs);
    }
    for (const p of there)
      lastMs = Math.max(lastMs, Math.min(newest.get(p.device) ?? lastMs, (p.toMs ?? Infinity) - 1));
  }
  // Slices are half-open: + 1 takes the newest frame in.
  return Math.max(lastMs, custody.fromMs) + 1;
}

function slicesOf(there: readonly Placement[], within: { fromMs: number; toMs: number }): Slice[] {
  const slices: Slice[] = [];
  for (const p of there) {
    const fromMs = Math.max(p.fromMs, within.fromMs);
    const toMs = Math.min(p.toMs ?? Infinity, within.toMs);
    if (fromMs < toMs) slices.push({ device: p.device, fromMs, toMs });
  }
  return slices;
}

function overlaps(a: { fromMs: number; toMs: number | null }, b: { fromMs: number; toMs: number | null }): boolean {
  return a.fromMs < (b.toMs ?? Infinity) && b.fromMs < (a.toMs ?? Infinity);
}
