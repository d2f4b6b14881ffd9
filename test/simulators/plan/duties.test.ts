import { describe, expect, test } from 'vitest';
import { makePlan } from '../../../simulators/plan/plan.ts';
import { type Plan, SLICE_MS } from '../../../simulators/plan/types.ts';
import { loadScenario } from '../../../simulators/scenario/load.ts';
import { CHANNEL_KINDS, channelKind } from '../../../src/contract/channel.ts';
import { type Interval, NAME_PATTERN } from '../../../src/contract/words.ts';
import { HOUR_MS, rich } from './scenarios.ts';

const MINUTE_MS = 60_000;

describe.each([
  ['demo', makePlan(loadScenario('demo'))],
  ['tiny', makePlan(loadScenario('tiny'))],
  ['rich', makePlan(rich())],
  ['rich, another seed', makePlan(rich(), { seed: 77 })],
] as [string, Plan][])('duties in %s', (_, plan) => {
  const duties = plan.assets.flatMap((asset) => asset.duties.map((duty) => ({ asset, duty })));
  const isVehicle = (kind: string) => kind === 'reefer-truck' || kind === 'rail-reefer-box';

  const isPreCooling = (kind: string) => kind === 'pre-cooling-room' || kind === 'mobile-cold-room';

  test('never overlap, lie on the slice grid, within the run; what is always on has one for all of it', () => {
    for (const asset of plan.assets) {
      expectApart(asset.duties);
      if (!isVehicle(asset.kind) && !isPreCooling(asset.kind)) {
        expect(asset.duties).toMatchObject([{ fromMs: plan.startMs, toMs: plan.endMs }]);
      }
    }
    for (const { duty } of duties) {
      for (const ms of [duty.fromMs, duty.toMs]) expect((ms - plan.startMs) % SLICE_MS).toBe(0);
      expect(duty.fromMs).toBeGreaterThanOrEqual(plan.startMs);
      expect(duty.toMs).toBeLessThanOrEqual(plan.endMs);
    }
  });

  test('what happens in a duty lies within it, ascending and apart', () => {
    for (const { duty } of duties) {
      for (const list of [duty.doors, duty.unpowered, duty.unreached]) {
        expectApart(list);
        for (const { fromMs, toMs } of list) {
          expect(fromMs).toBeGreaterThanOrEqual(duty.fromMs);
          expect(toMs).toBeLessThanOrEqual(duty.toMs);
        }
      }
    }
  });

  test('a vehicle is called 2.5 h before it is loaded and let go 15 min after it is unloaded', () => {
    for (const [ix, asset] of plan.assets.entries()) {
      if (!isVehicle(asset.kind)) continue;
      for (const duty of asset.duties) {
        const own = plan.moves.filter((m) => duty.fromMs <= m.timeMs && m.timeMs <= duty.toMs);
        const loadMs = own.find((m) => m.toAssetIx === ix)!.timeMs;
        const unloadMs = own.find((m) => m.fromAssetIx === ix)?.timeMs;
        expect(duty.fromMs).toBe(Math.max(plan.startMs, loadMs - 2.5 * HOUR_MS));
        if (unloadMs !== undefined) expect(duty.toMs).toBe(Math.min(plan.endMs, unloadMs + 15 * MINUTE_MS));
        // A dock door is open around each of them, and it stands still there.
        for (const ms of [loadMs, unloadMs]) {
          if (ms === undefined) continue;
          expect(duty.doors.some((d) => d.docked && d.fromMs <= ms && ms <= d.toMs)).toBe(true);
        }
        expect(duty.track.timeMs[0]).toBeGreaterThanOrEqual(loadMs);
        if (unloadMs !== undefined) expect(duty.track.timeMs.at(-1)).toBeLessThanOrEqual(unloadMs);
      }
    }
  });

  test('a pre-cooling room is on 2 h before fruit comes and 1 h after it has gone, and not off for less than 12 h', () => {
    for (const [ix, asset] of plan.assets.entries()) {
      if (!isPreCooling(asset.kind)) continue;
      const cameMs = plan.moves.flatMap((m) => (m.toAssetIx === ix ? [m.timeMs] : []));
      const wentMs = plan.moves.flatMap((m) => (m.fromAssetIx === ix ? [m.timeMs] : []));
      const onAt = (ms: number) => asset.duties.some((duty) => duty.fromMs <= ms && ms <= duty.toMs);
      for (const ms of cameMs) expect(onAt(Math.max(plan.startMs, ms - 2 * HOUR_MS))).toBe(true);
      for (const ms of wentMs) expect(onAt(Math.min(plan.endMs, ms + HOUR_MS))).toBe(true);
      for (const [i, duty] of asset.duties.entries()) {
        expect(cameMs.some((ms) => duty.fromMs <= ms && ms < duty.toMs)).toBe(true);
        if (i > 0) expect(duty.fromMs - asset.duties[i - 1]!.toMs).toBeGreaterThanOrEqual(12 * HOUR_MS);
      }
    }
  });

  test('tracks run forward along their route, to its end', () => {
    for (const { duty } of duties) {
      const { timeMs, km, route } = duty.track;
      expect(km.length).toBe(timeMs.length);
      for (let i = 1; i < km.length; i++) {
        expect(timeMs[i]).toBeGreaterThanOrEqual(timeMs[i - 1]!);
        expect(km[i]).toBeGreaterThanOrEqual(km[i - 1]!);
      }
      expect(km.at(-1)).toBeCloseTo(route.km.at(-1)!, 6);
    }
  });

  test('names, channels and devices are ones the contract takes', () => {
    for (const { key } of [...plan.assets, ...plan.devices]) {
      expect(key.split('/')).toHaveLength(2);
      for (const part of key.split('/')) expect(part).toMatch(NAME_PATTERN);
    }
    const kinds = new Set(CHANNEL_KINDS);
    for (const device of plan.devices) {
      for (const channel of device.channels) expect(kinds).toContain(channelKind(channel.name));
      expect(new Set(device.channels.map((c) => c.name)).size).toBe(device.channels.length);
      expect(device.reportMs % device.sampleMs).toBe(0);
      expect(device.bufferFramesMax).toBeGreaterThan(0);
      expectApart(device.outages);
    }
    expect(new Set(plan.devices.map((d) => d.secret)).size).toBe(plan.devices.length);
    expect(new Set(plan.devices.map((d) => d.key)).size).toBe(plan.devices.length);
  });
});

