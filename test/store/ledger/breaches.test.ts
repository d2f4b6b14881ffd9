import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertChange, Breach } from '../../../src/contract/breach.ts';
import {
  clearBreaches,
  countOpenAlerts,
  listAlerts,
  listBreaches,
  writeBreachChanges,
} from '../../../src/store/ledger/breaches.ts';
import { type Ledger, openLedger } from '../../../src/store/ledger/ledger.ts';
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

const breach = (over: Partial<Breach> = {}): Breach => ({
  id: 'c/d1:pulp-1:pulp-high:1000',
  device: 'c/d1',
  channel: 'pulp-1',
  asset: 'c/truck',
  rule: 'pulp-high',
  profile: 'prune',
  severity: 'alarm',
  limitC: 4,
  startMs: 1000,
  raisedMs: 2000,
  endMs: null,
  endedBy: null,
  peakC: 4.25,
  peakMs: 1500,
  ...over,
});

const write = (change: AlertChange, of: Breach, asOfMs: number) =>
  ledger.transact((trx) => writeBreachChanges(trx, [{ change, breach: of }], asOfMs));

const alertOf = async (id: string) => (await listAlerts(ledger.db)).find((a) => a.breach.id === id)?.alert;

const revisions = () =>
  ledger.db.selectFrom('breach_revision').select(['revision', 'change', 'as_of_ms']).orderBy('revision').execute();

const ended = { endMs: 9000, endedBy: 'recovered' as const };

test('a breach is raised, changes, and is cleared; its alert follows; each change but a moving peak is a revision', async () => {
  const first = breach();
  await write('raised', first, 10);
  expect(await alertOf(first.id)).toEqual({
    breachId: first.id,
    state: 'ACTIVE',
    acknowledged: false,
    late: false,
    withdrawn: false,
    raisedMs: 10,
    clearedMs: null,
  });
  await write('changed', breach({ peakC: 6, peakMs: 3000 }), 15);
  expect(await listBreaches(ledger.db)).toMatchObject([{ peakC: 6, peakMs: 3000 }]);
  await write('changed', breach({ peakC: 6, raisedMs: 1900 }), 20);
  const last = breach({ peakC: 6, raisedMs: 1900, ...ended });
  await write('cleared', last, 30);
  expect(await listBreaches(ledger.db)).toEqual([last]);
  expect(await alertOf(first.id)).toMatchObject({ state: 'CLEARED', raisedMs: 10, clearedMs: 30 });
  expect(await revisions()).toEqual([
    { revision: 1, change: 'raised', as_of_ms: 10 },
    { revision: 2, change: 'changed', as_of_ms: 20 },
    { revision: 3, change: 'cleared', as_of_ms: 30 },
  ]);
});

test('the same content written again changes nothing', async () => {
  await write('raised', breach(), 10);
  await write('raised', breach(), 99);
  expect(await revisions()).toHaveLength(1);
  expect(await alertOf(breach().id)).toMatchObject({ raisedMs: 10 });
});

test('one found in late data is late for good, and cleared at once when it is over', async () => {
  await write('raised-late', breach(ended), 10);
  expect(await alertOf(breach().id)).toMatchObject({ state: 'CLEARED', late: true, raisedMs: 10, clearedMs: 10 });
  await write('changed', breach({ ...ended, peakC: 7 }), 20);
  expect(await alertOf(breach().id)).toMatchObject({ late: true, clearedMs: 10 });
});

test('a withdrawn one stays on record but is listed only when asked for, and may come back as news', async () => {
  await write('raised', breach(), 10);
  await ledger.db.updateTable('alert').set({ acknowledged: 1 }).execute();
  await write('withdrawn', breach(), 20);
  expect(await listBreaches(ledger.db)).toEqual([]);
  expect(await listBreaches(ledger.db, { includeWithdrawn: true })).toEqual([breach()]);
  expect(await alertOf(breach().id)).toMatchObject({ state: 'CLEARED', withdrawn: true, acknowledged: true });
  expect(await countOpenAlerts(ledger.db)).toBe(0);

  await write('raised-late', breach(), 30);
  expect(await listBreaches(ledger.db)).toEqual([breach()]);
  expect(await alertOf(breach().id)).toMatchObject({
    state: 'ACTIVE',
    withdrawn: false,
    acknowledged: false,
    raisedMs: 30,
    clearedMs: null,
  });
});

test('a breach that late data reopens is active again, and its acknowledgement stands', async () => {
  await write('raised', breach(ended), 10);
  await ledger.db.updateTable('alert').set({ acknowledged: 1 }).execute();
  await write('changed', breach(), 20);
  expect(await alertOf(breach().id)).toMatchObject({ state: 'ACTIVE', acknowledged: true, clearedMs: null });
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

test('alerts are listed by state and severity, and all go with a rebuild', async () => {
  await write('raised', breach({ id: 'x', severity: 'critical' }), 1);
  await write('raised-late', breach({ id: 'y', ...ended }), 2);
  const ids = async (filter: Parameters<typeof listAlerts>[1]) =>
    (await listAlerts(ledger.db, filter)).map((a) => a.breach.id);
  expect(await ids({})).toEqual(['x', 'y']);
  expect(await ids({ state: 'ACTIVE' })).toEqual(['x']);
  expect(await ids({ severity: 'alarm' })).toEqual(['y']);
  expect(await countOpenAlerts(ledger.db)).toBe(1);
  await ledger.transact(clearBreaches);
  expect(await ids({})).toEqual([]);
  expect(await revisions()).toEqual([]);
});
