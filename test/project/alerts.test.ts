import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { groupBreaches } from '../../src/alerts/group.ts';
import type { AlertContent } from '../../src/contract/alert.ts';
import { shownSeverity } from '../../src/contract/alert.ts';
import type { Breach, BreachReason } from '../../src/contract/breach.ts';
import { type AlertOptions, escalateIdle, projectAlerts } from '../../src/project/alert-projection.ts';
import { acknowledge } from '../../src/store/ledger/acknowledgements.ts';
import { countOpenAlerts, listAlerts, revisionsOf } from '../../src/store/ledger/alerts.ts';
import { clearProjections } from '../../src/store/ledger/clear.ts';
import { type Ledger, openLedger } from '../../src/store/ledger/ledger.ts';
import { noticesAfter } from '../../src/store/ledger/notices.ts';
import { breach, breaches } from '../alerts/breaches.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

const OPTIONS: AlertOptions = { groupGapMs: 5, escalateAfterMs: 100, spoolMax: 1000, notify: true };

let dir: TempDir;
let ledger: Ledger;
let offset: number;
beforeEach(async () => {
  dir = tempDir('alerts');
  ledger = await openLedger(join(dir.path, 'ledger.db'));
  offset = 0;
});
afterEach(async () => {
  await ledger.close();
  dir.remove();
});

const cycle = (change: BreachReason, of: Breach, clockMs: number) =>
  ledger.transact((trx) =>
    projectAlerts(
      trx,
      {
        breachChanges: [{ change, breach: of }],
        changedHolders: [],
        fromOffset: offset,
        toOffset: ++offset,
        clockMs,
      },
      OPTIONS,
    ),
  );

const alerts = () => listAlerts(ledger.db);
const living = async () => (await alerts()).filter((alert) => !alert.withdrawn);
const reasons = async (id: string) => (await revisionsOf(ledger.db, id)).map(({ reason }) => reason);
const ack = (id: string, atMs: number) =>
  ledger.transact((trx) =>
    acknowledge(trx, id, { by: 'Aygul', note: 'on it', atMs }, { journalOffset: offset, notify: true }),
  );

const contentOf = (alert: AlertContent): AlertContent => {
  const { asset, about, headline, causeId, orgs, severity, breachIds, startMs, raisedMs, endMs } = alert;
  return { asset, about, headline, causeId, orgs, severity, breachIds, startMs, raisedMs, endMs };
};

test('what alerts say is what grouping all breaches at once would give, whatever came first, changed or was withdrawn', async () => {
  const story = breaches.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(
        all.flatMap((one) => [one.id, one.id]),
        { minLength: all.length * 2, maxLength: all.length * 2 },
      ),
      fc.subarray(all.map(({ id }) => id)),
    ),
  );
  await fc.assert(
    fc.asyncProperty(story, async ([all, order, withdrawn]) => {
      await ledger.transact((trx) => clearProjections(trx, 'p'));
      const told = new Set<string>();
      for (const [i, id] of order.entries()) {
        const one = all.find((b) => b.id === id)!;
        // First as it looks while it lasts, or not as severe as it will be; then as it is in the end.
        const first = { ...one, endMs: null, endedBy: null, severity: 'warning' as const };
        if (!told.has(id)) await cycle('raised', first, i);
        else if (withdrawn.includes(id)) await cycle('withdrawn', first, i);
        else await cycle('changed', one, i);
        told.add(id);
      }
      const left = all.filter(({ id }) => !withdrawn.includes(id));
      const wanted = groupBreaches(
        left.map((one) => ({ breach: one, orgs: ['c'] })),
        OPTIONS.groupGapMs,
      );
      expect((await living()).map(contentOf).sort(byStart)).toEqual(wanted);
      expect(await countOpenAlerts(ledger.db)).toBe(wanted.filter(({ endMs }) => endMs === null).length);
    }),
    { numRuns: 60 },
  );
});

function byStart(a: AlertContent, b: AlertContent): number {
  return a.startMs - b.startMs || (a.about < b.about ? -1 : 1);
}

