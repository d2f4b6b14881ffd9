import { type Kysely, sql } from 'kysely';

/**
 * An alert groups breaches: the table that held one for each breach goes, and what it knew of a breach alone (`late`)
 * moves to the breach. The projections derive the alerts of breaches that are there already at their next start.
 */
export async function alerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('breach')
    .addColumn('late', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`update breach set late = 1 where id in (select breach_id from alert where late = 1)`.execute(db);
  await db.schema.dropTable('alert').execute();
  await alertTables(db);
  await noticeTables(db);
}

async function alertTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alert')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('asset', 'text', (c) => c.notNull())
    .addColumn('orgs', 'text', (c) => c.notNull())
    .addColumn('severity', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('start_ms', 'bigint', (c) => c.notNull())
    .addColumn('raised_ms', 'bigint', (c) => c.notNull())
    .addColumn('end_ms', 'bigint')
    .addColumn('late', 'integer', (c) => c.notNull())
    .addColumn('withdrawn', 'integer', (c) => c.notNull())
    .addColumn('merged_into', 'text')
    .addColumn('known_ms', 'bigint', (c) => c.notNull())
    .addColumn('cleared_ms', 'bigint')
    .addColumn('waiting_ms', 'bigint')
    .addColumn('escalated_ms', 'bigint')
    .addColumn('ack_by', 'text')
    .addColumn('ack_note', 'text')
    .addColumn('ack_ms', 'bigint')
    .addColumn('breach_ids', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('alert_by_state').on('alert').columns(['state', 'known_ms']).execute();
  await db.schema.createIndex('alert_by_asset').on('alert').columns(['asset', 'start_ms']).execute();
  await db.schema
    .createTable('alert_member')
    .addColumn('breach_id', 'text', (c) => c.primaryKey())
    .addColumn('alert_id', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('alert_member_by_alert').on('alert_member').column('alert_id').execute();
  await db.schema
    .createTable('alert_revision')
    .addColumn('alert_id', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('as_of_ms', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('alert_revision_pk', ['alert_id', 'revision'])
    .execute();
}

async function noticeTables(db: Kysely<unknown>): Promise<void> {
  // Input, not a projection: a rebuild leaves it as it is.
  await db.schema
    .createTable('acknowledgement')
    .addColumn('breach_id', 'text', (c) => c.notNull())
    .addColumn('severity', 'text', (c) => c.notNull())
    .addColumn('by_name', 'text', (c) => c.notNull())
    .addColumn('note', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('journal_offset', 'bigint', (c) => c.notNull())
    .addColumn('void', 'integer', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('acknowledgement_by_breach').on('acknowledgement').column('breach_id').execute();
  // AUTOINCREMENT: a number is never given twice, or a receiver would take a new notice for a repeat.
  await db.schema
    .createTable('notice')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('notifier')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .execute();
}
