import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { frame } from '../conformance/frames.ts';
import { batchId, commission, place, scan, transform } from '../store/ledger/event-builders.ts';
import { breachOn } from '../trace/chain.ts';
import { BatchChain } from './batch-chain.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 7, 1);
const at = (hours: number) => T0 + hours * HOUR;

/** A frame every five minutes. */
function readings(device: string, fromH: number, toH: number, channels: (hour: number) => Record<string, number>) {
  const frames: Frame[] = [];
  for (let ms = at(fromH); ms < at(toH); ms += 5 * MINUTE) frames.push(frame(device, ms, channels((ms - T0) / HOUR)));
  return frames;
}

const placements = [
  place(at(-24), 'grower/room', ['grower/logger']),
  place(at(-24), 'carrier/truck', ['carrier/unit']),
  place(at(-24), 'store/cold', ['store/probe']),
];
const pulp = (tempC: number) => () => ({ 'pulp-1': tempC });

let chain: BatchChain;
beforeEach(async () => {
  chain = await BatchChain.open();
  await chain.deliver({ events: placements });
});
afterEach(() => chain.close());

/** Twelve hours in the room, 20 on the truck, then in the store. */
const journey = [
  commission(at(0), { lots: ['A'], asset: 'grower/room', produce: 'prune' }),
  scan(at(12), { lots: ['A'], asset: 'carrier/truck', party: 'carrier' }),
  scan(at(32), { lots: ['A'], asset: 'store/cold', party: 'store' }),
];
const budget = async (lot: string, name: string) => (await chain.report(lot))!.budgets.find((b) => b.name === name)!;

describe('while frames pour in', () => {
  const rush = () => readings('grower/logger', 0, 50, pulp(6));

  test('an hour that passed waits, but not for ever', async () => {
    await chain.deliver({ events: journey.slice(0, 1) });
    await chain.deliver({ frames: rush(), more: true });
    expect((await chain.report('A'))!.judgedMs).toBe(0);
    await chain.deliver({ more: false });
    expect((await chain.report('A'))!.judgedMs).toBe(at(49));
  });

  test('what waited when the process ended waits again', async () => {
    await chain.deliver({ events: journey.slice(0, 1) });
    await chain.deliver({ frames: rush(), more: true });
    await chain.restart();
    await chain.deliver({});
    expect((await chain.report('A'))!.judgedMs).toBe(at(49));
  });

  test('an event, or a frame from before, is taken in at once', async () => {
    await chain.deliver({ events: journey.slice(0, 1) });
    await chain.deliver({ frames: rush(), more: true });
    await chain.deliver({
      events: [scan(at(20), { lots: ['A'], asset: 'carrier/truck', party: 'carrier' })],
      more: true,
    });
    expect((await chain.report('A'))!.judgedMs).toBe(at(20));
  });
});

