import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ColdtrailError } from './lib/errors.ts';
import { type Database, openDatabase } from './lib/sqlite.ts';

/** Where the files of a data directory are. */
export interface DataPaths {
  readonly dir: string;
  readonly journal: string;
  readonly ledger: string;
  readonly frames: string;
}

export function dataPaths(dir: string): DataPaths {
  return {
    dir,
    journal: join(dir, 'journal.db'),
    ledger: join(dir, 'ledger.db'),
    frames: join(dir, 'frames.db'),
  };
}

/**
 * Makes the directory and takes it for writing. The lock is an exclusive SQLite transaction held open: the system
 * drops it when the process dies, however it dies, so there is no stale lock to clean up.
 * @returns releases the lock
 * @throws ColdtrailError DATA_DIR_IN_USE
 */
export function lockDataDir(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  const pidFile = join(dir, 'lock.pid');
  let lock: Database | undefined;
  try {
    // Opening already fails while another process holds the lock: it sets the journal mode.
    lock = openDatabase(join(dir, 'lock.db'), { synchronous: 'OFF', journalMode: 'DELETE', busyTimeoutMs: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock?.close();
    if (!(cause as Error).message.includes('database is locked')) throw cause;
    throw new ColdtrailError(
      'DATA_DIR_IN_USE',
      `another coldtrail process (pid ${readPid(pidFile)}) writes to ${dir}`,
      {
        hint: 'Stop that process, or give this one a directory of its own with --data.',
        cause,
      },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return lock.close.bind(lock);
}

function readPid(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
