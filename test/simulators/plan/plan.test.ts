import { describe, expect, test } from 'vitest';
import { draftPlan } from '../../../simulators/plan/draft.ts';
import { dutyOf } from '../../../simulators/plan/duties.ts';
import { makePlan, makePlanAndTwin } from '../../../simulators/plan/plan.ts';
import type { Plan } from '../../../simulators/plan/types.ts';
import { loadScenario, type Scenario } from '../../../simulators/scenario/load.ts';
import { digestOf, HOUR_MS, rich } from './scenarios.ts';

const demo = loadScenario('demo');
const plan = makePlan(demo);

describe('same seed, same plan', () => {
  test.each<[string, () => Scenario]>([
    ['demo', () => loadScenario('demo')],
    ['tiny', () => loadScenario('tiny')],
    ['steady', () => loadScenario('steady')],
    ['rich', rich],
  ])('%s', (_, load) => {
    const scenario = load();
    expect(digestOf(makePlan(scenario))).toBe(digestOf(makePlan(load())));
    expect(digestOf(makePlan(scenario, { seed: scenario.seed }))).toBe(digestOf(makePlan(scenario)));
    expect(digestOf(makePlan(scenario, { seed: 999 }))).not.toBe(digestOf(makePlan(scenario)));
  });

  test('another start shifts everything by as much and changes nothing else', () => {
    const shiftMs = 31 * 24 * HOUR_MS;
    const later = makePlan(demo, { startMs: demo.startMs + shiftMs });
    expect(later.moves.map((m) => ({ ...m, timeMs: m.timeMs - shiftMs }))).toEqual(plan.moves);
    expect(later.blends.map((b) => ({ ...b, timeMs: b.timeMs - shiftMs }))).toEqual(plan.blends);
    expect(later.faults.map((f) => f.fromMs - shiftMs)).toEqual(plan.faults.map((f) => f.fromMs));
    expect(later.endMs - later.startMs).toBe(plan.endMs - plan.startMs);
    expect(later.scans.timeMs(0)).toBe(later.startMs);
  });

  test('one truck more draws for itself and shifts nobody else’s sensors, clock or yard', () => {
    const more = makePlan({ ...demo, fleet: { ...demo.fleet, trucks: 25 } });
    const devices = (p: Plan) =>
      new Map(p.devices.map(({ assetIx: _, outages: __, ...device }) => [device.key, device]));
    for (const [key, device] of devices(plan)) expect(devices(more).get(key)).toEqual(device);
    const fixed = (p: Plan) =>
      p.assets.filter((a) => a.kind !== 'reefer-truck').map((a) => [a.key, [...a.duties[0]!.track.route.latDeg]]);
    expect(fixed(more)).toEqual(fixed(plan));
  });
});

describe('the twin in which nothing goes wrong', () => {
  const scenario = rich();
  const faulty = makePlan(scenario);
  const twin = makePlan(scenario, { faults: false });

  test('is the same planned beside it as planned alone', () => {
    // As text: a route has functions in it.
    expect(JSON.stringify(makePlanAndTwin(scenario, {}))).toBe(JSON.stringify({ plan: faulty, twin }));
  });

  test('has the same batches, devices and trips, and no fault', () => {
    expect(twin.faults).toEqual([]);
    expect(faulty.faults.length).toBeGreaterThan(20);
    expect(twin.batches).toEqual(faulty.batches);
    expect(twin.devices).toEqual(faulty.devices);
    const vehicles = (p: Plan) => p.assets.filter((a) => /truck|box/.test(a.kind)).map((a) => [a.key, a.duties]);
    expect(vehicles(twin)).toEqual(vehicles(faulty));
    expect(twin.moves.filter((m) => m.warmerK > 2)).toEqual([]);
  });

  test('differs in the moves of loads that faults of loading strike, and in no others', () => {
    const struck = new Set(faulty.faults.flatMap((f) => f.batchIxs ?? []));
    for (const { inputs, outputs } of faulty.blends) if (inputs.some((ix) => struck.has(ix))) struck.add(outputs[0]!);
    const others = (p: Plan) => p.moves.filter((m) => !struck.has(m.batchIx));
    expect(others(twin)).toEqual(others(faulty));
    expect(twin.moves).not.toEqual(faulty.moves);
  });
});

