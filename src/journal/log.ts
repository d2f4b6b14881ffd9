import { crc32 } from 'node:zlib';
import { ColdtrailError } from '../lib/errors.ts';
import { type Database, openDatabase, type Statement, transact } from '../lib/sqlite.ts';
import { decodeRecord, type JournalRecord } from './record.ts';

/** What the journal knows of one record beside its body. */
export interface RecordMeta {
  readonly arrivedMs: number;
  readonly clockMs: number;
  readonly frames: number;
}

/** Where the journal stands. `headOffset` 0: nothing was ever written. */
export interface JournalState {
  readonly firstOffset: number;
  readonly headOffset: number;
  /** Bytes of all records kept. */
  readonly bytes: number;
  /** The highest clock ever recorded; 0 on an empty journal. */
  readonly clockMs: number;
}

/** AUTOINCREMENT: an offset is never given twice, not even after everything was trimmed. */
const SCHEMA = `CREATE TABLE IF NOT EXISTS record (
  record_offset INTEGER PRIMARY KEY AUTOINCREMENT,
  arrived_ms INTEGER NOT NULL, clock_ms INTEGER NOT NULL, frames INTEGER NOT NULL,
  bytes INTEGER NOT NULL, crc INTEGER NOT NULL, body BLOB NOT NULL)`;

/** How many records one trim deletes at most, so that commits are never held up for long. */
export const TRIM_RECORDS_MAX = 16;

/** The writing end: one row per group commit, fsynced at each (`synchronous=FULL`). Lives in the journal's thread. */
export class JournalLog {
  readonly #db: Database;
  readonly #insert: Statement;
  #bytes: number;
  /** Of the records that not every projection has passed; all of them, until it is told how far those have come. */
  #unprojectedBytes: number;
  #projectedOffset = 0;
  #clockMs: number;

  /** @param fsync false only for the benchmark's comparison and for throw-away runs */
  constructor(file: string, fsync: boolean) {
    this.#db = openDatabase(file, { synchronous: fsync ? 'FULL' : 'OFF', walPages: 4000 });
    this.#db.exec(SCHEMA);
    this.#insert = this.#db.prepare(
      'INSERT INTO record (arrived_ms, clock_ms, frames, bytes, crc, body) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const state = readState(this.#db);
    this.#bytes = state.bytes;
    this.#unprojectedBytes = state.bytes;
    this.#clockMs = state.clockMs;
  }

  /** Appends one record; durable when it returns. @returns its offset */
  append(meta: RecordMeta, body: Uint8Array): number {
    this.#clockMs = Math.max(this.#clockMs, meta.clockMs);
    const { lastInsertRowid } = this.#insert.run(
      Math.round(meta.arrivedMs),
      Math.round(this.#clockMs),
      meta.frames,
      body.length,
      crc32(body),
      body,
    );
    this.#bytes += body.length;
    this.#unprojectedBytes += body.length;
    return Number(lastInsertRowid);
  }

  /** Bytes of the records that not every projection has passed. */
  get unprojectedBytes(): number {
    return this.#unprojectedBytes;
  }

  /** Every projection has passed this offset; it never goes back. */
  projected(offset: number): void {
    const { bytes } = this.#db
      .prepare('SELECT sum(bytes) AS bytes FROM record WHERE record_offset > ? AND record_offset <= ?')
      .get(this.#projectedOffset, offset) as { bytes: number | null };
    this.#unprojectedBytes -= bytes ?? 0;
    this.#projectedOffset = Math.max(this.#projectedOffset, offset);
  }

  get headOffset(): number {
    return readState(this.#db).headOffset;
  }

  /**
   * Deletes the oldest records that every projection has passed, while the journal holds more than `keepBytes` or
   * they arrived before `keepFromMs`. A few at a time, so that no commit waits long.
   */
  trim(keepBytes: number, keepFromMs: number): void {
    const rows = this.#db
      .prepare('SELECT record_offset AS o, bytes AS b, arrived_ms AS a FROM record ORDER BY record_offset LIMIT ?')
      .all(TRIM_RECORDS_MAX) as { o: number; b: number; a: number }[];
    let last = 0;
    let freed = 0;
    for (const row of rows) {
      if (row.o > this.#projectedOffset) break;
      if (this.#bytes - freed <= keepBytes && row.a >= keepFromMs) break;
      last = row.o;
      freed += row.b;
    }
    if (last === 0) return;
    transact(this.#db, () => this.#db.prepare('DELETE FROM record WHERE record_offset <= ?').run(last));
    this.#bytes -= freed;
  }

  close(): void {
    this.#db.close();
  }
}

/** The reading end: any number of them, in any process, beside the writer. */
export class JournalReader {
  readonly #db: Database;
  readonly #next: Statement;

  constructor(file: string) {
    this.#db = openDatabase(file, { readOnly: true });
    this.#next = this.#db.prepare(
      `SELECT record_offset, arrived_ms, clock_ms, crc, body FROM record WHERE record_offset > ?
       ORDER BY record_offset LIMIT 1`,
    );
  }

  /** The first record after the offset, or undefined at the head. @throws ColdtrailError JOURNAL_CORRUPT */
  next(afterOffset: number): (JournalRecord & { offset: number }) | undefined {
    const row = this.#next.get(afterOffset) as
      | { record_offset: number; arrived_ms: number; clock_ms: number; crc: number; body: Uint8Array }
      | undefined;
    if (!row) return undefined;
    if (crc32(row.body) !== row.crc) {
      throw new ColdtrailError('JOURNAL_CORRUPT', `journal record ${row.record_offset} fails its checksum`, {
        hint: 'The disk or a copy of the file is damaged. Restore journal.db from a copy.',
      });
    }
    return {
      offset: row.record_offset,
      arrivedMs: row.arrived_ms,
      clockMs: row.clock_ms,
      ...decodeRecord(row.body, row.record_offset),
    };
  }

  state(): JournalState {
    return readState(this.#db);
  }

  close(): void {
    this.#db.close();
  }
}

function readState(db: Database): JournalState {
  const row = db.prepare('SELECT min(record_offset) AS f, sum(bytes) AS b, max(clock_ms) AS c FROM record').get() as {
    f: number | null;
    b: number | null;
    c: number | null;
  };
  const head = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'record'").get() as { seq: number } | undefined;
  const headOffset = head?.seq ?? 0;
  return { firstOffset: row.f ?? headOffset + 1, headOffset, bytes: row.b ?? 0, clockMs: row.c ?? 0 };
}
