import type { AssetKey, AssetKind, DeviceKey } from '../../contract/words.ts';
import { chunks } from './chunks.ts';
import type { Custody } from './custody.ts';
import type { LedgerDb } from './ledger.ts';
import type { Placement } from './placement.ts';

/** Placements of the devices, by device, ascending. */
export async function placementsOfDevices(db: LedgerDb, devices: readonly DeviceKey[]): Promise<Placement[]> {
  const found: Placement[] = [];
  for (const some of chunks(devices)) {
    const rows = await db
      .selectFrom('placement')
      .selectAll()
      .where('device', 'in', some)
      .orderBy('device')
      .orderBy('from_ms')
      .execute();
    found.push(...rows.map(toPlacement));
  }
  return found;
}

/** Placements on the assets, by device, ascending. */
export async function placementsOnAssets(db: LedgerDb, assets: readonly AssetKey[]): Promise<Placement[]> {
  const found: Placement[] = [];
  for (const some of chunks(assets)) {
    const rows = await db.selectFrom('placement').selectAll().where('asset', 'in', some).execute();
    found.push(...rows.map(toPlacement));
  }
  return found.sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : a.fromMs - b.fromMs));
}

/** Custody of the batches, by batch, ascending. */
export async function custodyOfBatches(db: LedgerDb, batches: readonly string[]): Promise<Custody[]> {
  const found: Custody[] = [];
  for (const some of chunks(batches)) {
    const rows = await db
      .selectFrom('custody')
      .selectAll()
      .where('batch', 'in', some)
      .orderBy('batch')
      .orderBy('from_ms')
      .execute();
    for (const r of rows) {
      found.push({ batch: r.batch, org: r.org, asset: r.asset, fromMs: r.from_ms, toMs: r.to_ms, eventId: r.event_id });
    }
  }
  return found;
}

/** A batch's stay in an asset, with the produce its rules follow. */
export interface Stay {
  readonly asset: AssetKey;
  readonly batch: string;
  readonly produce: string | null;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** Which batches were in the assets and when, ascending by (asset, from, batch): what arms their rules. */
export async function staysInAssets(db: LedgerDb, assets: readonly AssetKey[]): Promise<Stay[]> {
  const found: Stay[] = [];
  for (const some of chunks(assets)) {
    const rows = await db
      .selectFrom('custody as c')
      .innerJoin('batch as b', 'b.id', 'c.batch')
      .leftJoin('product as p', (join) =>
        join.onRef('p.company_prefix', '=', 'b.company_prefix').onRef('p.item_ref', '=', 'b.item_ref'),
      )
      .select((eb) => [
        'c.asset',
        'c.batch',
        'c.from_ms as fromMs',
        'c.to_ms as toMs',
        eb.fn.coalesce('b.produce', 'p.produce').as('produce'),
      ])
      .where('c.asset', 'in', some)
      .orderBy('c.asset')
      .orderBy('c.from_ms')
      .orderBy('c.batch')
      .execute();
    found.push(...rows);
  }
  return found;
}

/** An asset as the registry knows it. */
export interface Asset {
  readonly key: AssetKey;
  readonly kind: AssetKind;
  readonly name: string;
}

/** Assets by key; those the registry does not know are left out. */
export async function readAssets(db: LedgerDb, keys: readonly AssetKey[]): Promise<Map<AssetKey, Asset>> {
  const found = new Map<AssetKey, Asset>();
  for (const some of chunks(keys)) {
    const rows = await db.selectFrom('asset').select(['key', 'kind', 'name']).where('key', 'in', some).execute();
    for (const row of rows) found.set(row.key, row);
  }
  return found;
}

function toPlacement(row: { device: string; asset: string; from_ms: number; to_ms: number | null }): Placement {
  return { device: row.device, asset: row.asset, fromMs: row.from_ms, toMs: row.to_ms };
}

/** Names of orgs by id; those the registry does not know are left out. */
export async function readOrgNames(db: LedgerDb, ids: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const some of chunks(ids)) {
    const rows = await db.selectFrom('org').select(['id', 'name']).where('id', 'in', some).execute();
    for (const row of rows) found.set(row.id, row.name);
  }
  return found;
}
