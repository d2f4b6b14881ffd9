import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDatabase, transact } from '../../src/lib/sqlite.ts';
import { tempDir } from '../harness/temp-dir.ts';

const temp = tempDir('sqlite');
afterAll(() => temp.remove());

test('a full disk is told as such, though SQLite has rolled back before we could', () => {
  const db = openDatabase(join(temp.path, 'full.db'));
  db.exec('CREATE TABLE t (b BLOB); PRAGMA max_page_count = 50');
  const fill = db.prepare('INSERT INTO t VALUES (?)');
  const work = () => {
    for (let i = 0; i < 100; i++) fill.run(new Uint8Array(10_000));
  };
  expect(() => transact(db, work)).toThrow(/disk is full/);
  expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
  db.close();
});
