import { describe, expect, test } from 'vitest';
import { makePlan } from '../../../simulators/plan/plan.ts';
import { FAULT_KINDS, FAULTS, type PlannedFault } from '../../../simulators/plan/types.ts';
import { loadScenario, type Scenario } from '../../../simulators/scenario/load.ts';
import { HOUR_MS, lotOf, rich } from './scenarios.ts';

const plan = makePlan(rich());

describe('faults of every kind', () => {
  test('are drawn within the run, with severities that make sense, on what they strike', () => {
    expect(new Set(plan.faults.map((f) => f.kind))).toEqual(new Set(FAULT_KINDS));
    for (const fault of plan.faults) {
      const { target, min, max } = FAULTS[fault.kind];
      expect(fault.toMs).toBeGreaterThan(fault.fromMs);
      expect(fault.fromMs).toBeGreaterThanOrEqual(plan.startMs);
      expect(fault.toMs).toBeLessThanOrEqual(plan.endMs);
      expect(fault.severity).toBeGreaterThanOrEqual(min);
      expect(fault.severity).toBeLessThanOrEqual(max);
      expect(fault.severity).not.toBe(0);
      const strikesDevice = target === 'sensor' || target === 'device';
      expect(fault.deviceIx !== null).toBe(strikesDevice);
      expect(fault.channel !== null).toBe(target === 'sensor');
      expect((fault.batchIxs ?? []).length > 0).toBe(target === 'loading');
      if (fault.deviceIx === null) continue;
      const device = plan.devices[fault.deviceIx]!;
      expect(device.assetIx).toBe(fault.assetIx);
      if (fault.channel !== null) expect(device.channels.map((c) => c.name)).toContain(fault.channel);
    }
  });

  test('ascend in time, and what strikes a vehicle strikes it on duty', () => {
    for (const [i, fault] of plan.faults.entries()) {
      if (i > 0) expect(fault.fromMs).toBeGreaterThanOrEqual(plan.faults[i - 1]!.fromMs);
      const { duties } = plan.assets[fault.assetIx]!;
      expect(duties.some((d) => d.fromMs < fault.toMs && fault.fromMs < d.toMs)).toBe(true);
    }
  });
});

describe('drawn faults', () => {
  test('begin before the run ends, though the trip goes on', () => {
    const draw = { 'door-left-open': 2, 'power-loss': 2, 'sensor-stuck': 1 };
    const cutOff = { ...rich(), duration: 24 * HOUR_MS, faults: { planned: [], draw } };
    for (let seed = 1; seed <= 20; seed++) {
      const { faults, endMs } = makePlan(cutOff, { seed });
      for (const { kind, fromMs, toMs } of faults) {
        expect(toMs, `${kind}, seed ${seed}`).toBeGreaterThan(fromMs);
        expect(toMs).toBeLessThanOrEqual(endMs);
      }
    }
  });

  test('strike sensors that are there', () => {
    const devices = { ...rich().devices, channels: { 'reefer-truck': ['pulp-2', 'humidity'] } };
    const drawn = makePlan({ ...rich(), devices, faults: { planned: [], draw: { 'sensor-stuck': 5 } } });
    const onTrucks = drawn.faults.filter((f) => drawn.assets[f.assetIx]!.kind === 'reefer-truck');
    expect(onTrucks.length).toBeGreaterThan(0);
    for (const { deviceIx, channel } of onTrucks) expect([deviceIx === null, channel]).toEqual([false, 'pulp-2']);
  });
});