describe('the demo', () => {
  test('is as large as promised', () => {
    const count = (kind: string) => plan.assets.filter((a) => a.kind === kind).length;
    expect(count('reefer-truck')).toBeGreaterThanOrEqual(24);
    expect(count('pre-cooling-room')).toBe(4);
    expect(count('cold-store')).toBe(4);
    expect(count('forward-warehouse')).toBeGreaterThanOrEqual(2);
    expect(plan.devices.reduce((n, d) => n + d.channels.length, 0)).toBeGreaterThanOrEqual(200);
    expect(plan.endMs - plan.startMs).toBe(96 * HOUR_MS);
    expect(new Set(plan.devices.map((d) => d.sampleMs))).toEqual(new Set([60_000]));
  });

  test('follows a load from the orchard into a shop, and sells it there', () => {
    const kindOf = (ix: number | null) => (ix === null ? 'outside' : plan.assets[ix]!.kind);
    const stays = plan.batches.map((_, b) => plan.moves.filter((m) => m.batchIx === b).map((m) => kindOf(m.toAssetIx)));
    const packed = plan.batches.flatMap((_, b) => {
      return stays[b]!.join() === 'cold-store,reefer-truck,forward-warehouse' ? [b] : [];
    });
    const whole = packed.filter((b) => {
      const from = plan.blends.find((blend) => blend.outputs.includes(b));
      const into = plan.blends.find((blend) => blend.inputs.includes(b));
      return from && into?.outputs.some((lot) => stays[lot]!.join() === 'retail-display,outside');
    });
    expect(whole.length).toBeGreaterThan(0);
  });

  test('its written faults hit the trucks they mean, whatever the seed', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const p = makePlan(demo, { seed });
      const toOf = (kind: string) => {
        const fault = p.faults.find((f) => f.kind === kind && Number.isInteger((f.fromMs - p.startMs) / HOUR_MS))!;
        const truck = p.assets[fault.assetIx]!;
        const duty = truck.duties.find((d) => d.fromMs < fault.toMs && fault.fromMs < d.toMs)!;
        const move = p.moves.find((m) => m.fromAssetIx === fault.assetIx && m.timeMs >= duty.fromMs);
        return move && p.assets[move.toAssetIx!]!.key.split('-').at(-1);
      };
      expect(toOf('unit-failure')).toBe('xian');
      expect(toOf('door-left-open')).toBe('urumqi');
      expect(toOf('warm-loading')).toBe('xian');
      expect(toOf('wrong-set-point')).toBe('chengdu');
    }
  });

  test('no truck is called to be loaded before it is home again', () => {
    // More departures than trucks: each is asked for again as soon as it is back.
    const scenario = loadScenario('steady');
    const often = { ...scenario, duration: 240 * HOUR_MS, trips: { ...scenario.trips, perDay: 24 } };
    const { hauls, run } = draftPlan(often, 1, often.startMs);
    let again = 0;
    for (const own of hauls.values()) {
      for (const [i, haul] of own.entries()) {
        if (i === 0) continue;
        again++;
        expect(dutyOf(haul, run).fromMs).toBeGreaterThanOrEqual(own[i - 1]!.freeMs);
      }
    }
    expect(again).toBeGreaterThan(10);
  });

  test('a load weighs what a truck carries', () => {
    for (const move of plan.moves) {
      if (move.toAssetIx === null || plan.assets[move.toAssetIx]!.kind !== 'reefer-truck') continue;
      const { massKg } = plan.batches[move.batchIx]!;
      expect(massKg).toBeGreaterThanOrEqual(20_000);
      expect(massKg).toBeLessThanOrEqual(22_000);
    }
  });
});