describe('a journey reckoned by hand', () => {
  beforeEach(async () => {
    await chain.deliver({ events: journey });
    // Cooled from 28 °C, and kept at 6 °C for 20 h on the truck and for 10 h in the store.
    await chain.deliver({ frames: readings('grower/logger', 0, 12.5, (h) => ({ 'pulp-1': Math.max(0, 28 - 3 * h) })) });
    await chain.deliver({ frames: readings('carrier/unit', 12, 32.5, pulp(6)) });
    await chain.deliver({ frames: readings('store/probe', 32, 43, pulp(6)) });
  });

  test('what each leg used, and how well it was watched', async () => {
    const report = (await chain.report('A'))!;
    expect(report.judgedMs).toBe(at(42));
    expect(report.legs).toMatchObject([
      { org: 'grower', asset: 'grower/room', devices: ['grower/logger'], coveredMs: 12 * HOUR, assumedMs: 0 },
      { org: 'carrier', coveredMs: 20 * HOUR, airMs: 0, unknownMs: 0, toMs: at(32) },
      { org: 'store', coveredMs: 10 * HOUR, toMs: null },
    ]);
    // Warm fruit in a pre-cooling room is what the room is for.
    expect(await budget('A', 'warm-time')).toMatchObject({ used: 30 * 60, allowed: 24 * 60, byLeg: [0, 1200, 600] });
    expect(await budget('A', 'degree-minutes')).toMatchObject({ used: 3600, byLeg: [0, 2400, 1200], unit: 'K·min' });
    // Straight in the logarithm from 100 at 0 °C to 33 at 10 °C (HB66): 51.4 at 6 °C, of 21 days.
    const perDay = 100 / (100 * 0.33 ** 0.6) / 21;
    const ripening = await budget('A', 'ripening');
    expect(ripening.byLeg[1]).toBeCloseTo((100 * perDay * 20) / 24, 1);
    expect(ripening.byLeg[0]! + ripening.byLeg[1]! + ripening.byLeg[2]!).toBeCloseTo(ripening.used, 2);
    // 4/5 of the worst, at 5 °C, lies between 5 and 8 °C: 1 − 0.4/3 at 6 °C.
    expect((await budget('A', 'chilling')).byLeg[2]).toBeCloseTo(((1 - 0.4 / 3) * 10) / 24, 2);
    expect(report.lifeLeft!.days).toBeGreaterThan(10);
    expect(report.verdict).toBe('used-up');
  });

  test('a budget that is used up is a breach in the leg in which it is', async () => {
    // 20 h on the truck, and four more.
    expect(await chain.breaches()).toMatchObject([
      { device: batchId('A'), rule: 'batch-degree-minutes', startMs: at(36), asset: 'store/cold', endMs: null },
      { device: batchId('A'), rule: 'batch-warm-time', startMs: at(36), limit: 1440, peak: 1800, severity: 'alarm' },
    ]);
    await chain.deliver({ events: [scan(at(42.5), { lots: ['A'], action: 'DELETE' })] });
    const ended = await chain.deliver({ frames: readings('store/probe', 43, 45, pulp(6)) });
    expect(ended).toMatchObject([{ change: 'changed' }, { change: 'changed' }]);
    expect(await chain.breaches()).toMatchObject([
      { endMs: at(42.5), endedBy: 'custody-ended' },
      { peak: 30.5 * 60, peakMs: at(42.5) },
    ]);
  });

  test('late frames take it back', async () => {
    // A second probe had told of cold fruit, at the same instants, but only of the four hours that decide.
    const late = readings('carrier/unit', 20, 32, () => ({})).map((f) => frame(f.device, f.timeMs, { 'pulp-1': 2 }));
    const withdrawn = await chain.deliver({ frames: late });
    expect(withdrawn.map(({ change, breach }) => [change, breach.rule])).toEqual([
      ['withdrawn', 'batch-degree-minutes'],
      ['withdrawn', 'batch-warm-time'],
    ]);
    expect(await budget('A', 'warm-time')).toMatchObject({ used: 18 * 60, usedUpMs: null, byLeg: [0, 480, 600] });
    expect(await chain.report('A')).toMatchObject({ verdict: 'within', judgedMs: at(42) });
  });

  test('what a sick sensor says is left out, as long as it is known to be sick', async () => {
    const sick = breachOn({
      id: 'sick',
      device: 'carrier/unit',
      asset: 'carrier/truck',
      rule: 'sensor-range',
      about: 'sensor',
      startMs: at(13),
      endMs: at(31),
    });
    await chain.deliver({ breachChanges: [{ change: 'raised-late', breach: sick }] });
    // What it said at 12:55 holds for 15 min, and no longer.
    expect(await budget('A', 'warm-time')).toMatchObject({ used: 730, byLeg: [0, 130, 600] });
    expect((await chain.report('A'))!.legs[1]).toMatchObject({ coveredMs: 130 * MINUTE, assumedMs: 1070 * MINUTE });
    await chain.deliver({ breachChanges: [{ change: 'withdrawn', breach: sick }] });
    expect(await budget('A', 'warm-time')).toMatchObject({ used: 30 * 60 });
  });

  test('who made others of it hands on what was used, the worst of all', async () => {
    await chain.deliver({
      events: [
        commission(at(32), { lots: ['B'], asset: 'store/cold', produce: 'prune' }),
        transform(at(42), { inputs: { A: 100, B: 900 }, outputs: { C: 1000 } }),
      ],
      frames: readings('store/probe', 43, 45.5, pulp(6)),
    });
    expect(await budget('C', 'warm-time')).toMatchObject({
      used: 33 * 60,
      usedUpMs: null,
      inherited: { amount: 30 * 60, batch: batchId('A') },
      byLeg: [180],
    });
    // A was cooled in the room; B never was.
    expect(await chain.report('C')).toMatchObject({ verdict: 'used-up', preCooling: { verdict: 'under way' } });
    // Nobody used it up while it was C.
    expect((await chain.breaches()).map(({ device }) => device)).not.toContain(batchId('C'));
    // What comes late about a parent reaches its children.
    const late = readings('carrier/unit', 12, 32, () => ({})).map((f) => frame(f.device, f.timeMs, { 'pulp-1': 2 }));
    await chain.deliver({ frames: late });
    expect(await budget('C', 'warm-time')).toMatchObject({ used: 13 * 60 });
    expect((await budget('C', 'warm-time')).inherited).toMatchObject({ amount: 600 });
  });
});

