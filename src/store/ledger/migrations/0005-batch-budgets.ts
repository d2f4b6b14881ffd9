import type { Kysely } from 'kysely';

/** What batches have used of their budgets. Batches that ended before are judged by a rebuild only. */
export async function batchBudgets(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('batch_budget')
    .addColumn('batch', 'text', (c) => c.primaryKey())
    .addColumn('judged_ms', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('report', 'text', (c) => c.notNull())
    .execute();
}
