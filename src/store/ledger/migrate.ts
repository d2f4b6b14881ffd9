import { type Kysely, sql } from 'kysely';
import { ColdtrailError } from '../../lib/errors.ts';
import { first } from './migrations/0001-first.ts';
import { genealogy } from './migrations/0002-genealogy.ts';
import { alerts } from './migrations/0003-alerts.ts';
import { breachUnits } from './migrations/0004-breach-units.ts';
import { batchBudgets } from './migrations/0005-batch-budgets.ts';
import { alertHeadlines } from './migrations/0006-alert-headlines.ts';
import { breachFolds } from './migrations/0007-breach-folds.ts';

/** In order; the position makes the version. A released one is never edited. */
const MIGRATIONS: readonly { readonly name: string; readonly up: (db: Kysely<unknown>) => Promise<void> }[] = [
  { name: '0001-first', up: first },
  { name: '0002-genealogy', up: genealogy },
  { name: '0003-alerts', up: alerts },
  { name: '0004-breach-units', up: breachUnits },
  { name: '0005-batch-budgets', up: batchBudgets },
  { name: '0006-alert-headlines', up: alertHeadlines },
  { name: '0007-breach-folds', up: breachFolds },
];

interface MigrationTable {
  ledger_migration: { version: number; name: string };
}

/** Brings the tables to this code's version, in one transaction. @throws DATA_DIR_NEWER */
export async function migrate(db: Kysely<unknown>, file: string): Promise<void> {
  const typed = db as Kysely<MigrationTable>;
  await typed.transaction().execute(async (trx) => {
    await trx.schema
      .createTable('ledger_migration')
      .ifNotExists()
      .addColumn('version', 'integer', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .execute();
    const version = await currentVersion(trx);
    refuseNewer(version, file);
    for (const [i, migration] of MIGRATIONS.entries()) {
      if (i < version) continue;
      await migration.up(trx as unknown as Kysely<unknown>);
      await trx
        .insertInto('ledger_migration')
        .values({ version: i + 1, name: migration.name })
        .execute();
    }
  });
}

/** For a reader, which cannot migrate. @throws DATA_DIR_NEWER, NO_DATA */
export async function checkVersion(db: Kysely<unknown>, file: string): Promise<void> {
  const version = await currentVersion(db as Kysely<MigrationTable>).catch(() => 0);
  refuseNewer(version, file);
  if (version < MIGRATIONS.length) {
    throw new ColdtrailError('NO_DATA', `${file} has no tables of this version yet`, {
      hint: 'Start `coldtrail serve` (or `demo`) once on this data directory.',
    });
  }
}

async function currentVersion(db: Kysely<MigrationTable>): Promise<number> {
  const row = await db
    .selectFrom('ledger_migration')
    .select(sql<number | null>`max(version)`.as('version'))
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}

function refuseNewer(version: number, file: string): void {
  if (version <= MIGRATIONS.length) return;
  throw new ColdtrailError(
    'DATA_DIR_NEWER',
    `${file} is at ledger version ${version}; this program knows ${MIGRATIONS.length}`,
    { hint: 'Use the newer program, or another data directory.' },
  );
}
