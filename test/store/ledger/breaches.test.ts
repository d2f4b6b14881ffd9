import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Breach, BreachReason } from '../../../src/contract/breach.ts';
import { clearBreaches, listBreaches, writeBreachChanges } from '../../../src/store/ledger/breaches.ts';
import { type Ledger, openLedger } from '../../../src/store/ledger/ledger.ts';
import { breach as openBreach } from '../../alerts/breaches.ts';
import { type TempDir, tempDir } from '../../harness/temp-dir.ts';

let dir: TempDir;
let ledger: Ledger;
beforeEach(async () => {
  dir = tempDir('ledger-breaches');
  ledger = await openLedger(join(dir.path, 'ledger.db'));
});
afterEach(async () => {
  await ledger.close();
  dir.remove();
});

const breach = (over: Partial<Breach> = {}): Breach =>
  openBreach({
    id: 'c/d1:pulp-1:pulp-high:1000',
    startMs: 1000,
    raisedMs: 2000,
    peak: 4.25,
    peakMs: 1500,
    ...over,
  });

const write = (change: BreachReason, of: Breach, asOfMs: number) =>
  ledger.transact((trx) => writeBreachChanges(trx, [{ change, breach: of }], asOfMs));

const revisions = () =>
  ledger.db.selectFrom('breach_revision').select(['revision', 'change', 'as_of_ms']).orderBy('revision').execute();

const ended = { endMs: 9000, endedBy: 'recovered' as const };

test('a breach is raised, changes, and is cleared; each change but a moving peak is a revision and touches its asset', async () => {
  expect(await write('raised', breach(), 10)).toEqual(new Map([['c/truck', 1000]]));
  expect(await write('changed', breach({ peak: 6, peakMs: 3000 }), 15)).toEqual(new Map());
  expect(await listBreaches(ledger.db)).toMatchObject([{ peak: 6, peakMs: 3000 }]);
  await write('changed', breach({ peak: 6, raisedMs: 1900 }), 20);
  const last = breach({ peak: 6, raisedMs: 1900, ...ended });
  await write('cleared', last, 30);
  expect(await listBreaches(ledger.db)).toEqual([last]);
  expect(await revisions()).toEqual([
    { revision: 1, change: 'raised', as_of_ms: 10 },
    { revision: 2, change: 'changed', as_of_ms: 20 },
    { revision: 3, change: 'cleared', as_of_ms: 30 },
  ]);
});

test('the same content written again changes nothing', async () => {
  await write('raised', breach(), 10);
  expect(await write('raised', breach(), 99)).toEqual(new Map());
  expect(await revisions()).toHaveLength(1);
});

test('a breach whose device was on another asset touches both', async () => {
  await write('raised', breach(), 10);
  const moved = await write('changed', breach({ asset: 'c/other' }), 20);
  expect(moved).toEqual(
    new Map([
      ['c/other', 1000],
      ['c/truck', 1000],
    ]),
  );
});

test('one found in late data is late for good', async () => {
  const late = async () => (await ledger.db.selectFrom('breach').select('late').executeTakeFirstOrThrow()).late;
  await write('raised-late', breach(ended), 10);
  await write('changed', breach({ ...ended, peak: 7 }), 20);
  expect(await late()).toBe(1);
});

test('a withdrawn one stays on record but is listed only when asked for, and may come back', async () => {
  await write('raised', breach(), 10);
  await write('withdrawn', breach(), 20);
  expect(await listBreaches(ledger.db)).toEqual([]);
  expect(await listBreaches(ledger.db, { includeWithdrawn: true })).toEqual([breach()]);
  await write('raised-late', breach(), 30);
  expect(await listBreaches(ledger.db)).toEqual([breach()]);
});

test('lists by device, asset and overlap of half-open intervals, in order of start', async () => {
  const early = breach({ id: 'b', startMs: 0, endMs: 500, endedBy: 'recovered', device: 'c/d2', asset: 'c/other' });
  const open = breach({ id: 'a', startMs: 1000 });
  await write('raised', open, 1);
  await write('raised', early, 2);
  const ids = async (filter: Parameters<typeof listBreaches>[1]) =>
    (await listBreaches(ledger.db, filter)).map((b) => b.id);
  expect(await ids({})).toEqual(['b', 'a']);
  expect(await ids({ devices: ['c/d1'] })).toEqual(['a']);
  expect(await ids({ assets: ['c/other', 'c/none'] })).toEqual(['b']);
  expect(await ids({ interval: { fromMs: 500, toMs: Infinity } })).toEqual(['a']);
  expect(await ids({ interval: { fromMs: 499, toMs: 1000 } })).toEqual(['b']);
  expect(await ids({ interval: { fromMs: -Infinity, toMs: Infinity } })).toEqual(['b', 'a']);
});

test('all go with a rebuild', async () => {
  await write('raised', breach({ id: 'x' }), 1);
  await ledger.transact(clearBreaches);
  expect(await listBreaches(ledger.db)).toEqual([]);
  expect(await revisions()).toEqual([]);
});