describe('pre-cooling', () => {
  const cooled = async (coldAtH: number, untilH: number) => {
    await chain.deliver({ events: [commission(at(0), { lots: ['A'], asset: 'grower/room', produce: 'prune' })] });
    const frames = readings('grower/logger', 2, untilH, (h) => ({ 'pulp-1': h < coldAtH ? 28 : 3, 'pulp-2': 1 }));
    await chain.deliver({ frames });
    return (await chain.report('A'))!.preCooling;
  };

  test('reached in time: 7/8 of the way, by the warmest probe', async () => {
    expect(await cooled(30, 40)).toEqual({
      verdict: 'reached',
      sinceMs: at(0),
      deadlineMs: at(48),
      firstC: 28,
      goalC: 3.063,
      reachedMs: at(30),
      heldBy: 'grower',
    });
    expect(await chain.breaches()).toEqual([]);
  });

  test('under way while there is time left', async () => {
    expect(await cooled(60, 40)).toMatchObject({ verdict: 'under way', reachedMs: null, heldBy: 'grower' });
  });

  test('too slow, which is a breach from the deadline on', async () => {
    expect(await cooled(50, 60)).toMatchObject({ verdict: 'too slow', reachedMs: at(50), heldBy: 'grower' });
    expect(await chain.breaches()).toMatchObject([
      { rule: 'batch-pre-cooling', startMs: at(48), endMs: at(50), endedBy: 'recovered', limit: 2880, peak: 3000 },
    ]);
  });

  test('not reached', async () => {
    expect(await cooled(100, 60)).toMatchObject({ verdict: 'not reached', reachedMs: null, heldBy: 'grower' });
    expect(await chain.breaches()).toMatchObject([{ rule: 'batch-pre-cooling', endMs: null, severity: 'warning' }]);
  });

  test('no data', async () => {
    await chain.deliver({ events: [commission(at(0), { lots: ['A'], asset: 'grower/room', produce: 'prune' })] });
    await chain.deliver({ frames: readings('grower/logger', 50, 60, () => ({ 'pulp-1': 1 })) });
    expect((await chain.report('A'))!.preCooling).toMatchObject({ verdict: 'no data', heldBy: 'grower' });
    expect((await chain.report('A'))!.legs).toMatchObject([{ unknownMs: 50 * HOUR, coveredMs: 9 * HOUR }]);
  });
});

test('a gap is taken to be as it was read last, for the clocks alone, and is told', async () => {
  await chain.deliver({ events: journey.slice(0, 2) });
  await chain.deliver({ frames: readings('grower/logger', 0, 12.5, pulp(2)) });
  await chain.deliver({ frames: readings('carrier/unit', 12, 14, pulp(6)) });
  await chain.deliver({ frames: readings('carrier/unit', 20, 22.5, pulp(2)) });
  const leg = (await chain.report('A'))!.legs[1]!;
  expect(leg).toMatchObject({ coveredMs: 4 * HOUR + 10 * MINUTE, assumedMs: 6 * HOUR - 10 * MINUTE, unknownMs: 0 });
  expect(await budget('A', 'warm-time')).toMatchObject({ used: 130 });
  const perHour = (100 * (1 / 0.33) ** 0.6) / 21 / 24;
  const perHourCold = (100 * (1 / 0.33) ** 0.2) / 21 / 24;
  expect((await budget('A', 'ripening')).byLeg[1]).toBeCloseTo(8 * perHour + 2 * perHourCold, 2);
});

test('air stands for pulp where there is none, but never breaks a limit for fruit', async () => {
  await chain.deliver({ events: journey.slice(0, 2) });
  await chain.deliver({ frames: readings('carrier/unit', 12, 20, () => ({ 'air-return': 9, 'air-supply': -9 })) });
  const report = (await chain.report('A'))!;
  expect(report.legs[1]).toMatchObject({ coveredMs: 7 * HOUR, airMs: 7 * HOUR });
  expect(await budget('A', 'warm-time')).toMatchObject({ used: 0 });
  expect((await budget('A', 'ripening')).used).toBeGreaterThan(0);
});

test('produce without budgets is left alone', async () => {
  await chain.deliver({ events: [commission(at(0), { lots: ['A'], asset: 'grower/room', produce: 'gravel' })] });
  await chain.deliver({ frames: readings('grower/logger', 0, 12, pulp(20)) });
  expect(await chain.report('A')).toBeUndefined();
});
