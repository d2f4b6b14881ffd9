import type { LedgerDb } from './ledger.ts';

/** Up to where a projection has taken the journal in; null before its first record. */
export async function getOffset(db: LedgerDb, projection: string): Promise<number | null> {
  const row = await db
    .selectFrom('projection')
    .select('journal_offset')
    .where('name', '=', projection)
    .executeTakeFirst();
  return row?.journal_offset ?? null;
}

/** Set it in the transaction that writes what the offset stands for. */
export async function setOffset(trx: LedgerDb, projection: string, journalOffset: number): Promise<void> {
  await trx
    .insertInto('projection')
    .values({ name: projection, journal_offset: journalOffset })
    .onConflict((c) => c.column('name').doUpdateSet({ journal_offset: journalOffset }))
    .execute();
}
