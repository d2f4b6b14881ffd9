import { existsSync } from 'node:fs';
import { Kysely, type Transaction } from 'kysely';
import { ColdtrailError } from '../../lib/errors.ts';
import { openDatabase } from '../../lib/sqlite.ts';
import { sqliteDialect } from './dialect.ts';
import { checkVersion, migrate } from './migrate.ts';
import type { LedgerTables } from './schema.ts';

/** What the ledger's functions take first: the database, or a transaction on it. */
export type LedgerDb = Kysely<LedgerTables>;

/**
 * Who is in the chain, what happened to the batches, and what was found: everything but the frames. One process
 * owns it and writes; any number read meanwhile (WAL), and people acknowledge alerts.
 */
export interface Ledger {
  readonly file: string;
  readonly db: LedgerDb;
  /** Runs the work in one transaction; all of it lasts, fsynced, or none. */
  transact<T>(work: (trx: Transaction<LedgerTables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface LedgerOptions {
  readonly readOnly?: boolean;
  /** Writes now and then beside the process that owns the ledger: neither makes it nor changes its tables. */
  readonly beside?: boolean;
  /** How long a transaction waits for another process to end its own. */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens a ledger file; its owner makes it and brings its tables up to date first.
 * @throws DATA_DIR_NEWER; for all but the owner also NO_DATA
 */
export async function openLedger(file: string, options: LedgerOptions = {}): Promise<Ledger> {
  const readOnly = options.readOnly ?? false;
  const isOwner = !readOnly && !options.beside;
  const wait = options.busyTimeoutMs === undefined ? {} : { busyTimeoutMs: options.busyTimeoutMs };
  if (!isOwner && !existsSync(file)) {
    throw new ColdtrailError('NO_DATA', `there is no ledger at ${file}`, {
      hint: 'Run `coldtrail demo` or `coldtrail serve` first, or name the data directory with --data.',
    });
  }
  // FULL: a trimmed journal can no longer tell what a ledger commit lost to a power cut held.
  const db = new Kysely<LedgerTables>({
    dialect: sqliteDialect(openDatabase(file, { readOnly, synchronous: 'FULL', ...wait }), { readOnly }),
  });
  try {
    await (isOwner ? migrate : checkVersion)(db as unknown as Kysely<unknown>, file);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    file,
    db,
    transact: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
  };
}
