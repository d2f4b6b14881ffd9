import { chunks } from './chunks.ts';
import type { BatchFacts } from './custody.ts';
import type { LedgerDb } from './ledger.ts';

/** A batch as readers see it: its produce resolved. */
export type Batch = BatchFacts;

/** What the batches' own events say, by batch id; unknown ones are left out. */
export async function readBatchFacts(db: LedgerDb, ids: readonly string[]): Promise<Map<string, BatchFacts>> {
  const facts = new Map<string, BatchFacts>();
  for (const some of chunks(ids)) {
    const rows = await db.selectFrom('batch').selectAll().where('id', 'in', some).execute();
    for (const row of rows) facts.set(row.id, toFacts(row));
  }
  return facts;
}

export async function writeBatchFacts(trx: LedgerDb, facts: readonly BatchFacts[]): Promise<void> {
  for (const some of chunks(facts)) {
    const rows = some.map((f) => ({
      id: f.id,
      company_prefix: f.companyPrefix,
      item_ref: f.itemRef,
      lot: f.lot,
      produce: f.produce,
      quantity_kg: f.quantityKg,
      commissioned_ms: f.commissionedMs,
    }));
    await trx
      .insertInto('batch')
      .values(rows)
      .onConflict((c) =>
        c.column('id').doUpdateSet((eb) => ({
          produce: eb.ref('excluded.produce'),
          quantity_kg: eb.ref('excluded.quantity_kg'),
          commissioned_ms: eb.ref('excluded.commissioned_ms'),
        })),
      )
      .execute();
  }
}

/** How a batch may be named: by its whole id, by its lot, or by how its id ends. */
export type BatchMatch = { readonly by: 'id' | 'lot' | 'suffix'; readonly text: string };

/** How many rows LIKE may answer before they are looked at closely: it is laxer than we are. */
const LIKE_MAX = 1000;

/** The batches that a name fits, by id; produce falls back on the registry's product. @param limit the most to return */
export async function matchBatches(db: LedgerDb, match: BatchMatch, limit: number): Promise<Batch[]> {
  let query = resolvedBatches(db)
    .orderBy('b.id')
    .limit(match.by === 'suffix' ? LIKE_MAX : limit);
  if (match.by === 'suffix') query = query.where('b.id', 'like', `%${escapeLike(match.text)}`);
  else query = query.where(`b.${match.by}`, '=', match.text);
  const found = (await query.execute()).map(toFacts);
  // LIKE ignores case in SQLite and heeds it in PostgreSQL; codes differ by case.
  return match.by === 'suffix' ? found.filter((b) => b.id.endsWith(match.text)).slice(0, limit) : found;
}

/** The batches with these ids, in no order; produce falls back on the registry's product. */
export async function readBatches(db: LedgerDb, ids: readonly string[]): Promise<Batch[]> {
  const found: Batch[] = [];
  for (const some of chunks(ids)) {
    found.push(...(await resolvedBatches(db).where('b.id', 'in', some).execute()).map(toFacts));
  }
  return found;
}

/** The newest batches: what a mistyped code is compared with, and what `ls` shows. */
export async function newestBatches(db: LedgerDb, limit: number): Promise<Batch[]> {
  const rows = await resolvedBatches(db).orderBy('b.commissioned_ms', 'desc').orderBy('b.id').limit(limit).execute();
  return rows.map(toFacts);
}

function resolvedBatches(db: LedgerDb) {
  return db
    .selectFrom('batch as b')
    .leftJoin('product as p', (join) =>
      join.onRef('p.company_prefix', '=', 'b.company_prefix').onRef('p.item_ref', '=', 'b.item_ref'),
    )
    .select((eb) => [
      'b.id',
      'b.company_prefix',
      'b.item_ref',
      'b.lot',
      'b.quantity_kg',
      'b.commissioned_ms',
      eb.fn.coalesce('b.produce', 'p.produce').as('produce'),
    ]);
}

/** For `like` with the backslash as its escape; SQLite has none unless told, so such letters become `_` (any one). */
function escapeLike(text: string): string {
  return text.replaceAll(/[%\\]/g, '_');
}

interface FactsRow {
  readonly id: string;
  readonly company_prefix: string;
  readonly item_ref: string;
  readonly lot: string;
  readonly produce: string | null;
  readonly quantity_kg: number | null;
  readonly commissioned_ms: number | null;
}

function toFacts(row: FactsRow): BatchFacts {
  return {
    id: row.id,
    companyPrefix: row.company_prefix,
    itemRef: row.item_ref,
    lot: row.lot,
    produce: row.produce,
    quantityKg: row.quantity_kg,
    commissionedMs: row.commissioned_ms,
  };
}
