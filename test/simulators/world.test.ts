import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makePlan } from '../../simulators/plan/plan.ts';
import { type Plan, QUANTITIES } from '../../simulators/plan/types.ts';
import { loadScenario } from '../../simulators/scenario/load.ts';
import { truthRecord } from '../../simulators/truth.ts';
import { createWorld, STEP_MS } from '../../simulators/world/world.ts';
import { PULPS, WorldRecord } from './world-record.ts';

const HOUR_MS = 3_600_000;
const tiny = makePlan(loadScenario('tiny'));

/** Digest of all values of all assets at every `everyMs`; `extraMs` adds instants that are only passed through. */
function digestOf(plan: Plan, everyMs: number, extraMs?: number): string {
  const world = createWorld(plan);
  const hash = createHash('sha256');
  const out = new Float64Array(QUANTITIES.length);
  for (let t = plan.startMs; t <= plan.endMs; t += everyMs) {
    world.advanceTo(t);
    for (const ix of plan.assets.keys()) {
      world.read(ix, out);
      hash.update(out);
    }
    if (extraMs !== undefined) for (let s = t + extraMs; s < t + everyMs; s += extraMs) world.advanceTo(s);
  }
  return hash.digest('hex');
}

describe('determinism', () => {
  test('same plan, same bytes; another seed, other bytes', () => {
    expect(digestOf(tiny, 60_000)).toBe(digestOf(makePlan(loadScenario('tiny')), 60_000));
    expect(digestOf(tiny, 60_000)).not.toBe(digestOf(makePlan(loadScenario('tiny'), { seed: 8 }), 60_000));
  });

  test('it does not matter which instants were visited on the way', () => {
    expect(digestOf(tiny, HOUR_MS)).toBe(digestOf(tiny, HOUR_MS, 60_000));
    expect(digestOf(tiny, HOUR_MS)).toBe(digestOf(tiny, HOUR_MS, 77_777));
  });

  test('does not run backwards', () => {
    const world = createWorld(tiny);
    world.advanceTo(tiny.startMs + HOUR_MS);
    expect(() => world.advanceTo(tiny.startMs)).toThrow(RangeError);
  });
});

describe('numerics', () => {
  test('over a whole run no asset makes or loses heat: less than 10 J of some 10⁹', () => {
    const plan = makePlan(loadScenario('demo'));
    const world = createWorld(plan);
    world.advanceTo(plan.endMs);
    for (const ix of plan.assets.keys()) expect(Math.abs(world.imbalanceJ(ix))).toBeLessThan(10);
  });

  test('halving the inner step changes no cargo by 0.05 °C in a day, hour by hour', () => {
    const coarse = createWorld(tiny);
    const fine = createWorld(tiny, { stepMs: STEP_MS / 2 });
    let worstK = 0;
    for (let t = tiny.startMs; t <= tiny.endMs; t += HOUR_MS) {
      coarse.advanceTo(t);
      fine.advanceTo(t);
      for (const b of tiny.batches.keys()) {
        for (let zone = 0; zone < 3; zone++) {
          worstK = Math.max(worstK, Math.abs(coarse.batchPulpC(b, zone) - fine.batchPulpC(b, zone)));
        }
      }
    }
    expect(worstK).toBeLessThan(0.05);
  });

  test('a batch takes its temperature along from asset to asset', () => {
    const world = createWorld(tiny);
    const move = tiny.moves.find(
      (m) => m.fromAssetIx !== null && tiny.assets[m.fromAssetIx]!.kind === 'pre-cooling-room',
    )!;
    world.advanceTo(move.timeMs - 1);
    const before = world.batchPulpC(move.batchIx, 1);
    world.advanceTo(move.timeMs);
    expect(Math.abs(world.batchPulpC(move.batchIx, 1) - before)).toBeLessThan(0.01);
  });
});

