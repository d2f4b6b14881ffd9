import type { AlertNotice } from '../../contract/alert.ts';
import { canonicalJson } from './canonical-json.ts';
import type { LedgerDb } from './ledger.ts';

/*
 * The spool of what is to be told to the outside: written in the transaction that changes the alert, so that none is
 * lost and none is told of what did not last. Each notifier keeps how far it has come.
 */

/** A notice with its number; numbers rise, and none is given twice. */
export interface SpooledNotice {
  readonly seq: number;
  readonly notice: AlertNotice;
}

/** Puts a notice at the end of the spool. */
export async function addNotice(trx: LedgerDb, notice: AlertNotice): Promise<void> {
  await trx
    .insertInto('notice')
    .values({ body: canonicalJson(notice) })
    .execute();
}

/** The next notices after a number, in order. */
export async function noticesAfter(db: LedgerDb, seq: number, limit: number): Promise<SpooledNotice[]> {
  const rows = await db.selectFrom('notice').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();
  return rows.map((row) => ({ seq: row.seq, notice: JSON.parse(row.body) as AlertNotice }));
}

/** How far a notifier has come. One that is new begins at the spool's end: it is not told of the past. */
export async function notifierSeq(trx: LedgerDb, name: string): Promise<number> {
  const known = await trx.selectFrom('notifier').select('seq').where('name', '=', name).executeTakeFirst();
  if (known) return known.seq;
  const newest = await trx
    .selectFrom('notice')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst();
  const seq = Number(newest?.seq ?? 0);
  await trx.insertInto('notifier').values({ name, seq }).execute();
  return seq;
}

export async function setNotifierSeq(trx: LedgerDb, name: string, seq: number): Promise<void> {
  await trx.updateTable('notifier').set({ seq }).where('name', '=', name).execute();
}

/** Forgets notifiers that are configured no longer: the spool would wait for them for ever. */
export async function keepNotifiers(trx: LedgerDb, names: readonly string[]): Promise<void> {
  let query = trx.deleteFrom('notifier');
  if (names.length > 0) query = query.where('name', 'not in', names);
  await query.execute();
}

/** Drops what every notifier has dealt with, and the oldest beyond so many: a receiver that is gone shall not fill the disk. */
export async function pruneNotices(trx: LedgerDb, keepMax: number): Promise<void> {
  const { first, newest } = await trx
    .selectFrom('notice')
    .select((eb) => [eb.fn.min('seq').as('first'), eb.fn.max('seq').as('newest')])
    .executeTakeFirstOrThrow();
  if (first === null) return;
  const slowest = await trx
    .selectFrom('notifier')
    .select((eb) => eb.fn.min('seq').as('seq'))
    .executeTakeFirst();
  // The newest row stays, so that a notifier that is added later knows where the spool ends.
  const upTo = Math.max(Math.min(Number(slowest?.seq ?? newest), Number(newest) - 1), Number(newest) - keepMax);
  if (upTo >= Number(first)) await trx.deleteFrom('notice').where('seq', '<=', upTo).execute();
}
