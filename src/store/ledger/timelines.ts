import type { AssociationEvent } from '../../contract/event.ts';
import type { AssetKey, DeviceKey } from '../../contract/words.ts';
import { groupBy } from '../../lib/group-by.ts';
import { readBatchFacts, writeBatchFacts } from './batches.ts';
import { chunks } from './chunks.ts';
import type { BatchFacts, BatchLife, Custody } from './custody.ts';
import type { IdentifiedEvent } from './event-id.ts';
import { custodyOfBatches, placementsOfDevices } from './holdings.ts';
import type { LedgerDb } from './ledger.ts';
import { type Placement, placementsFromEvents } from './placement.ts';
import { firstDifferenceMs, type Span } from './span.ts';

/** From which instant something about an asset changed. */
export interface AssetChange {
  readonly asset: AssetKey;
  readonly fromMs: number;
}

/**
 * Keeps the batches' facts and custody; tells from which instant each asset's held batches and their holders changed,
 * and which batches did.
 */
export async function writeLives(
  trx: LedgerDb,
  lives: ReadonlyMap<string, BatchLife>,
): Promise<{ held: AssetChange[]; holders: AssetChange[]; batches: string[] }> {
  const batches = [...lives.keys()];
  const factsBefore = await readBatchFacts(trx, batches);
  const custodyBefore = groupBy(await custodyOfBatches(trx, batches), (c) => c.batch);
  const held = new EarliestByKey();
  const holders = new EarliestByKey();
  const facts: BatchFacts[] = [];
  const stale: string[] = [];
  const custody: Custody[] = [];
  for (const [batch, life] of lives) {
    if (JSON.stringify(factsBefore.get(batch)) !== JSON.stringify(life.facts)) facts.push(life.facts);
    const before = custodyBefore.get(batch) ?? [];
    if (JSON.stringify(before) !== JSON.stringify(life.custody)) {
      stale.push(batch);
      custody.push(...life.custody);
    }
    const produceBefore = factsBefore.get(batch)?.produce ?? '';
    noteAssets(held, [before, () => produceBefore], [life.custody, () => life.facts.produce ?? '']);
    noteAssets(holders, [before, (c) => c.org], [life.custody, (c) => c.org]);
  }
  await writeBatchFacts(trx, facts);
  for (const some of chunks(stale)) await trx.deleteFrom('custody').where('batch', 'in', some).execute();
  for (const some of chunks(custody)) {
    const rows = some.map((c) => ({
      batch: c.batch,
      org: c.org,
      asset: c.asset,
      from_ms: c.fromMs,
      to_ms: c.toMs,
      event_id: c.eventId,
    }));
    await trx.insertInto('custody').values(rows).execute();
  }
  const changed = new Set([...facts.map(({ id }) => id), ...stale]);
  return { held: held.assets(), holders: holders.assets(), batches: [...changed].sort() };
}

/** Derives the devices' placements anew; tells from which instant each changed, and which assets that concerns. */
export async function rederivePlacements(
  trx: LedgerDb,
  eventsOf: ReadonlyMap<string, readonly IdentifiedEvent<AssociationEvent>[]>,
): Promise<{ devices: { device: DeviceKey; fromMs: number }[]; assets: AssetChange[] }> {
  const devices = [...eventsOf.keys()];
  const before = groupBy(await placementsOfDevices(trx, devices), (p) => p.device);
  const changed = new EarliestByKey();
  const assets = new EarliestByKey();
  const stale: string[] = [];
  const placements: Placement[] = [];
  for (const [device, events] of eventsOf) {
    const now = placementsFromEvents(device, events);
    const then = before.get(device) ?? [];
    const fromMs = firstDifferenceMs(then.map(placementSpan), now.map(placementSpan));
    if (fromMs === null) continue;
    changed.note(device, fromMs);
    for (const { asset, toMs } of [...then, ...now]) if (toMs === null || toMs > fromMs) assets.note(asset, fromMs);
    stale.push(device);
    placements.push(...now);
  }
  for (const some of chunks(stale)) await trx.deleteFrom('placement').where('device', 'in', some).execute();
  for (const some of chunks(placements)) {
    const rows = some.map((p) => ({ device: p.device, asset: p.asset, from_ms: p.fromMs, to_ms: p.toMs }));
    await trx.insertInto('placement').values(rows).execute();
  }
  return { devices: changed.entries().map(([device, fromMs]) => ({ device, fromMs })), assets: assets.assets() };
}

/** Custody with what of it matters: to rules a batch's produce, not who holds it; to alerts who holds it. */
type Told = readonly [custody: readonly Custody[], matters: (custody: Custody) => string];

function noteAssets(changed: EarliestByKey, before: Told, now: Told): void {
  for (const asset of new Set([...before[0], ...now[0]].map((c) => c.asset))) {
    const fromMs = firstDifferenceMs(custodySpans(before, asset), custodySpans(now, asset));
    if (fromMs !== null) changed.note(asset, fromMs);
  }
}

function custodySpans([custody, matters]: Told, asset: AssetKey): Span[] {
  return custody.filter((c) => c.asset === asset).map((c) => ({ fromMs: c.fromMs, toMs: c.toMs, key: matters(c) }));
}

function placementSpan(placement: Placement): Span {
  return { fromMs: placement.fromMs, toMs: placement.toMs, key: placement.asset };
}

/** Keeps the earliest instant noted for each key. */
class EarliestByKey {
  #fromMs = new Map<string, number>();

  note(key: string, fromMs: number): void {
    const kept = this.#fromMs.get(key);
    if (kept === undefined || fromMs < kept) this.#fromMs.set(key, fromMs);
  }

  entries(): [string, number][] {
    return [...this.#fromMs].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  assets(): AssetChange[] {
    return this.entries().map(([asset, fromMs]) => ({ asset, fromMs }));
  }
}
