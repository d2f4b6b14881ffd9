import type { Kysely } from 'kysely';

/** Which batches were made of which, and what is packed in which unit. */
export async function genealogy(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('genealogy')
    .addColumn('event_id', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('batch', 'text', (c) => c.notNull())
    .addColumn('quantity_kg', 'double precision')
    .addColumn('time_ms', 'bigint', (c) => c.notNull())
    .addColumn('transformation', 'text')
    .addColumn('asset', 'text')
    .addColumn('org', 'text')
    .addColumn('produce', 'text')
    .addPrimaryKeyConstraint('genealogy_pk', ['event_id', 'role', 'batch'])
    .execute();
  await db.schema.createIndex('genealogy_by_batch').on('genealogy').columns(['batch', 'role']).execute();
  await db.schema
    .createTable('unit_content')
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('child', 'text', (c) => c.notNull())
    .addColumn('quantity_kg', 'double precision')
    .addColumn('from_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_ms', 'bigint')
    .addColumn('event_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('unit_content_pk', ['unit', 'child', 'from_ms'])
    .execute();
  await db.schema.createIndex('unit_content_by_child').on('unit_content').column('child').execute();
}
