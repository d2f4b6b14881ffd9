import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alert } from '../../src/contract/alert.ts';
import type { Breach } from '../../src/contract/breach.ts';
import { breachesOf, listAlerts, revisionsOf } from '../../src/store/ledger/alerts.ts';
import { renderAlertsJson, renderAlertsText, renderAlertText } from '../../src/trace/render-alerts.ts';
import { renderCsv } from '../../src/trace/render-csv.ts';
import { renderJson } from '../../src/trace/render-json.ts';
import { renderText } from '../../src/trace/render-text.ts';
import { traceBatch } from '../../src/trace/trace.ts';
import type { Trace } from '../../src/trace/trace-types.ts';
import { parseZone } from '../../src/trace/zone.ts';
import { batchId, commission, place, scan, transform } from '../store/ledger/event-builders.ts';
import { at, breachOn, type Chain, openChain } from './chain.ts';

const ZONE = 8 * 60;

let chain: Chain;
let trace: Trace;
beforeAll(async () => {
  chain = await openChain();
  const lots = ['JS"1",late'];
  await chain.events(
    place(at(0), 'carrier/truck-1', ['carrier/tu-1']),
    commission(at(0), { lots, asset: 'grower/room-1', kg: 800 }),
    scan(at(6), { lots, asset: 'carrier/truck-1', party: 'carrier' }),
  );
  await chain.send('carrier/tu-1', at(6), at(9), 10, (m) => ({ 'pulp-1': m < 60 ? 2 : 6, 'air-return': -0.04 }));
  await chain.raise(breachOn({ endMs: null, endedBy: null }));
  trace = await traceBatch(chain, lots[0]!);
});
afterAll(() => chain.close());

