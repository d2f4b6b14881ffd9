import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { listAlerts } from '../../src/store/ledger/alerts.ts';
import { renderText } from '../../src/trace/render-text.ts';
import { traceBatch } from '../../src/trace/trace.ts';
import { frame } from '../conformance/frames.ts';
import { BatchChain } from '../project/batch-chain.ts';
import { batchId, commission, place, scan, transform } from '../store/ledger/event-builders.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 7, 1);
const at = (hours: number) => T0 + hours * HOUR;

let chain: BatchChain;
beforeAll(async () => {
  chain = await BatchChain.open();
  const frames: Frame[] = [];
  for (let ms = at(0); ms < at(40); ms += 10 * 60_000) frames.push(frame('carrier/unit', ms, { 'pulp-1': 6 }));
  await chain.deliver({
    events: [
      place(at(-1), 'carrier/truck', ['carrier/unit']),
      commission(at(0), { lots: ['WARM'], asset: 'carrier/truck', party: 'carrier', produce: 'prune' }),
      // Another's, that came in later, on the same truck.
      commission(at(20), { lots: ['GUEST'], asset: 'carrier/truck', party: 'grower', produce: 'prune' }),
      transform(at(30), { inputs: { WARM: 100 }, outputs: { 'SHOP-1': 50, 'SHOP-2': 50 }, party: 'store' }),
      scan(at(39), { lots: ['SHOP-2'], action: 'DELETE' }),
    ],
    frames,
  });
});
afterAll(() => chain.close());

const trace = (lot: string) => traceBatch(chain, lot);
const text = async (lot: string) => renderText(await trace(lot), { zoneMin: 480, colour: false });

describe('trace', () => {
  test('shows what was used, by leg and by whom', async () => {
    const shown = await text('WARM');
    expect(shown).toContain('Verdict: breached');
    expect(shown).toContain('- alarm: warm-time used up in leg 1 (Truck): 1800 of 1440 min; held by carrier');
    expect(shown).toContain('Budgets, judged up to 2026-08-02 14:00');
    expect(shown).toMatch(
      /warm-time +│ 1800 of +│ by leg 1800 +│\n│ ██████████ 125 % │ 1440 min +│ used up 2026-08-02 08:00, held by +│\n│ +│ +│ Carrier one/,
    );
    expect(shown).toMatch(/ripening +│ 11.6 of +│ by leg 11.6 +│\n│ █░░░░░░░░░ 17 % +│ 66.7 %/);
    expect(shown.replaceAll(/\n +/g, ' ')).toContain(
      'Pre-cooling: under way, 2 d 00 h allowed, from 6.0 to 3.0 °C, held by Carrier one',
    );
    expect(shown).toMatch(/Keeps 18\.\d d more/);
    expect(shown).toContain('Watched for 30 h 00 min, by air alone for 0 min of it');
    // What is a budget is not told again among the breaches of devices.
    expect(shown).not.toContain('batch-warm-time');
    const { budgets } = JSON.parse(JSON.stringify(await trace('WARM')));
    expect(budgets).toMatchObject({
      verdict: 'used-up',
      judgedMs: at(30),
      legs: [{ org: 'carrier', coveredMs: 30 * HOUR }],
    });
  });

  test('leaves out what another batch used in the same asset', async () => {
    const guest = await trace('GUEST');
    expect(guest.verdict).toMatchObject({ result: 'ok' });
    expect(guest.breaches).toEqual([]);
    expect(guest.budgets).toMatchObject({ verdict: 'within' });
  });

  test('tells a batch by whom its budget was used up before it was made', async () => {
    const shown = await text('SHOP-1');
    expect(shown).toContain('- warning: warm-time was used up before it was made, by WARM: 2340 of 1440 min');
    expect(shown).toMatch(
      /warm-time +│ 2340 of +│ by leg 540 +│\n│ ██████████ 162 % │ 1440 min +│ before, as WARM: 1800/,
    );
    expect(shown).toContain('Verdict: warning');
  });
});

test('the breach of a batch is an alert to who held that batch', async () => {
  const alerts = await listAlerts(chain.ledger.db);
  expect(alerts.map(({ asset, orgs, breachIds }) => [asset, orgs, breachIds])).toEqual([
    [
      'carrier/truck',
      ['carrier'],
      [`${batchId('WARM')}:batch:batch-degree-minutes:${at(24)}`, `${batchId('WARM')}:batch:batch-warm-time:${at(24)}`],
    ],
  ]);
});

test('ls batches lists them with their verdict, and as JSON lines', async () => {
  const run = async (...args: string[]) => {
    const all = ['--import', 'tsx', 'src/main.ts', 'ls', 'batches', ...args, '--data', chain.dir];
    return (await promisify(execFile)(process.execPath, all)).stdout;
  };
  const [table, json] = await Promise.all([run(), run('--json', '--limit', '2')]);
  expect(table).toMatch(/│ WARM +│ 2026-08-01 08:00 │ carrier\/truck, gone │ used-up │ warm-time 125 %/);
  expect(table).toMatch(/│ GUEST +│ 2026-08-02 04:00 │ carrier\/truck +│ within/);
  const lines = json.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { lot: 'SHOP-1', last: { asset: 'carrier/truck', toMs: null }, budgets: { verdict: 'used-up' } },
    { lot: 'SHOP-2', last: { toMs: at(39) } },
  ]);
});