describe('faults of loading', () => {
  const twin = makePlan(rich(), { faults: false });
  const struckBy = (kind: string) => plan.faults.filter((f) => f.kind === kind);
  const movesOf = (p: typeof plan, batchIx: number) => p.moves.filter((m) => m.batchIx === batchIx);
  const packingOf = (p: typeof plan, fault: PlannedFault) => {
    return p.blends.find((b) => b.inputs.includes(fault.batchIxs![0]!))!;
  };

  test('skipped pre-cooling: straight into the store, packed there when it would have been', () => {
    for (const fault of struckBy('skipped-pre-cooling')) {
      for (const lot of fault.batchIxs!) {
        expect(plan.assets[movesOf(plan, lot)[0]!.toAssetIx!]!.kind).toBe('cold-store');
        expect(movesOf(twin, lot)[0]!.toAssetIx).toBe(fault.assetIx);
      }
      expect(plan.assets[packingOf(plan, fault).assetIx]!.kind).toBe('cold-store');
      expect(packingOf(plan, fault).timeMs).toBe(packingOf(twin, fault).timeMs);
    }
  });

  test('hurried pre-cooling: packed earlier by the share that is cut off', () => {
    for (const fault of struckBy('hurried-pre-cooling')) {
      const inMs = movesOf(plan, fault.batchIxs![0]!)[0]!.timeMs;
      const planned = packingOf(twin, fault).timeMs - inMs;
      const hurried = packingOf(plan, fault).timeMs - inMs;
      expect(Math.abs(hurried / planned - (1 - fault.severity))).toBeLessThan(0.02);
    }
  });

  test('warm loading: the load comes on board warmer by its severity', () => {
    for (const fault of struckBy('warm-loading')) {
      const move = movesOf(plan, fault.batchIxs![0]!).find((m) => m.toAssetIx === fault.assetIx)!;
      expect(move.warmerK).toBe(fault.severity);
    }
  });

  test('the written ones strike the loads they mean', () => {
    const [skipped] = struckBy('skipped-pre-cooling').filter((f) => f.fromMs === plan.startMs + HOUR_MS);
    expect(skipped!.batchIxs!.map((ix) => lotOf(plan, ix))[0]).toMatch(/^JS0820-\d+A$/);
  });
});

describe('faults that cannot happen', () => {
  const tiny = loadScenario('tiny');
  const withFaults = (faults: Partial<Scenario['faults']>): Scenario => ({
    ...tiny,
    faults: { ...tiny.faults, ...faults },
  });

  test('warm loading while nothing is loaded, for this seed', () => {
    const fault = {
      kind: 'warm-loading',
      asset: 'tarim-carriers/truck-01',
      at: 10 * HOUR_MS,
      for: HOUR_MS,
      severity: 5,
    };
    expect(() => makePlan(withFaults({ planned: [fault as Scenario['faults']['planned'][number]] }))).toThrow(
      expect.objectContaining({
        code: 'SCENARIO_INVALID',
        message: "faults.planned[0]: 'tarim-carriers/truck-01' is not loaded while the fault lasts (loaded at 1.5h)",
      }),
    );
  });

  test('of a pre-cooling room that is switched off, since its fruit has gone', () => {
    const day = loadScenario('season-day');
    const asset = makePlan(day).assets.find(({ kind }) => kind === 'pre-cooling-room')!.key;
    const fault = { kind: 'unit-failure', asset, at: 120 * HOUR_MS, for: HOUR_MS, severity: 1 } as const;
    expect(() => makePlan({ ...day, faults: { planned: [fault], draw: {} } })).toThrow(
      expect.objectContaining({
        code: 'SCENARIO_INVALID',
        message: expect.stringMatching(
          `^faults.planned.0.: '${asset}' is not on duty while the fault lasts .on duty from`,
        ),
      }),
    );
  });

  test('of sensors, where nothing on board measures what alarms look at', () => {
    const devices = { ...tiny.devices, channels: { 'reefer-truck': ['humidity'] } };
    expect(() => makePlan({ ...withFaults({ draw: { 'sensor-stuck': 1 } }), devices })).toThrow(
      expect.objectContaining({
        code: 'SCENARIO_INVALID',
        message: expect.stringContaining('faults.draw.sensor-stuck: more faults than trips'),
      }),
    );
  });

  test('more drawn faults than trips', () => {
    expect(() => makePlan(withFaults({ draw: { 'unit-failure': 9 } }))).toThrow(
      expect.objectContaining({
        code: 'SCENARIO_INVALID',
        message: 'faults.draw.unit-failure: more faults than trips that last 8 h or longer',
      }),
    );
  });
});