test('an alert keeps its id while breaches join and it ends; each step is a revision with its reason and a notice', async () => {
  await cycle('raised', breach({ id: 'b', startMs: 10, severity: 'warning' }), 20);
  const { id } = (await alerts())[0]!;
  await cycle('raised-late', breach({ id: 'a', startMs: 2, endMs: 6, severity: 'warning' }), 30);
  await cycle('raised', breach({ id: 'c', startMs: 12, endMs: 14, severity: 'critical' }), 40);
  await cycle('cleared', breach({ id: 'b', startMs: 10, endMs: 50, severity: 'warning' }), 60);
  expect(await alerts()).toMatchObject([
    { id, startMs: 2, endMs: 50, severity: 'critical', knownMs: 20, clearedMs: 60, late: false, state: 'CLEARED' },
  ]);
  expect(await reasons(id)).toEqual(['raised', 'changed', 'worse', 'cleared']);
  const notices = await noticesAfter(ledger.db, 0, 100);
  expect(notices.map(({ notice }) => notice.reason)).toEqual(['raised', 'changed', 'worse', 'cleared']);
  expect(notices.at(-1)!.notice.breaches.map((b) => b.id)).toEqual(['a', 'b', 'c']);
});

test('late data joins two alerts: one goes on for both; found false, an alert is withdrawn and may come back as news', async () => {
  await cycle('raised', breach({ id: 'a', startMs: 0, endMs: 10 }), 1);
  await cycle('raised', breach({ id: 'c', startMs: 30, endMs: 40 }), 2);
  const [first, second] = await alerts();
  const bridge = breach({ id: 'b', startMs: 12, endMs: 28 });
  await cycle('raised-late', bridge, 3);
  expect(await alerts()).toMatchObject([{ id: first!.id, breachIds: ['a', 'b', 'c'] }]);
  expect(await reasons(second!.id)).toEqual(['raised', 'merged']);
  await cycle('withdrawn', bridge, 4);
  expect((await living()).map(({ breachIds }) => breachIds)).toEqual([['a'], ['c']]);

  await ack(first!.id, 5);
  await cycle('withdrawn', breach({ id: 'a', startMs: 0, endMs: 10 }), 6);
  expect((await alerts())[0]).toMatchObject({ withdrawn: true, state: 'CLEARED', breachIds: ['a'] });
  await cycle('raised-late', breach({ id: 'a', startMs: 0, endMs: 10 }), 7);
  expect((await alerts())[0]).toMatchObject({ id: first!.id, withdrawn: false, late: true, acknowledged: null });
});

test('nobody took it on in time: one severity higher, once; an acknowledgement before that keeps it as it is', async () => {
  await cycle('raised', breach({ id: 'a', startMs: 0 }), 10);
  await cycle('raised', breach({ id: 'x', startMs: 0, asset: 'c/other' }), 10);
  const byAsset = async (asset: string) => (await alerts()).find((alert) => alert.asset === asset)!;
  await ack((await byAsset('c/other')).id, 50);
  const idle = (nowMs: number) => ledger.transact((trx) => escalateIdle(trx, OPTIONS, nowMs));
  expect(await idle(109)).toBe(0);
  expect(await idle(110)).toBe(1);
  expect(await idle(500)).toBe(0);
  expect(shownSeverity(await byAsset('c/truck'))).toBe('critical');
  expect(await byAsset('c/truck')).toMatchObject({ severity: 'alarm', escalatedMs: 110 });
  expect(await byAsset('c/other')).toMatchObject({ escalatedMs: null, waitingMs: null });
});

test('an acknowledgement survives a rebuild, and does not cover what became worse', async () => {
  const story = async () => {
    await cycle('raised', breach({ id: 'a', startMs: 0 }), 10);
    await cycle('raised', breach({ id: 'b', startMs: 3 }), 20);
  };
  await story();
  const { id } = (await alerts())[0]!;
  await ack(id, 25);
  await ledger.transact((trx) => clearProjections(trx, 'p'));
  expect(await alerts()).toEqual([]);
  await story();
  expect(await alerts()).toMatchObject([
    { id, acknowledged: { by: 'Aygul', note: 'on it', atMs: 25 }, waitingMs: null },
  ]);
  await cycle('raised', breach({ id: 'c', startMs: 4, severity: 'critical' }), 30);
  expect(await alerts()).toMatchObject([{ severity: 'critical', acknowledged: null, waitingMs: 30 }]);
});
