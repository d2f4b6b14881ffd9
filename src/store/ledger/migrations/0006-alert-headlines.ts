import { type Kysely, sql } from 'kysely';

/**
 * An alert says in words what it is about, the likely cause first, and sick sensors no longer share an alert with the
 * climate. The projections derive all alerts anew at their next start; the outside is not told of that.
 */
export async function alertHeadlines(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('alert')
    .addColumn('about', 'text', (c) => c.notNull().defaultTo('cargo'))
    .execute();
  await db.schema
    .alterTable('alert')
    .addColumn('headline', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await db.schema.alterTable('alert').addColumn('cause_id', 'text').execute();
  // An alert's breaches are found by the ids it holds.
  await db.schema.dropTable('alert_member').execute();
  // Alerts of an asset that ended lately, or not yet, are looked for in every cycle: the past must not be in the way.
  await db.schema.dropIndex('alert_by_asset').execute();
  await db.schema.createIndex('alert_by_asset').on('alert').columns(['asset', 'end_ms']).execute();
  await sql`delete from projection where name = 'alerts-derived'`.execute(db);
}
