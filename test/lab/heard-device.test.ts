import { describe, expect, test } from 'vitest';
import { Delivery, frameOf } from '../../simulators/device/delivery.ts';
import type { PlannedDevice } from '../../simulators/plan/types.ts';
import { runBlocks, runSimulation } from '../../simulators/run.ts';
import { planOf } from '../../simulators/source.ts';
import { createWorld } from '../../simulators/world/world.ts';
import { internLayout } from '../../src/contract/frame.ts';
import { DeviceRows } from '../../src/lab/device-rows.ts';
import { HeardDevice } from '../../src/lab/heard-device.ts';
import { breach } from './cases.ts';

const MINUTE_MS = 60_000;

describe('rows of a device', () => {
  const layout = internLayout(['air', 'pulp-1']);
  const plain = ({ size, timeMs, values }: ReturnType<DeviceRows['take']>) => {
    return { size, timeMs: [...timeMs], values: [...values] };
  };

  test('come out as they went in, and once', () => {
    const rows = new DeviceRows('a/b', layout);
    rows.add(1, Float64Array.of(9, 10, 11), 1);
    rows.add(2, Float64Array.of(20, 21), 0);
    rows.add(3, Float64Array.of(30, 31), 0);
    expect(plain(rows.take(2))).toEqual({ size: 2, timeMs: [1, 2], values: [10, 11, 20, 21] });
    expect(rows.size).toBe(1);
    expect(plain(rows.take(1))).toEqual({ size: 1, timeMs: [3], values: [30, 31] });
  });

  test('are kept while others are taken, however many there are', () => {
    const rows = new DeviceRows('a/b', layout);
    const seen: number[] = [];
    for (let t = 1; t <= 5000; t++) {
      rows.add(t, Float64Array.of(t, -t), 0);
      if (t % 100 === 0) seen.push(...rows.take(t % 300 === 0 ? 120 : 60).values);
    }
    seen.push(...rows.take(rows.size).values);
    expect(seen).toEqual(Array.from({ length: 5000 }, (_, i) => [i + 1, -i - 1]).flat());
  });

  test('where a clock runs back they are put in order, and of two for one instant the first counts', () => {
    const rows = new DeviceRows('a/b', layout);
    for (const [timeMs, value] of [
      [5, 50],
      [3, 30],
      [9, 90],
      [5, 51],
      [4, 40],
    ] as const) {
      rows.add(timeMs, Float64Array.of(value, value), 0);
    }
    const sorted = rows.takeSorted(5, (row) => row !== 2);
    expect(plain(sorted)).toEqual({ size: 3, timeMs: [3, 4, 5], values: [30, 30, 40, 40, 50, 50] });
  });
});

/** All frames that are heard of each device, in the order in which they are ready. */
function heardOf(scenario: string, change: (device: PlannedDevice) => PlannedDevice) {
  const drawn = planOf({ scenario });
  const plan = { ...drawn, devices: drawn.devices.map(change) };
  const delivery = new Delivery(plan, frameOf);
  const devices = plan.devices.map((device) => new HeardDevice(plan.seed, device, true));
  const heard = new Map(plan.devices.map(({ key }) => [key, [] as number[]]));
  const take = (ix: number, isOver: boolean) =>
    heard.get(plan.devices[ix]!.key)!.push(...(devices[ix]!.ready(isOver)?.timeMs ?? []));
  const indexOf = new Map(plan.devices.map(({ key }, ix) => [key, ix]));
  for (const block of runBlocks(plan, createWorld(plan))) {
    for (let row = 0; row < block.size; row++) {
      devices[block.deviceIx[row]!]!.measured(block.timeMs[row]!, block.values, block.valueAt[row]!);
    }
    delivery.take(block);
    for (const pack of delivery.packsUntil(block.toMs)) {
      for (const { seq } of pack.frames) devices[indexOf.get(pack.device)!]!.heard(seq!, pack.timeMs);
    }
    for (let row = 0; row < block.size; row++) take(block.deviceIx[row]!, false);
  }
  for (const ix of devices.keys()) take(ix, true);
  return { plan, heard };
}

describe('a device as the processor hears it', () => {
  test.each(['oldest-first', 'newest-first', 'interleaved'] as const)(
    'what its memory lost is not there, all that a simulation sends is: %s',
    (reconnect) => {
      const { plan, heard } = heardOf('coverage-gaps', (device) => ({ ...device, reconnect, bufferFramesMax: 6 }));
      const sent = new Map(plan.devices.map(({ key }) => [key, new Set<number>()]));
      let lost = 0;
      for (const slice of runSimulation(plan, createWorld(plan))) {
        lost += slice.framesLost;
        for (const { device, frames } of slice.packs) for (const { timeMs } of frames) sent.get(device)!.add(timeMs);
      }
      expect(lost).toBeGreaterThan(0);
      for (const [device, times] of sent) expect(heard.get(device)).toEqual([...times].sort((a, b) => a - b));
    },
  );

  test('a breach is told once its frames are in; a silence by time itself', () => {
    const [device] = planOf({ scenario: 'tiny' }).devices;
    const steady = { ...device!, sampleMs: 5 * MINUTE_MS, reportMs: 10 * MINUTE_MS, bufferFramesMax: 100 };
    const heard = new HeardDevice(1, steady, true);
    const startMs = Date.parse('2026-08-21T00:00:00Z');
    const frames = Array.from({ length: 13 }, (_, i) => startMs + i * 5 * MINUTE_MS);
    for (const [seq, timeMs] of frames.entries()) {
      heard.measured(timeMs, new Float64Array(steady.channels.length), 0);
      // The fourth waits for half an hour; all others for the report they belong to.
      heard.heard(seq, seq === 3 ? timeMs + 30 * MINUTE_MS : heard.told(raised(timeMs, timeMs)).toldMs);
    }
    heard.ready(true);
    const told = (from: number, to: number) => heard.told(raised(frames[from]!, frames[to]!)).toldMs;
    expect(told(0, 2) - frames[2]!).toBeLessThan(10 * MINUTE_MS);
    expect(told(1, 4)).toBe(frames[3]! + 30 * MINUTE_MS);
    expect(told(4, 5) - frames[5]!).toBeLessThan(10 * MINUTE_MS);
    expect(heard.told({ ...raised(frames[1]!, frames[4]!), about: 'device' }).toldMs).toBe(frames[4]!);
  });
});

const raised = (startMs: number, raisedMs: number) => ({ ...breach(0, null), startMs, raisedMs });
