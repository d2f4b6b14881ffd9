import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driveAlong } from '../../simulators/plan/drive.ts';
import { loadNetwork, routeBetween } from '../../simulators/plan/network.ts';
import { makePlan } from '../../simulators/plan/plan.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import { loadScenario, type Scenario } from '../../simulators/scenario/load.ts';
import { CHANNEL_KINDS, channelKind } from '../../src/contract/channel.ts';
import { epcisEvent } from '../../src/contract/event.ts';
import { assetFromUri, parseLgtin } from '../../src/contract/identifiers.ts';
import { NAME_PATTERN } from '../../src/contract/words.ts';

const HOUR_MS = 3_600_000;
const digestOf = (plan: Plan) => createHash('sha256').update(JSON.stringify(plan)).digest('hex');

const demo = loadScenario('demo');
const plan = makePlan(demo);

describe('same seed, same plan', () => {
  test.each(['demo', 'tiny', 'steady'])('%s', (name) => {
    const scenario = loadScenario(name);
    expect(digestOf(makePlan(scenario))).toBe(digestOf(makePlan(loadScenario(name))));
    expect(digestOf(makePlan(scenario, { seed: scenario.seed }))).toBe(digestOf(makePlan(scenario)));
    expect(digestOf(makePlan(scenario, { seed: 999 }))).not.toBe(digestOf(makePlan(scenario)));
  });

  test('another start shifts everything by as much and changes nothing else', () => {
    const shiftMs = 31 * 24 * HOUR_MS;
    const later = makePlan(demo, { startMs: demo.startMs + shiftMs });
    expect(later.moves.map((m) => m.timeMs - shiftMs).slice(0, 8)).toEqual(plan.moves.map((m) => m.timeMs).slice(0, 8));
    expect(later.endMs - later.startMs).toBe(plan.endMs - plan.startMs);
    expect(later.scans.every((s) => s.timeMs >= later.startMs)).toBe(true);
  });

  test('one truck more draws for itself and shifts nobody else’s devices, link or yard', () => {
    const more = makePlan({ ...demo, fleet: { ...demo.fleet, trucks: 25 } });
    const devices = (p: Plan) => new Map(p.devices.map(({ assetIx: _, ...device }) => [device.key, device]));
    for (const [key, device] of devices(plan)) expect(devices(more).get(key)).toEqual(device);
    const outagesOf = (p: Plan, key: string) => {
      const ix = p.devices.findIndex((d) => d.key === key);
      return p.outages.filter((o) => o.deviceIx === ix).map(({ fromMs, toMs }) => [fromMs, toMs]);
    };
    for (const { key } of plan.devices) expect(outagesOf(more, key)).toEqual(outagesOf(plan, key));
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

  test('brings loads from orchard or stock to each forward warehouse', () => {
    const kindOf = (ix: number | null) => (ix === null ? 'outside' : plan.assets[ix]!.kind);
    const arrived = plan.moves.filter((m) => kindOf(m.toAssetIx) === 'forward-warehouse');
    expect(arrived.length).toBeGreaterThan(12);
    const warehouses = plan.assets.flatMap((a, ix) => (a.kind === 'forward-warehouse' ? [ix] : []));
    expect(new Set(arrived.map((m) => m.toAssetIx))).toEqual(new Set(warehouses));
    // At least one load goes all the way: pre-cooled, stored, hauled, received.
    const lives = plan.batches.map((_, b) => plan.moves.filter((m) => m.batchIx === b).map((m) => kindOf(m.toAssetIx)));
    expect(lives).toContainEqual(
      expect.arrayContaining(['pre-cooling-room', 'cold-store', 'reefer-truck', 'forward-warehouse']),
    );
  });

  test('has every kind of fault, inside the run, on assets that are in use', () => {
    expect(new Set(plan.faults.map((f) => f.kind))).toEqual(
      new Set(['unit-failure', 'door-left-open', 'wrong-set-point', 'warm-loading']),
    );
    for (const fault of plan.faults) {
      expect(fault.fromMs).toBeGreaterThanOrEqual(plan.startMs);
      expect(fault.toMs).toBeLessThanOrEqual(plan.endMs);
      expect(fault.toMs).toBeGreaterThan(fault.fromMs);
    }
  });

  test('a load weighs what a truck carries', () => {
    for (const { massKg } of plan.batches) {
      expect(massKg).toBeGreaterThanOrEqual(20_000);
      expect(massKg).toBeLessThanOrEqual(22_000);
    }
  });
});

describe.each(['demo', 'tiny', 'steady'])('invariants of %s', (name) => {
  const scenario = loadScenario(name);
  const seeds = fc.integer({ min: 0, max: 1_000_000 });
  const everySeed = (check: (p: Plan) => void) =>
    fc.assert(
      fc.property(seeds, (seed) => check(makePlan(scenario, { seed }))),
      { numRuns: 8 },
    );

  test('scans are valid EPCIS events of ours, ascending, in the scenario’s zone', () => {
    everySeed((p) => {
      for (const { event, timeMs, org } of p.scans) {
        expect(epcisEvent.safeParse(event)).toMatchObject({ success: true });
        expect(Date.parse(event.eventTime)).toBe(timeMs);
        expect(event.eventTimeZoneOffset).toBe('+08:00');
        expect(p.orgs.map((o) => o.id)).toContain(org);
      }
      expectAscending(p.scans.map((s) => s.timeMs));
    });
  });

  test('a batch is in one place at a time; a truck and a pre-cooling room hold one batch at a time', () => {
    everySeed((p) => {
      expectAscending(p.moves.map((m) => m.timeMs));
      const placeOf = new Map<number, number | null>();
      const holds = p.assets.map(() => 0);
      for (const move of p.moves) {
        expect(placeOf.get(move.batchIx) ?? null).toBe(move.fromAssetIx);
        placeOf.set(move.batchIx, move.toAssetIx);
        if (move.fromAssetIx !== null) holds[move.fromAssetIx]!--;
        if (move.toAssetIx !== null) holds[move.toAssetIx]!++;
        for (const [ix, asset] of p.assets.entries()) {
          if (asset.kind === 'reefer-truck' || asset.kind === 'pre-cooling-room')
            expect(holds[ix]).toBeLessThanOrEqual(1);
        }
      }
    });
  });

  test('moves mirror scans: each scan with a new location has its move, and the other way round', () => {
    everySeed((p) => {
      const scanned = p.scans.flatMap(({ event, timeMs }) => {
        if (event.type !== 'ObjectEvent') return [];
        const asset = event.bizLocation
          ? assetFromUri(event.bizLocation.id)!
          : event.action === 'DELETE'
            ? 'sold'
            : undefined;
        return asset === undefined ? [] : [`${timeMs} ${event.quantityList[0]!.epcClass} ${asset}`];
      });
      const moved = p.moves.map((m) => {
        return `${m.timeMs} ${p.batches[m.batchIx]!.id} ${m.toAssetIx === null ? 'sold' : p.assets[m.toAssetIx]!.key}`;
      });
      expect(scanned.sort()).toEqual(moved.sort());
    });
  });

  test('names, channels and identifiers are ones the contract takes', () => {
    everySeed((p) => {
      expect(new Set(p.batches.map((b) => b.id)).size).toBe(p.batches.length);
      for (const { id } of p.batches)
        expect(parseLgtin(id)).toMatchObject({ companyPrefix: '9521141', itemRef: '012345' });
      for (const { key } of [...p.assets, ...p.devices]) {
        expect(key.split('/')).toHaveLength(2);
        for (const part of key.split('/')) expect(part).toMatch(NAME_PATTERN);
      }
      const kinds = new Set(CHANNEL_KINDS);
      for (const device of p.devices) {
        for (const channel of device.channels) expect(kinds).toContain(channelKind(channel.name));
        expect(new Set(device.channels.map((c) => c.name)).size).toBe(device.channels.length);
      }
      expect(new Set(p.devices.map((d) => d.secret)).size).toBe(p.devices.length);
    });
  });

  test('tracks run forward; doors of one asset do not overlap', () => {
    everySeed((p) => {
      for (const track of p.tracks) expectAscending(track.map((w) => w.timeMs));
      expectAscending(p.doors.map((d) => d.fromMs));
      for (const ix of p.assets.keys()) {
        const own = p.doors.filter((d) => d.assetIx === ix);
        for (const [i, door] of own.entries()) {
          expect(door.toMs).toBeGreaterThan(door.fromMs);
          if (i > 0) expect(door.fromMs).toBeGreaterThan(own[i - 1]!.toMs);
        }
      }
    });
  });
});

describe('drives', () => {
  const network = loadNetwork();
  const toXian = routeBetween(network, 'jiashi', 'xian')!;

  test('Jiashi to Xi’an is about 3,800 km and takes two to three days', () => {
    expect(toXian.reduce((km, leg) => km + leg.km, 0)).toBe(3810);
    const hours = driveAlong(toXian, 0, 1, true).arriveMs / HOUR_MS;
    expect(hours).toBeGreaterThan(48);
    expect(hours).toBeLessThan(72);
  });

  test('nobody drives longer than four hours without a stop of 20 minutes', () => {
    const { wayPoints } = driveAlong(toXian, 0, 0.96, true);
    let drivenMs = 0;
    for (const [i, point] of wayPoints.entries()) {
      if (i === 0) continue;
      const before = wayPoints[i - 1]!;
      const stood = point.latDeg === before.latDeg && point.lonDeg === before.lonDeg;
      if (stood && point.timeMs - before.timeMs >= 15 * 60_000) drivenMs = 0;
      else drivenMs += point.timeMs - before.timeMs;
      expect(drivenMs).toBeLessThanOrEqual(4 * HOUR_MS + 60_000);
    }
  });

  test('the quickest route is found, and none where there is none', () => {
    expect(toXian.map((leg) => leg.to.name)).toContain('turpan');
    expect(routeBetween(network, 'jiashi', 'urumqi')!.at(-1)!.from.name).toBe('toksun');
    expect(routeBetween({ ...network, roads: network.roads.slice(0, 4) }, 'jiashi', 'xian')).toBeUndefined();
  });
});

describe('faults that cannot happen', () => {
  const tiny = loadScenario('tiny');
  const withFaults = (faults: Partial<Scenario['faults']>): Scenario => ({
    ...tiny,
    faults: { ...tiny.faults, ...faults },
  });

  test('warm loading while nothing is loaded', () => {
    const fault = {
      kind: 'warm-loading',
      asset: 'tarim-carriers/truck-01',
      at: 10 * HOUR_MS,
      for: HOUR_MS,
      severity: 5,
    } as const;
    expect(() => makePlan(withFaults({ planned: [fault] }))).toThrow(
      expect.objectContaining({ code: 'SCENARIO_INVALID', message: expect.stringContaining('is not loaded') }),
    );
  });

  test('more drawn faults than trips', () => {
    expect(() => makePlan(withFaults({ draw: { 'unit-failure': 9 } }))).toThrow(
      expect.objectContaining({ code: 'SCENARIO_INVALID' }),
    );
  });
});

function expectAscending(times: readonly number[]): void {
  for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThanOrEqual(times[i - 1]!);
}
