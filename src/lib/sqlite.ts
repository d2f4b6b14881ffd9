import { createRequire } from 'node:module';
import type { DatabaseSync } from '@photostructure/sqlite';

export type Database = InstanceType<typeof DatabaseSync>;
export type Statement = ReturnType<Database['prepare']>;

const require = createRequire(import.meta.url);

/**
 * The `node:sqlite` API: the runtime's own from Node 22.13 on, else the package with the same API, whose binary
 * comes prebuilt inside npm. Loaded lazily, since the built-in prints an experimental warning when it loads.
 */
function loadDatabaseSync(): new (file: string, options?: { readOnly?: boolean }) => Database {
  try {
    return require('node:sqlite').DatabaseSync;
  } catch {
    return require('@photostructure/sqlite').DatabaseSync;
  }
}

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** FULL fsyncs the WAL at every commit; NORMAL does not (sqlite.org/pragma.html#pragma_synchronous). */
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF';
  /** Pages in the WAL before SQLite copies them back; larger is faster to write, slower to open after a crash. */
  readonly walPages?: number;
  readonly journalMode?: 'WAL' | 'DELETE';
  readonly busyTimeoutMs?: number;
}

/** Opens a SQLite file; in WAL mode, the default, other processes can read while this one writes. */
export function openDatabase(file: string, options: OpenOptions = {}): Database {
  const DatabaseSync = loadDatabaseSync();
  const db = new DatabaseSync(file, { readOnly: options.readOnly ?? false });
  db.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs ?? 5000}`);
  if (!options.readOnly) {
    db.exec(`PRAGMA journal_mode = ${options.journalMode ?? 'WAL'}`);
    db.exec(`PRAGMA synchronous = ${options.synchronous ?? 'FULL'}`);
    db.exec(`PRAGMA wal_autocheckpoint = ${options.walPages ?? 1000}`);
  }
  return db;
}

/** Runs `work` in one transaction; rolls back when it throws. */
export function transact<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself (disk full, I/O error: sqlite.org/lang_transaction.html §3); the cause is news.
    }
    throw error;
  }
}