describe('a steady chain', () => {
  const plan = makePlan(loadScenario('steady'));
  const record = new WorldRecord(plan, createWorld(plan));
  const ixs = (...kinds: string[]) => plan.assets.flatMap((a, ix) => (kinds.includes(a.kind) ? [ix] : []));
  const stays = (...kinds: string[]) =>
    ixs(...kinds).flatMap((ix) => record.loadedStays(ix).map((stay) => ({ ix, stay })));

  test('loads on trucks, in stores and warehouses stay at 2 °C or below', () => {
    const seen = stays('reefer-truck', 'cold-store', 'forward-warehouse');
    expect(seen.length).toBeGreaterThan(8);
    for (const { ix, stay } of seen) {
      for (const pulp of PULPS) expect(record.longest(stay, (m) => record.at(ix, m, pulp) > 2)).toBe(0);
    }
  });

  test('no fruit comes near freezing: never below −1.4 °C, pre-cooling included', () => {
    for (const { ix, stay } of stays('reefer-truck', 'pre-cooling-room', 'cold-store', 'forward-warehouse')) {
      for (const pulp of PULPS) expect(record.longest(stay, (m) => record.at(ix, m, pulp) < -1.4)).toBe(0);
    }
  });

  test('return air of loaded trucks is within 2 °C of the set-point but for open doors and half an hour after', () => {
    for (const { ix, stay } of stays('reefer-truck')) {
      const off = (m: number) => Math.abs(record.at(ix, m, 'airReturnC') - record.at(ix, m, 'setPointC')) > 2;
      const doorJustOpen = (m: number) => {
        for (let back = 0; back <= 30 && m - back >= 0; back++)
          if (record.at(ix, m - back, 'doorOpen') === 1) return true;
        return false;
      };
      expect(record.longest(stay, (m) => off(m) && !doorJustOpen(m))).toBe(0);
      expect(record.longest(stay, (m) => record.at(ix, m, 'airReturnC') > 4)).toBeLessThanOrEqual(45);
    }
  });

  test('the unit cycles: a few to a dozen times in a mild night hour, neither chattering nor stuck', () => {
    const { ix, stay } = stays('reefer-truck')[0]!;
    let starts = 0;
    for (let m = stay[0] + 61; m <= stay[1]; m++) {
      if (record.at(ix, m, 'unitOn') === 1 && record.at(ix, m - 1, 'unitOn') === 0) starts++;
    }
    const perHour = starts / ((stay[1] - stay[0] - 60) / 60);
    expect(perHour).toBeGreaterThan(1);
    expect(perHour).toBeLessThan(12);
  });

  test('pre-cooling takes a load from orchard heat to 1 °C in 6 to 14 h; half of the way in 1.5 to 5 h', () => {
    for (const { ix, stay } of stays('pre-cooling-room').filter(({ stay }) => stay[1] < record.size - 1)) {
      const pulp = (m: number) => record.at(ix, m, 'pulpMiddleC');
      const startC = pulp(stay[0]);
      expect(startC).toBeGreaterThan(23);
      const until = (limitC: number) => record.longest(stay, (m) => pulp(m) > limitC) / 60;
      expect(until(1)).toBeGreaterThan(6);
      expect(until(1)).toBeLessThan(14);
      expect(until(startC / 2)).toBeGreaterThan(1.5);
      expect(until(startC / 2)).toBeLessThan(5);
      expect(pulp(stay[1])).toBeLessThan(1);
    }
  });

  test('a door opened at a road check in the heat shows in the air within minutes and is forgotten within the hour', () => {
    const minute = (ms: number) => Math.ceil((ms - plan.startMs) / 60_000);
    const checks = plan.doors.filter((d) => {
      const docked = plan.moves.some((m) => m.timeMs >= d.fromMs && m.timeMs < d.toMs);
      const onTheWay = plan.assets[d.assetIx]!.kind === 'reefer-truck' && !docked && d.toMs + HOUR_MS < plan.endMs;
      return onTheWay && record.at(d.assetIx, minute(d.fromMs), 'ambientC') > 20;
    });
    expect(checks.length).toBeGreaterThan(0);
    for (const { assetIx, fromMs, toMs } of checks) {
      expect(record.at(assetIx, minute(toMs) - 1, 'airReturnC')).toBeGreaterThan(
        record.at(assetIx, minute(fromMs) - 1, 'airReturnC') + 1.5,
      );
      expect(record.at(assetIx, minute(toMs) + 60, 'airReturnC')).toBeLessThan(1.5);
    }
  });
});