describe('devices and links of the rich scenario', () => {
  const plan = makePlan(rich());
  const kindOf = (ix: number) => plan.assets[ix]!.kind;

  test('rail boxes report every five minutes, a logger hangs in some vehicles on a battery', () => {
    const boxes = plan.devices.filter((d) => kindOf(d.assetIx) === 'rail-reefer-box' && d.batteryHours === null);
    expect(new Set(boxes.map((d) => d.sampleMs))).toEqual(new Set([5 * MINUTE_MS]));
    expect(boxes[0]!.channels.map((c) => c.name)).toContain('defrost');
    const loggers = plan.devices.filter((d) => d.batteryHours !== null);
    expect(loggers.length).toBeGreaterThan(5);
    expect(loggers.length).toBeLessThan(36);
    for (const logger of loggers) expect(logger.channels.map((c) => c.name)).toEqual(['air-2', 'battery']);
  });

  test('a broker outage takes every link away; radio fails on vehicles only, while they are on duty', () => {
    const brokerMs = plan.startMs + 30 * HOUR_MS;
    for (const device of plan.devices) {
      expect(device.outages.some((o) => o.fromMs <= brokerMs && o.toMs >= brokerMs + HOUR_MS)).toBe(true);
      const asset = plan.assets[device.assetIx]!;
      if (!/truck|box/.test(asset.kind)) expect(device.outages).toHaveLength(1);
    }
    expect(plan.devices.reduce((n, d) => n + d.outages.length, 0)).toBeGreaterThan(1.5 * plan.devices.length);
  });

  test('the way through the desert has gaps in coverage', () => {
    const unreached = plan.assets.flatMap((a) => a.duties.flatMap((d) => d.unreached));
    expect(unreached.length).toBeGreaterThan(10);
  });

  test('the field preset: clocks are off, some packs are late, some frames missing', () => {
    expect(new Set(plan.devices.map((d) => d.clockAheadMs)).size).toBeGreaterThan(20);
    for (const d of plan.devices) expect(d).toMatchObject({ missingShare: 0.002, lateShare: 0.01 });
  });
});

describe('the train of the rich scenario', () => {
  const plan = makePlan(rich());
  const boxes = plan.assets.filter((a) => a.kind === 'rail-reefer-box').flatMap((a) => a.duties);
  const departMs = plan.startMs + 40 * HOUR_MS;

  test('takes all its boxes, loaded in waves, and reaches Xi’an in about two days', () => {
    expect(boxes).toHaveLength(6);
    expect(new Set(boxes.map((d) => d.fromMs)).size).toBe(2);
    for (const { track } of boxes) {
      const hours = (track.timeMs.at(-1)! - departMs) / HOUR_MS;
      expect(hours).toBeGreaterThan(40);
      expect(hours).toBeLessThan(60);
    }
  });

  test('its boxes have no power from the store to the wagon and from the wagon to the warehouse', () => {
    for (const { unpowered, track } of boxes) {
      expect(unpowered).toHaveLength(2);
      const [before, after] = unpowered;
      expect(before!.fromMs).toBeLessThan(departMs - 3 * HOUR_MS);
      expect(before!.toMs).toBe(departMs - 30 * MINUTE_MS);
      expect(after!.fromMs).toBe(track.timeMs.at(-1)! + 30 * MINUTE_MS);
    }
    const powered = makePlan({
      ...rich(),
      rail: { drayageTrucks: 4, trains: [{ ...rich().rail.trains[0]!, powered: true }] },
    });
    expect(powered.assets.flatMap((a) => a.duties).every((d) => d.unpowered.length === 0)).toBe(true);
  });
});

function expectApart(intervals: readonly Interval[]): void {
  for (const [i, { fromMs, toMs }] of intervals.entries()) {
    expect(toMs).toBeGreaterThan(fromMs);
    if (i > 0) expect(fromMs).toBeGreaterThanOrEqual(intervals[i - 1]!.toMs);
  }
}
