import type { Registry } from '../../contract/registry.ts';
import type { AssetKey, AssetKind, DeviceKey } from '../../contract/words.ts';
import type { LedgerDb } from './ledger.ts';

/** Takes the registry in: what is new is added, what is known is brought up to date, nothing is removed. Idempotent. In a transaction. */
export async function importRegistry(db: LedgerDb, registry: Registry): Promise<void> {
  for (const { id, name, role } of registry.orgs) {
    const row = { name, role: role ?? null };
    await db
      .insertInto('org')
      .values({ id, ...row })
      .onConflict((c) => c.column('id').doUpdateSet(row))
      .execute();
  }
  for (const { key, kind, name, lat, lon } of registry.assets) {
    const row = { org: orgOf(key), kind, name, lat: lat ?? null, lon: lon ?? null };
    await db
      .insertInto('asset')
      .values({ key, ...row })
      .onConflict((c) => c.column('key').doUpdateSet(row))
      .execute();
  }
  for (const { key, secretHash } of registry.devices) {
    const row = { org: orgOf(key), secret_hash: secretHash ?? null };
    await db
      .insertInto('device')
      .values({ key, ...row })
      .onConflict((c) => c.column('key').doUpdateSet(row))
      .execute();
  }
  for (const { name, secretHash, publish, subscribe } of registry.clients) {
    const row = { secret_hash: secretHash, publish: JSON.stringify(publish), subscribe: JSON.stringify(subscribe) };
    await db
      .insertInto('client')
      .values({ name, ...row })
      .onConflict((c) => c.column('name').doUpdateSet(row))
      .execute();
  }
  for (const { companyPrefix, itemRef, produce } of registry.products) {
    await db
      .insertInto('product')
      .values({ company_prefix: companyPrefix, item_ref: itemRef, produce })
      .onConflict((c) => c.columns(['company_prefix', 'item_ref']).doUpdateSet({ produce }))
      .execute();
  }
}

/** Who may connect to the broker: a device may publish below its own prefix, a client as its filters say. */
export type Principal =
  | { readonly kind: 'device'; readonly name: DeviceKey; readonly secretHash: string | null }
  | {
      readonly kind: 'client';
      readonly name: string;
      readonly secretHash: string;
      readonly publish: readonly string[];
      readonly subscribe: readonly string[];
    };

export async function readPrincipals(db: LedgerDb): Promise<Principal[]> {
  const devices = await db.selectFrom('device').select(['key', 'secret_hash']).orderBy('key').execute();
  const clients = await db.selectFrom('client').selectAll().orderBy('name').execute();
  return [
    ...devices.map((d) => ({ kind: 'device' as const, name: d.key, secretHash: d.secret_hash })),
    ...clients.map((c) => ({
      kind: 'client' as const,
      name: c.name,
      secretHash: c.secret_hash,
      publish: JSON.parse(c.publish) as string[],
      subscribe: JSON.parse(c.subscribe) as string[],
    })),
  ];
}

/** The kinds of these assets; those that are not registered are left out. */
export async function assetKinds(db: LedgerDb, assets: readonly AssetKey[]): Promise<Map<AssetKey, AssetKind>> {
  const rows = await db.selectFrom('asset').select(['key', 'kind']).where('key', 'in', assets).execute();
  return new Map(rows.map((r) => [r.key, r.kind]));
}

function orgOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
