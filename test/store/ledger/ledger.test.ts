import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../src/lib/sqlite.ts';
import { projectAlerts } from '../../../src/project/alert-projection.ts';
import { listAlerts } from '../../../src/store/ledger/alerts.ts';
import { listBreaches } from '../../../src/store/ledger/breaches.ts';
import { openLedger } from '../../../src/store/ledger/ledger.ts';
import { noticesAfter } from '../../../src/store/ledger/notices.ts';
import { getOffset, setOffset } from '../../../src/store/ledger/offsets.ts';
import { type TempDir, tempDir } from '../../harness/temp-dir.ts';

let dir: TempDir;
let file: string;
beforeEach(() => {
  dir = tempDir('ledger');
  file = join(dir.path, 'ledger.db');
});
afterEach(() => dir.remove());

test('what a transaction wrote is there after a reopen; what a failed one wrote is not', async () => {
  const ledger = await openLedger(file);
  await ledger.transact((trx) => setOffset(trx, 'frames', 7));
  const failed = ledger.transact(async (trx) => {
    await setOffset(trx, 'frames', 8);
    throw new Error('half-way');
  });
  await expect(failed).rejects.toThrow('half-way');
  await ledger.close();

  const again = await openLedger(file);
  expect(await getOffset(again.db, 'frames')).toBe(7);
  expect(await getOffset(again.db, 'none')).toBeNull();
  await again.close();
});

test('a reader sees the last commit while a writer is in a transaction, and cannot write', async () => {
  const writer = await openLedger(file);
  await writer.transact((trx) => setOffset(trx, 'frames', 1));
  const reader = await openLedger(file, { readOnly: true });
  await writer.transact(async (trx) => {
    await setOffset(trx, 'frames', 2);
    expect(await getOffset(reader.db, 'frames')).toBe(1);
  });
  expect(await getOffset(reader.db, 'frames')).toBe(2);
  await expect(setOffset(reader.db, 'frames', 3)).rejects.toThrow(/readonly/);
  await reader.close();
  await writer.close();
});

test('a reader opens a ledger that its writer closed', async () => {
  const writer = await openLedger(file);
  await setOffset(writer.db, 'frames', 5);
  await writer.close();
  const reader = await openLedger(file, { readOnly: true });
  expect(await getOffset(reader.db, 'frames')).toBe(5);
  await reader.close();
});

test('a writer that reads first still gets to write when another process wrote meanwhile', async () => {
  const a = await openLedger(file);
  const b = await openLedger(file);
  await a.transact(async (trx) => {
    await getOffset(trx, 'frames');
    await setOffset(trx, 'frames', 1);
  });
  await b.transact(async (trx) => {
    const at = await getOffset(trx, 'frames');
    await setOffset(trx, 'frames', at! + 1);
  });
  expect(await getOffset(a.db, 'frames')).toBe(2);
  await a.close();
  await b.close();
});

test('a ledger of a newer version is refused, by writer and reader', async () => {
  await (await openLedger(file)).close();
  const raw = openDatabase(file);
  raw.exec("INSERT INTO ledger_migration VALUES (99, '0099-later')");
  raw.close();
  await expect(openLedger(file)).rejects.toMatchObject({ code: 'DATA_DIR_NEWER' });
  await expect(openLedger(file, { readOnly: true })).rejects.toMatchObject({ code: 'DATA_DIR_NEWER' });
});

test('a ledger of the first version gets the tables of this one, and keeps what it has', async () => {
  const first = await openLedger(file);
  await first.transact((trx) => setOffset(trx, 'frames', 7));
  await first.close();
  const raw = openDatabase(file);
  const later = 'genealogy unit_content batch_budget alert alert_revision acknowledgement notice notifier';
  for (const table of later.split(' ')) raw.exec(`DROP TABLE ${table}`);
  raw.exec(`
    ALTER TABLE breach DROP COLUMN late;
    ALTER TABLE breach DROP COLUMN unit;
    ALTER TABLE breach DROP COLUMN about;
    ALTER TABLE breach DROP COLUMN cause;
    ALTER TABLE breach DROP COLUMN fold;
    ALTER TABLE breach RENAME COLUMN limit_value TO limit_c;
    ALTER TABLE breach RENAME COLUMN peak_value TO peak_c;
    INSERT INTO breach_revision VALUES ('a',1,'raised',2,'{"id":"a","limitC":4,"peakC":5}');
    CREATE TABLE alert (breach_id text PRIMARY KEY, state text, acknowledged integer, late integer, withdrawn integer,
      raised_ms bigint, cleared_ms bigint);
    CREATE INDEX alert_by_state ON alert (state);
    INSERT INTO breach VALUES ('a','d','pulp-1','c/t','pulp-frozen','p','alarm',4,1,2,NULL,NULL,5,1,0),
                              ('b','d','pulp-1','c/t','r','p','alarm',4,5,6,9,'recovered',5,5,0);
    INSERT INTO alert VALUES ('a','ACTIVE',0,0,0,2,NULL), ('b','CLEARED',0,1,0,6,9);
    DELETE FROM ledger_migration WHERE version > 1`);
  raw.close();
  await expect(openLedger(file, { readOnly: true })).rejects.toMatchObject({ code: 'NO_DATA' });
  const ledger = await openLedger(file);
  expect(await ledger.db.selectFrom('unit_content').selectAll().execute()).toEqual([]);
  expect(await ledger.db.selectFrom('genealogy').selectAll().execute()).toEqual([]);
  expect(await getOffset(ledger.db, 'frames')).toBe(7);
  const late = await ledger.db.selectFrom('breach').select(['id', 'late']).orderBy('id').execute();
  expect(late).toEqual([
    { id: 'a', late: 0 },
    { id: 'b', late: 1 },
  ]);
  const [oldest] = await listBreaches(ledger.db);
  expect(oldest).toMatchObject({ limit: 4, peak: 5, unit: 'Cel', about: 'cargo', fold: 'freezing' });
  const { body } = await ledger.db.selectFrom('breach_revision').selectAll().executeTakeFirstOrThrow();
  expect(body).toBe('{"about":"cargo","cause":null,"id":"a","limit":4,"peak":5,"unit":"Cel"}');
  // The next cycle makes the alerts of the breaches that are there.
  const cycle = { breachChanges: [], changedHolders: [], fromOffset: 7, toOffset: 8, clockMs: 20 };
  const options = { groupGapMs: 5, escalateAfterMs: 0, outOfCoverageMs: 0, spoolMax: 100, notify: true };
  await ledger.transact((trx) => projectAlerts(trx, cycle, options));
  expect(await listAlerts(ledger.db)).toMatchObject([{ breachIds: ['a', 'b'], knownMs: 20 }]);
  expect(await noticesAfter(ledger.db, 0, 10)).toEqual([]);
  await ledger.close();
});

test('a reader of no file, or of a file without tables, is told that there is no data', async () => {
  await expect(openLedger(file, { readOnly: true })).rejects.toMatchObject({ code: 'NO_DATA' });
  openDatabase(file).close();
  await expect(openLedger(file, { readOnly: true })).rejects.toMatchObject({ code: 'NO_DATA' });
});

test('commits are fsynced: WAL with synchronous = FULL', async () => {
  const ledger = await openLedger(file);
  const pragma = async (name: string) =>
    (await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(ledger.db)).rows;
  expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }]);
  await ledger.close();
});