describe('a chain in which things go wrong', () => {
  const plan = makePlan(loadScenario('demo'));
  const record = new WorldRecord(plan, createWorld(plan));
  const fault = (kind: string) => {
    const found = plan.faults.find((f) => f.kind === kind)!;
    const minute = (ms: number) => Math.ceil((ms - plan.startMs) / 60_000);
    const stay = record.loadedStays(found.assetIx).find(([, last]) => record.timeMs(last) > found.fromMs)!;
    const during: [number, number] = [Math.max(stay[0], minute(found.fromMs)), Math.min(stay[1], minute(found.toMs))];
    return { ix: found.assetIx, stay, during, severity: found.severity };
  };

  test('a unit that stops: warm air within an hour and a half, pulp above 5 °C for hours in the end', () => {
    const { ix, stay, during } = fault('unit-failure');
    expect(record.at(ix, during[0] + 90, 'airReturnC')).toBeGreaterThan(4);
    expect(record.at(ix, during[0] + 90, 'unitOn')).toBe(0);
    const warm = Math.max(...PULPS.map((pulp) => record.longest(stay, (m) => record.at(ix, m, pulp) > 5)));
    expect(warm).toBeGreaterThan(120);
    // Twenty tonnes are slow: the pulp has moved by less than 1 °C when the air is long gone.
    expect(record.at(ix, during[0] + 90, 'pulpMiddleC')).toBeLessThan(1.5);
  });

  test('a door left open: air far above the set-point while it lasts, cold again two hours after', () => {
    const { ix, during } = fault('door-left-open');
    expect(record.longest(during, (m) => record.at(ix, m, 'airReturnC') > 8)).toBeGreaterThan(60);
    expect(record.at(ix, during[1] + 120, 'airReturnC')).toBeLessThan(2);
  });

  test('a set-point of −6 °C: air and then fruit below −1.8 °C for hours', () => {
    const found = plan.faults.find((f) => f.kind === 'wrong-set-point' && f.severity < 0)!;
    const stay = record.loadedStays(found.assetIx)[0]!;
    expect(record.longest(stay, (m) => record.at(found.assetIx, m, 'airReturnC') < -1.8)).toBeGreaterThan(600);
    expect(record.longest(stay, (m) => record.at(found.assetIx, m, 'pulpFrontC') < -1.8)).toBeGreaterThan(600);
  });

  test('a load that comes on board warm: above 4 °C for half a day, pulled down before arrival', () => {
    const { ix, stay, severity } = fault('warm-loading');
    expect(record.at(ix, stay[0], 'pulpMiddleC')).toBeGreaterThan(severity - 1);
    expect(record.longest(stay, (m) => record.at(ix, m, 'pulpMiddleC') > 4)).toBeGreaterThan(8 * 60);
    expect(record.at(ix, stay[1], 'pulpMiddleC')).toBeLessThan(4);
  });

  test('trucks without a fault carry cold fruit all the way', () => {
    const faulty = new Set(plan.faults.map((f) => f.assetIx));
    for (const [ix, asset] of plan.assets.entries()) {
      if (asset.kind !== 'reefer-truck' || faulty.has(ix)) continue;
      for (const stay of record.loadedStays(ix)) {
        expect(record.longest(stay, (m) => record.at(ix, m, 'pulpRearC') > 2)).toBe(0);
      }
    }
  });
});

describe('the truth record', () => {
  const truth = truthRecord(tiny);

  test('names each fault and its asset', () => {
    expect(truth.faults).toEqual([
      {
        kind: 'unit-failure',
        asset: 'oasis-carriers/truck-02',
        fromMs: tiny.startMs + 4 * HOUR_MS,
        toMs: tiny.endMs,
        severity: 1,
      },
    ]);
  });

  test('follows each batch from asset to asset without a gap, with its true extremes', () => {
    expect(truth.batches.map((b) => b.id)).toEqual(tiny.batches.map((b) => b.id));
    for (const { stays } of truth.batches) {
      for (const [i, stay] of stays.entries()) {
        if (i > 0) expect(stay.fromMs).toBe(stays[i - 1]!.toMs);
        expect(stay.pulpMaxC).toBeGreaterThanOrEqual(stay.pulpMinC);
      }
    }
    const hauled = (truck: string) => truth.batches.flatMap((b) => b.stays).find((s) => s.asset.endsWith(truck))!;
    expect(hauled('truck-02').pulpMaxC).toBeGreaterThan(hauled('truck-01').pulpMaxC + 0.5);
  });
});
