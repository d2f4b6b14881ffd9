import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commission, pack, place, transform, unitDigits } from '../store/ledger/event-builders.ts';
import { at, breachOn, type Chain, openChain } from './chain.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

let chain: Chain;
beforeAll(async () => {
  chain = await openChain();
  await chain.events(
    place(at(0), 'carrier/truck-1', ['carrier/tu-1']),
    commission(at(0), { lots: ['BAD-1'], asset: 'carrier/truck-1' }),
  );
  await chain.events(
    transform(at(10), { inputs: { 'BAD-1': 800 }, outputs: { 'SHOP-1': 400, 'SHOP-2': 390 } }),
    pack(at(11), { unit: 1, lots: { 'SHOP-1': 400, 'SHOP-2': 390 } }),
  );
  await chain.send('carrier/tu-1', at(0), at(10), 10, () => ({ 'pulp-1': 2 }));
  await chain.raise(breachOn({}));
});
afterAll(() => chain.close());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a user would, while this process holds the stores open for writing. */
function coldtrail(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const all = ['--import', 'tsx', MAIN, ...args, '--data', chain.dir];
    execFile(process.execPath, all, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test('trace prints on stdout and nothing else, and exits as asked', async () => {
  const text = await coldtrail('trace', 'BAD-1', '--zone', 'Z');
  expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining('Verdict: breached') });
  expect(text.stdout).toContain('2026-08-01 00:00');

  const json = await coldtrail('trace', 'BAD-1', '--json', '--fail-on-breach');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout).verdict.result).toBe('breached');

  const unknown = await coldtrail('trace', 'BAD-2', '--csv', '--fail-on-breach');
  expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('BATCH_UNKNOWN') });
  expect(unknown.stderr).toContain('BAD-1');
});

test('trace follows the whole chain, and a unit to the batches in it', async () => {
  const [shop, unit] = await Promise.all([
    coldtrail('trace', 'SHOP-1', '--whole-chain', '--json', '--fail-on-breach'),
    coldtrail('trace', unitDigits(1), '--csv', '--fail-on-breach'),
  ]);
  expect(shop.code).toBe(1);
  expect(JSON.parse(shop.stdout).ancestors[0].batch.lot).toBe('BAD-1');
  expect(unit.code).toBe(0);
  const rows = unit.stdout.trimEnd().split('\r\n');
  expect(rows.map((row) => row.split(',')[0]!.split('.').at(-1))).toEqual(['batch', 'SHOP-1', 'SHOP-2']);
});

test('alerts are listed, shown and acknowledged beside a process that writes', async () => {
  const { code, stdout } = await coldtrail('alerts', 'list', '--state', 'cleared', '--severity', 'alarm', '--json');
  expect(code).toBe(0);
  const alert = JSON.parse(stdout);
  expect(alert).toMatchObject({ breachIds: [breachOn({}).id], orgs: ['carrier'], acknowledged: null });

  const unknown = await coldtrail('alerts', 'ack', 'nothing', '--by', 'Aygul');
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('ALERT_UNKNOWN') });
  const taken = await coldtrail('alerts', 'ack', alert.id, '--by', 'Aygul', '--note', 'unit restarted');
  expect(taken).toMatchObject({ code: 0, stdout: expect.stringContaining('acknowledged') });

  const [shown, left] = await Promise.all([
    coldtrail('alerts', 'show', alert.id, '--json'),
    coldtrail('alerts', 'list', '--unacknowledged'),
  ]);
  const history = JSON.parse(shown.stdout);
  expect(history.alert.acknowledged).toMatchObject({ by: 'Aygul', note: 'unit restarted' });
  expect(history.breaches.map((b: { id: string }) => b.id)).toEqual(alert.breachIds);
  expect(history.revisions.map((r: { reason: string }) => r.reason)).toEqual(['raised', 'acknowledged']);
  expect(left.stdout).toBe('no alerts\n');
});
