import { type Dialect, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import type { Database, Statement } from '../../lib/sqlite.ts';

/** Prepared statements kept for reuse; kysely compiles the same few hundred texts again and again. */
const STATEMENTS_MAX = 256;

/** Text that answers rows. kysely writes all of it, and never a data-changing WITH. */
const ANSWERS_ROWS = /^\s*(?:select|with|pragma)\b|\breturning\b/i;

/**
 * Runs kysely on a `node:sqlite` database; closing kysely closes it. Transactions begin IMMEDIATE where the database
 * is writable: a deferred one that reads first fails with SQLITE_BUSY_SNAPSHOT when another process wrote meanwhile,
 * and no busy_timeout helps there (sqlite.org/isolation.html).
 */
export function sqliteDialect(db: Database, options: { readOnly: boolean }): Dialect {
  return new SqliteDialect({ database: adapt(db, options.readOnly ? 'begin' : 'begin immediate') });
}

function adapt(db: Database, begin: string): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      let statement = prepared.get(sql);
      if (statement) {
        prepared.delete(sql);
      } else {
        statement = adaptStatement(db.prepare(sql === 'begin' ? begin : sql), ANSWERS_ROWS.test(sql));
        if (prepared.size >= STATEMENTS_MAX) prepared.delete(prepared.keys().next().value!);
      }
      // Put at the end: the map's order is the order of last use.
      prepared.set(sql, statement);
      return statement;
    },
    close() {
      prepared.clear();
      db.close();
    },
  };
}

function adaptStatement(statement: Statement, reader: boolean): SqliteStatement {
  return {
    reader,
    all: (parameters) => statement.all(...parameters),
    run: (parameters) => statement.run(...parameters),
    iterate: (parameters) => statement.iterate(...parameters),
  };
}
