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

const OPTIONS: AlertOptions = {
  groupGapMs: 5,
  escalateAfterMs: 100,
  outOfCoverageMs: 400,
  spoolMax: 1000,
  notify: true,
};

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

test('somebody is called when it is new, worse or left waiting; the rest is an update', async () => {
  const warm = breach({ id: 'a', startMs: 0, severity: 'warning' });
  await cycle('raised', warm, 10);
  const { id } = (await alerts())[0]!;
  await ack(id, 20);
  await cycle('raised', breach({ id: 'b', startMs: 2, severity: 'alarm' }), 30);
  await cycle('raised', breach({ id: 'c', startMs: 3, severity: 'alarm' }), 40);
  await ledger.transact((trx) => escalateIdle(trx, OPTIONS, 130));
  await ack(id, 140);
  await cycle('cleared', { ...warm, endMs: 150, endedBy: 'recovered' }, 150);
  for (const one of ['b', 'c']) {
    await cycle('cleared', breach({ id: one, startMs: one === 'b' ? 2 : 3, endMs: 160 }), 160);
  }
  const told = (await noticesAfter(ledger.db, 0, 100)).map(({ notice }) => notice);
  expect(told.map(({ reason, calls, severity, before }) => [reason, calls, severity, before?.severity])).toEqual([
    ['raised', true, 'warning', undefined],
    ['acknowledged', false, 'warning', 'warning'],
    ['worse', true, 'alarm', 'warning'],
    ['changed', false, 'alarm', 'alarm'],
    ['escalated', true, 'critical', 'alarm'],
    ['acknowledged', false, 'critical', 'critical'],
    ['cleared', false, 'critical', 'critical'],
  ]);
});

test('what was over before anybody heard of it calls nobody', async () => {
  await cycle('raised-late', breach({ id: 'a', startMs: 0, endMs: 10 }), 500);
  expect((await noticesAfter(ledger.db, 0, 100))[0]!.notice).toMatchObject({ reason: 'raised-late', calls: false });
});

test('the cost of a change is the same however many alerts of the asset are kept', async () => {
  const HOUR_MS = 3_600_000;
  const cpuOf = async (asset: string, fromHour: number) => {
    const { user, system } = process.cpuUsage();
    for (let n = 0; n < 30; n++) {
      const startMs = (fromHour + n) * HOUR_MS;
      await cycle('raised', breach({ id: `${asset}:${startMs}`, asset, startMs, endMs: startMs + 1 }), startMs);
    }
    const after = process.cpuUsage();
    return after.user + after.system - user - system;
  };
  const kept = 2000;
  await ledger.transact(async (trx) => {
    const breachChanges = Array.from({ length: kept }, (_, n) => ({
      change: 'raised' as const,
      breach: breach({ id: `old:${n}`, asset: 'c/old', startMs: n * HOUR_MS, endMs: n * HOUR_MS + 1 }),
    }));
    const at = { changedHolders: [], fromOffset: offset, toOffset: ++offset, clockMs: 1 };
    await projectAlerts(trx, { breachChanges, ...at }, { ...OPTIONS, notify: false });
  });
  expect(await alerts()).toHaveLength(kept);
  await cpuOf('c/warm-up', 0);
  const young = await cpuOf('c/young', 0);
  // Read one by one, they would take many times as long.
  expect(await cpuOf('c/old', kept)).toBeLessThan(young * 3);
}, 60_000);

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
  expect(await idle(109)).toBe(0);
  expect(await idle(110)).toBe(1);
  expect(await idle(500)).toBe(0);
  expect(shownSeverity(await byAsset('c/truck'))).toBe('critical');
  expect(await byAsset('c/truck')).toMatchObject({ severity: 'alarm', escalatedMs: 110 });
  expect(await byAsset('c/other')).toMatchObject({ escalatedMs: null, waitingMs: null });
});

/** A device that fell silent on the move: known after 60, let be for 400. */
const silent = (over: Partial<Breach> = {}) =>
  breach({
    id: 's',
    startMs: 0,
    raisedMs: 60,
    rule: 'no-data',
    channel: 'frames',
    about: 'device',
    severity: 'warning',
    cause: 'moving',
    ...over,
  });
const calls = async () => (await noticesAfter(ledger.db, 0, 50)).map(({ notice }) => [notice.reason, notice.calls]);
const idle = (nowMs: number) => ledger.transact((trx) => escalateIdle(trx, OPTIONS, nowMs));

test('a truck out of coverage calls nobody, unless it is silent for longer than its way explains', async () => {
  await cycle('raised', silent(), 60);
  expect(await alerts()).toMatchObject([{ about: 'instruments', waitingMs: 300, escalatedMs: null }]);
  expect(await idle(399)).toBe(0);
  expect(await calls()).toEqual([['raised', false]]);
  expect(await idle(400)).toBe(1);
  expect(await calls()).toEqual([
    ['raised', false],
    ['escalated', true],
  ]);
});

test('what it kept takes it back without a call', async () => {
  await cycle('raised', silent(), 60);
  await cycle('withdrawn', silent(), 200);
  expect(await idle(1000)).toBe(0);
  expect(await calls()).toEqual([
    ['raised', false],
    ['withdrawn', false],
  ]);
});

test('a silence calls at once where nothing explains it, or something is wrong with the cargo', async () => {
  await cycle('raised', silent({ id: 'no-reason', cause: null, asset: 'c/other' }), 60);
  await cycle('raised', breach({ id: 'warm', startMs: 0 }), 60);
  await cycle('raised', silent(), 60);
  expect((await alerts()).map(({ waitingMs }) => waitingMs)).toEqual([60, 60, 60]);
  expect((await calls()).every(([, called]) => called)).toBe(true);
});

test('a second silence on the move is waited for from its own beginning; one without a reason ends the quiet', async () => {
  await cycle('raised', silent(), 60);
  await cycle('cleared', silent({ endMs: 100 }), 100);
  await cycle('raised', silent({ id: 't', startMs: 103, raisedMs: 163 }), 163);
  expect(await alerts()).toMatchObject([{ breachIds: ['s', 't'], waitingMs: 403 }]);
  await cycle('raised', silent({ id: 'u', startMs: 120, cause: null, device: 'c/d2' }), 180);
  expect(await alerts()).toMatchObject([{ breachIds: ['s', 't', 'u'], waitingMs: 180 }]);
  expect(await idle(280)).toBe(1);
});

test('where nothing is escalated, a silence on the move calls at once: nothing would later', async () => {
  const options = { ...OPTIONS, escalateAfterMs: 0 };
  const change = { breachChanges: [{ change: 'raised' as const, breach: silent() }], changedHolders: [] };
  await ledger.transact((trx) => projectAlerts(trx, { ...change, fromOffset: 0, toOffset: 1, clockMs: 60 }, options));
  expect(await calls()).toEqual([['raised', true]]);
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
