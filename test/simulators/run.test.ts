import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DevicePack } from '../../simulators/device/delivery.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import { inOrder, runSimulation, type Slice } from '../../simulators/run.ts';
import { minutes, planWithOutage, scansIn, toyPlan, toyWorld } from './toy-plan.ts';

/** A run as plain text, which does not show where it was cut. */
function transcript(plan: Plan, sliceMs?: number): string[] {
  const lines: string[] = [];
  for (const slice of runSimulation(plan, toyWorld(), sliceMs === undefined ? {} : { sliceMs })) {
    for (const item of inOrder(slice)) lines.push(JSON.stringify(item));
  }
  return lines;
}

const slicesOf = (plan: Plan, sliceMs?: number): Slice[] => [
  ...runSimulation(plan, toyWorld(), sliceMs === undefined ? {} : { sliceMs }),
];

describe('runSimulation', () => {
  it('is the same, byte for byte, for the same plan and other for another seed', () => {
    const first = transcript(toyPlan());
    expect(transcript(toyPlan())).toEqual(first);
    expect(transcript(toyPlan({ seed: 8 }))).not.toEqual(first);
  });

  it('does not depend on where slices are cut', () => {
    const plan = planWithOutage(7, 31);
    const whole = transcript(plan);
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 2 * 3_600_000 }), (sliceMs) => {
        expect(transcript(plan, sliceMs)).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('gives packs in order of (time, device), within their slice, aligned to the interval of the device', () => {
    let before = '';
    for (const slice of slicesOf(toyPlan())) {
      for (const pack of slice.packs) {
        expect(pack.timeMs).toBeGreaterThanOrEqual(slice.fromMs);
        expect(pack.timeMs).toBeLessThan(slice.toMs);
        const place = `${pack.timeMs} ${pack.device}`;
        expect(place > before).toBe(true);
        before = place;
      }
    }
    const byDevice = new Map<string, DevicePack[]>();
    for (const pack of slicesOf(toyPlan()).flatMap((slice) => slice.packs)) {
      byDevice.set(pack.device, [...(byDevice.get(pack.device) ?? []), pack]);
    }
    expect([...byDevice].map(([device, packs]) => [device, packs.length]).sort()).toEqual([
      ['carrier/tu-1', 60],
      ['grower/logger-1', 60],
      ['grower/logger-2', 12],
    ]);
    for (const packs of byDevice.values()) {
      const everyMs = packs[1]!.timeMs - packs[0]!.timeMs;
      expect(new Set(packs.map((pack) => pack.timeMs % everyMs)).size).toBe(1);
    }
  });

  it('gives every scan once, in its slice, the one at the very end included', () => {
    const plan = toyPlan();
    const slices = slicesOf(plan);
    expect(slices.flatMap((slice) => slice.scans)).toEqual(scansIn(plan));
    expect(slices.map((slice) => slice.scans.length)).toEqual([1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('puts a scan before the frames of its instant', () => {
    const plan = toyPlan();
    const times = slicesOf(plan).flatMap((slice) =>
      [...inOrder(slice)].map((item) => ('scan' in item ? item.scan.timeMs - 0.5 : item.pack.timeMs)),
    );
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('counts what devices lost and still keep', () => {
    const plan = toyPlan({
      devices: toyPlan().devices.map((device, ix) => ({
        ...device,
        bufferFramesMax: 10,
        outages: [[minutes(0, 30)], [minutes(55, 60)], []][ix]!,
      })),
    });
    const slices = slicesOf(plan);
    expect(slices.reduce((sum, slice) => sum + slice.framesLost, 0)).toBe(20);
    expect(slices.at(-1)!.framesKept).toBe(5);
    const sent = slices.flatMap((slice) => slice.packs).reduce((sum, pack) => sum + pack.frames.length, 0);
    expect(sent + 20 + 5).toBe(60 + 60 + 12);
  });

  it('takes the world through all slices, to instants at which something samples, and tells who watches', () => {
    const world = toyWorld();
    const plan = toyPlan();
    const told: number[] = [];
    const afterWorldSlice = (toMs: number) => {
      expect(world.endedMs).toBe(toMs);
      told.push(toMs);
    };
    for (const _ of runSimulation(plan, world, { sliceMs: 1000, afterWorldSlice }));
    expect(told).toEqual(Array.from({ length: 12 }, (_, i) => minutes(0, 5 * (i + 1)).toMs));
    expect(world.steps).toBeLessThanOrEqual(60 * 3);
  });

  it('runs a plan without devices', () => {
    const slices = slicesOf(toyPlan({ devices: [] }));
    expect(slices).toHaveLength(12);
    expect(slices.flatMap((slice) => slice.scans)).toHaveLength(4);
  });
});