describe('text', () => {
  test('says who, where, when in local time with its offset, what and why', () => {
    const text = renderText(trace, { zoneMin: ZONE, colour: false });
    for (const part of [
      'prune, 800 kg',
      'Commissioned 2026-08-01 08:00 +08:00',
      'Still in custody; evidence up to 2026-08-01 16:50 +08:00',
      'Verdict: breached',
      '- alarm: pulp above 4 °C in leg 2 (Truck 1), at worst 6 °C on pulp-1',
      'pulp-high: carrier/tu-1, pulp-1, worst 6 °C at',
      'Jiashi growers',
      '(simulated)',
      'pre-cooling-room',
      'still there',
      '2.0 / 4.6 / 6.0',
      '0.0 / 0.0 / 0.0',
      'still on',
      'leg 1: 2026-08-01 08:00 to 2026-08-01 14:00, 6 h 00 min',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('\u001b');
  });

  test('is coloured only when asked', () => {
    expect(renderText(trace, { zoneMin: ZONE, colour: true })).toContain('\u001b[31m');
  });
});

test('JSON reads back as the trace, with sorted keys', () => {
  const json = renderJson(trace);
  expect(JSON.parse(json)).toEqual(trace);
  expect(json.startsWith('{"ancestors":')).toBe(true);
  expect(json.endsWith('}\n')).toBe(true);
});

test('CSV has a row for each leg, quoted where it must be', () => {
  const [head, room, truck, end] = renderCsv(trace, ZONE).split('\r\n');
  expect(head!.split(',')).toHaveLength(26);
  const id = '"urn:epc:class:lgtin:9521141.012345.JS""1"",late"';
  expect(room).toBe(
    `${id},1,grower,grower/room-1,pre-cooling-room,2026-08-01T08:00:00+08:00,2026-08-01T14:00:00+08:00,360,0,0,,,,,,0,0,,,,,,0,0,breached,`,
  );
  expect(truck).toMatch(/,2,carrier,carrier\/truck-1,reefer-truck,2026-08-01T14:00:00\+08:00,,170,100,18,2,/);
  expect(truck).toMatch(/,1,breached,$/);
  expect(end).toBe('');
});

describe('the whole chain', () => {
  const lots = ['SHOP-1'];
  let whole: Trace;
  beforeAll(async () => {
    await chain.events(
      commission(at(10), { lots: ['H-1', 'H-2'], asset: 'grower/room-1', kg: 500 }),
      transform(at(20), { inputs: { 'H-1': 500, 'H-2': 500 }, outputs: { 'SHOP-1': 300, 'SHOP-2': 690 } }),
      scan(at(30), { lots, asset: 'store/cold-1', party: 'store' }),
    );
    whole = await traceBatch(chain, 'SHOP-1', { wholeChain: true });
  });

  test('text says what it was made from, and shows the harvest first', async () => {
    const text = renderText(whole, { zoneMin: ZONE, colour: false });
    expect(text).toContain('The whole chain of batch SHOP-1: 2 batches that it was made from');
    expect(text).toMatch(/Made from 2 batches\n {2}H-1 {2}500 kg {2}2026-08-02 04:00\n {2}H-2 {2}500 kg/);
    expect(text).toMatch(/Became 2 batches\n {2}SHOP-1 {2}300 kg.*\n {2}SHOP-2 {2}690 kg/);
    expect(text).not.toContain('Breached before');
    expect(text.indexOf('Batch H-1')).toBeLessThan(text.indexOf('Batch H-2'));
    expect(text.indexOf('Batch H-2')).toBeLessThan(text.indexOf('Batch SHOP-1'));
    expect(renderText(await traceBatch(chain, 'SHOP-1'), { zoneMin: ZONE, colour: false })).not.toContain('Batch H-1');
  });

  test('text names the ancestors that were breached, and says how many are not shown', () => {
    const { verdict } = trace;
    const ancestors = whole.ancestors!.map((one) => (one.batch.lot === 'H-2' ? { ...one, verdict } : one));
    const text = renderText({ ...whole, ancestors, ancestorsLeftOut: 3 }, { zoneMin: ZONE, colour: false });
    expect(text).toContain('Breached before it was made: H-2\n3 further ones are left out');
  });

  test('CSV has the legs of ancestors first; the head can be left out', () => {
    const rows = renderCsv(whole, ZONE, false).trimEnd().split('\r\n');
    expect(rows.map((row) => row.split(',').slice(0, 4).join(' '))).toEqual([
      `${batchId('H-1')} 1 grower grower/room-1`,
      `${batchId('H-2')} 1 grower grower/room-1`,
      `${batchId('SHOP-1')} 1 grower grower/room-1`,
      `${batchId('SHOP-1')} 2 store store/cold-1`,
    ]);
    expect(rows[3]).toMatch(new RegExp(`,${batchId('H-1')} ${batchId('H-2')}$`));
  });
});

test('alerts as text and as JSON lines', async () => {
  const alerts = await listAlerts(chain.ledger.db);
  const text = renderAlertsText(alerts, { zoneMin: ZONE, colour: false });
  for (const part of ['ACTIVE', 'alarm', 'carrier/truck-1', '2026-08-01 15:00, still on', 'Pulp above 4 °C'])
    expect(text).toContain(part);
  expect(renderAlertsText([], { zoneMin: ZONE, colour: false })).toBe('no alerts\n');
  expect(
    renderAlertsJson(alerts)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(alerts);
});

test('one alert with what it is made of and how it came to be', async () => {
  const { db } = chain.ledger;
  const [alert] = await listAlerts(db);
  const breaches = await breachesOf(db, alert!.breachIds);
  const revisions = await revisionsOf(db, alert!.id);
  const text = renderAlertText({ alert: alert!, breaches, revisions }, { zoneMin: ZONE, colour: false });
  for (const part of [
    `Alert ${alert!.id}: alarm on carrier/truck-1, assigned to carrier`,
    'Not acknowledged',
    'pulp-high',
    'raised',
  ])
    expect(text).toContain(part);
  const taken = { ...alert!, acknowledged: { by: 'Aygul', note: 'reefer restarted', atMs: at(9) }, escalatedMs: at(8) };
  const later = renderAlertText({ alert: taken, breaches, revisions }, { zoneMin: ZONE, colour: false });
  expect(later).toContain('critical (escalated)');
  expect(later).toContain('Acknowledged by Aygul, 2026-08-01 17:00: reefer restarted');
});

test('alerts that late data took back stand apart, below those that hold', async () => {
  const [alert] = await listAlerts(chain.ledger.db);
  const never = { ...alert!, id: 'never', state: 'CLEARED' as const, withdrawn: true };
  const text = (...alerts: Alert[]) => renderAlertsText(alerts, { zoneMin: ZONE, colour: false });
  const [held, takenBack] = text(never, alert!).split('Taken back: late data proved it false');
  expect(held).toContain(alert!.id);
  expect(held).not.toContain('never');
  expect(takenBack).toMatch(/^\n\nnever {2}alarm {2}carrier\/truck-1 {2}2026-08-01 15:00\n {2}Pulp above 4 °C/);
  expect(text(alert!)).not.toContain('Taken back');
  expect(text(never)).toContain('none that holds');
});

describe('an alert of many breaches', () => {
  const spell = (n: number, over: Partial<Breach>) =>
    breachOn({ id: `s${n}`, startMs: at(n), raisedMs: at(n + 0.1), endMs: at(n + 0.5), peakMs: at(n), ...over });
  const cold = {
    rule: 'air-supply-freezing',
    fold: 'low',
    channel: 'air-supply',
    severity: 'warning',
    limit: -5,
  } as const;
  const breaches = [
    ...Array.from({ length: 30 }, (_, n) => spell(n, { ...cold, peak: n === 7 ? -9 : -4.9 })),
    spell(30, { id: 'warm', peak: 9 }),
  ];
  const revisions = ['raised', ...Array.from({ length: 20 }, () => 'changed'), 'cleared'].map((reason, i) => {
    return { revision: i + 1, reason, asOfMs: at(i) };
  });
  const shown = async (each?: boolean) => {
    const [alert] = await listAlerts(chain.ledger.db);
    const history = { alert: { ...alert!, causeId: 's3' }, breaches, revisions };
    return renderAlertText(history, { zoneMin: ZONE, colour: false }, each);
  };

  test('sums up those that say the same: how often, the longest, the worst, the first and the last', async () => {
    const text = await shown();
    expect(text.match(/air-supply-freezing/g)).toHaveLength(1);
    expect(text).toContain('Supply air below -5 °C for 30 min at the longest, 30 times');
    expect(text.replace(/\s+/g, ' ')).toContain('air-supply, worst -9 °C at 2026-08-01 15:00, limit -5 °C');
    expect(text).toContain('2026-08-01 08:00 to 2026-08-02 13:30; the likely cause');
    expect(text).toContain('Pulp above 4 °C for 30 min\n');
    expect(text).toContain('31 breaches in all; `--all` shows each by itself');
    expect(text.replace(/\s+/g, ' ')).toContain('changed their times; 20 times, last 2026-08-02 04:00');
    expect(text).toMatch(/^ {2}22 .*cleared/m);
  });

  test('shows each by itself where that is asked', async () => {
    const text = await shown(true);
    expect(text.match(/air-supply-freezing/g)).toHaveLength(30);
    expect(text.match(/changed {6}/g)).toHaveLength(20);
    expect(text).not.toContain('--all');
  });
});

test('the tables of a trace keep to 80 columns, whatever orgs and assets are called', () => {
  const name = fc.oneof(fc.stringMatching(/^[A-Za-z ]{1,60}$/), fc.stringMatching(/^[伽师新梅冷链]{1,40}$/));
  const columns = (line: string) => line.length + (line.match(/[伽师新梅冷链]/g) ?? []).length;
  fc.assert(
    fc.property(name, name, (orgName, assetName) => {
      const cold = { minC: -18.55, meanC: -18.55, maxC: -18.55, mktC: -18.55, outOfRangeMs: 47.8 * 3_600_000 };
      const legs = trace.legs.map((leg) => ({ ...leg, orgName, assetName, pulp: { ...leg.pulp, ...cold } }));
      const tables = renderText({ ...trace, legs }, { zoneMin: ZONE, colour: false }).match(/^[│┌├└].*$/gm)!;
      expect(tables.length).toBeGreaterThan(10);
      expect(Math.max(...tables.map(columns))).toBeLessThanOrEqual(80);
      expect(tables.join('').replace(/[│ ]/g, '')).toContain('covered0%');
    }),
  );
});

test('alerts keep to 80 columns, coloured or not, whatever words they are made of', async () => {
  const { db } = chain.ledger;
  const [alert] = await listAlerts(db);
  const breaches = await breachesOf(db, alert!.breachIds);
  const revisions = await revisionsOf(db, alert!.id);
  const word = fc.stringMatching(/^[a-z0-9/,-]{1,40}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.subarray(['x', 'y', 'carrier']), (words, orgs) => {
      const wordy = { ...alert!, headline: words.join(' '), orgs, escalatedMs: 1, causeId: breaches[0]!.id };
      const acknowledged = { by: 'Aygul', note: words.join(' '), atMs: at(9) };
      for (const one of [wordy, { ...wordy, acknowledged }]) {
        const text = (colour: boolean) =>
          renderAlertsText([one], { zoneMin: ZONE, colour }) +
          renderAlertText({ alert: one, breaches, revisions }, { zoneMin: ZONE, colour });
        expect(
          Math.max(
            ...text(false)
              .split('\n')
              .map((line) => line.length),
          ),
        ).toBeLessThanOrEqual(80);
        expect(stripVTControlCharacters(text(true))).toBe(text(false));
      }
    }),
  );
});

test.each([
  ['+08:00', 480],
  ['-03:30', -210],
  ['Z', 0],
  ['+15:00', undefined],
  ['8', undefined],
  ['+08:60', undefined],
])('zone %s is %s minutes', (text, minutes) => {
  expect(parseZone(text)).toBe(minutes);
});
