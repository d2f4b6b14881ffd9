import type { Kysely } from 'kysely';

/** `bytea` is PostgreSQL's name; SQLite gives it NUMERIC affinity, which leaves blobs as they are (datatype3 §3.1). */
export async function first(db: Kysely<unknown>): Promise<void> {
  await registryTables(db);
  await timelineTables(db);
  await breachTables(db);
  await projectionTables(db);
}

async function registryTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('org')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('role', 'text')
    .execute();
  await db.schema
    .createTable('asset')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('org', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('lat', 'double precision')
    .addColumn('lon', 'double precision')
    .execute();
  await db.schema
    .createTable('device')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('org', 'text', (c) => c.notNull())
    .addColumn('secret_hash', 'text')
    .execute();
  await db.schema
    .createTable('device_channel')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('device_channel_pk', ['device', 'channel'])
    .execute();
  await db.schema
    .createTable('client')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('secret_hash', 'text', (c) => c.notNull())
    .addColumn('publish', 'text', (c) => c.notNull())
    .addColumn('subscribe', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('product')
    .addColumn('company_prefix', 'text', (c) => c.notNull())
    .addColumn('item_ref', 'text', (c) => c.notNull())
    .addColumn('produce', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('product_pk', ['company_prefix', 'item_ref'])
    .execute();
}

async function timelineTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('placement')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('asset', 'text', (c) => c.notNull())
    .addColumn('from_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_ms', 'bigint')
    .addPrimaryKeyConstraint('placement_pk', ['device', 'from_ms'])
    .execute();
  await db.schema.createIndex('placement_by_asset').on('placement').columns(['asset', 'from_ms']).execute();
  await db.schema
    .createTable('batch')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('company_prefix', 'text', (c) => c.notNull())
    .addColumn('item_ref', 'text', (c) => c.notNull())
    .addColumn('lot', 'text', (c) => c.notNull())
    .addColumn('produce', 'text')
    .addColumn('quantity_kg', 'double precision')
    .addColumn('commissioned_ms', 'bigint')
    .execute();
  await db.schema.createIndex('batch_by_lot').on('batch').column('lot').execute();
  await db.schema
    .createTable('event')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('time_ms', 'bigint', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('journal_offset', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('event_subject')
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('event_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('event_subject_pk', ['subject', 'event_id'])
    .execute();
  await db.schema
    .createTable('custody')
    .addColumn('batch', 'text', (c) => c.notNull())
    .addColumn('org', 'text', (c) => c.notNull())
    .addColumn('asset', 'text', (c) => c.notNull())
    .addColumn('from_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_ms', 'bigint')
    .addColumn('event_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('custody_pk', ['batch', 'from_ms'])
    .execute();
  await db.schema.createIndex('custody_by_asset').on('custody').columns(['asset', 'from_ms']).execute();
}

async function breachTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('breach')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('asset', 'text', (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('profile', 'text', (c) => c.notNull())
    .addColumn('severity', 'text', (c) => c.notNull())
    .addColumn('limit_c', 'double precision', (c) => c.notNull())
    .addColumn('start_ms', 'bigint', (c) => c.notNull())
    .addColumn('raised_ms', 'bigint', (c) => c.notNull())
    .addColumn('end_ms', 'bigint')
    .addColumn('ended_by', 'text')
    .addColumn('peak_c', 'double precision', (c) => c.notNull())
    .addColumn('peak_ms', 'bigint', (c) => c.notNull())
    .addColumn('withdrawn', 'integer', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('breach_by_device').on('breach').columns(['device', 'start_ms']).execute();
  await db.schema.createIndex('breach_by_asset').on('breach').columns(['asset', 'start_ms']).execute();
  await db.schema
    .createTable('breach_revision')
    .addColumn('breach_id', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('change', 'text', (c) => c.notNull())
    .addColumn('as_of_ms', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('breach_revision_pk', ['breach_id', 'revision'])
    .execute();
  await db.schema
    .createTable('alert')
    .addColumn('breach_id', 'text', (c) => c.primaryKey())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('acknowledged', 'integer', (c) => c.notNull())
    .addColumn('late', 'integer', (c) => c.notNull())
    .addColumn('withdrawn', 'integer', (c) => c.notNull())
    .addColumn('raised_ms', 'bigint', (c) => c.notNull())
    .addColumn('cleared_ms', 'bigint')
    .execute();
  await db.schema.createIndex('alert_by_state').on('alert').column('state').execute();
}

async function projectionTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dead_letter')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('payload', 'bytea', (c) => c.notNull())
    .addColumn('payload_bytes', 'integer', (c) => c.notNull())
    .addColumn('arrived_ms', 'bigint', (c) => c.notNull())
    .addColumn('device', 'text')
    .addColumn('detail', 'text')
    .execute();
  await db.schema.createIndex('dead_letter_by_arrival').on('dead_letter').column('arrived_ms').execute();
  await db.schema
    .createTable('projection')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('journal_offset', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('detect_state')
    .addColumn('device', 'text', (c) => c.primaryKey())
    .addColumn('time_ms', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('detect_checkpoint')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('time_ms', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('detect_checkpoint_pk', ['device', 'time_ms'])
    .execute();
}
