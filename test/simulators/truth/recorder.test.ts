import { describe, expect, it } from 'vitest';
import { type Plan, SLICE_MS } from '../../../simulators/plan/types.ts';
import type { TrueTemperature, TruthRecord } from '../../../simulators/truth/record.ts';
import { type TruthOptions, TruthRecorder } from '../../../simulators/truth/recorder.ts';
import { drawFruit } from '../../../simulators/world/fruit.ts';
import { RIPENS, slice, toyFault, toyRunning, toySeason, WELL_C } from './toy-season.ts';

const TRUCK = 2;

function record(plan: Plan, options?: TruthOptions): TruthRecord {
  const real = toyRunning(plan);
  const recorder = new TruthRecorder(real, toyRunning(toySeason([])), options);
  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
    real.world.beginSlice(fromMs);
    real.world.endSlice(fromMs + SLICE_MS);
    recorder.afterSlice(fromMs + SLICE_MS);
  }
  return recorder.end();
}

/** What the lots are packed into is the mean of them: it has no storage life of its own. */
const PACKED_DAYS = 0.75 * drawFruit('prune', 7, 'lot-0').lifeDays + 0.25 * drawFruit('prune', 7, 'lot-1').lifeDays;

/** Loss of a packed batch that was so many degree-slices warmer, mean over its zones. */
const lossDays = (degreeSlices: number) => RIPENS * degreeSlices * PACKED_DAYS;

describe('TruthRecorder', () => {
  it('without faults nothing is lost', () => {
    const { batches, faults } = record(toySeason([]));
    expect(faults).toEqual([]);
    expect(batches.map((batch) => batch.lossDays)).toEqual([0, 0, 0, 0, 0]);
    expect(batches.flatMap((batch) => batch.parts)).toEqual([]);
    expect(batches.map((batch) => batch.end)).toEqual(['blended', 'blended', 'blended', 'left', 'kept']);
  });

  it('notes where each batch stayed, and how warm it was there', () => {
    const { batches } = record(toySeason([toyFault(TRUCK, 40, 50, 3)]));
    expect(batches[2]!.stays).toEqual([
      { asset: 'grower/store', fromMs: slice(20), toMs: slice(30), pulpMinC: WELL_C, pulpMaxC: WELL_C },
      { asset: 'carrier/truck', fromMs: slice(30), toMs: slice(60), pulpMinC: WELL_C, pulpMaxC: WELL_C + 6 },
      { asset: 'retailer/shop', fromMs: slice(60), toMs: slice(70), pulpMinC: WELL_C, pulpMaxC: WELL_C },
    ]);
    expect(batches[3]).toMatchObject({ fromMs: slice(70), toMs: slice(90), end: 'left' });
    expect(batches[4]).toMatchObject({ fromMs: slice(70), toMs: slice(100), end: 'kept' });
  });

  it('says what a fault did: whom it reached, how warm, what it cost, and what the fruit handed on', () => {
    const { batches, faults } = record(toySeason([toyFault(TRUCK, 40, 50, 3)]));
    const each = 10 * 3 * (4 / 3);
    expect(batches[2]!.lossDays).toBeCloseTo(lossDays(each), 12);
    expect(batches[4]!.lossDays).toBeCloseTo(lossDays(each), 12);
    // The rear stood at 7 °C, 3 °C above the alarm limit and 1 °C below the critical one, for 10 slices of 5 minutes.
    expect(batches[4]).toMatchObject({ alarmMin: 50, criticalMin: 0 });
    expect(faults[0]).toMatchObject({ asset: 'carrier/truck', batches: ['load'], pulpMinC: 4, pulpMaxC: 7 });
    expect(faults[0]!.lossDays).toBeCloseTo(lossDays(each), 12);
    expect(faults[0]!.lossTonneDays).toBeCloseTo(lossDays(each) * 3.6, 12);
    expect(faults[0]!.alarmMin).toBeCloseTo(50, 9);
  });

  it('warm fruit in a pre-cooling room is no fault of anyone, cold store fruit is', () => {
    const { batches } = record(toySeason([toyFault(0, 2, 4, 20), toyFault(1, 2, 4, 20)]));
    expect(batches[0]!.alarmMin).toBe(0);
    expect(batches[1]!.alarmMin).toBe(10);
    // Packed together they are a quarter lot 1.
    expect(batches[2]!.alarmMin).toBe(2.5);
  });

  it('shares between faults at work together, and the parts of each batch add up', () => {
    const plan = toySeason([toyFault(1, 5, 15, 2), toyFault(TRUCK, 35, 45, 1), toyFault(TRUCK, 40, 50, 1)]);
    const { batches, faults } = record(plan);
    for (const { parts, lossDays: total } of batches) {
      expect(parts.reduce((sum, part) => sum + part.lossDays, 0)).toBeCloseTo(total, 12);
    }
    const load = Object.fromEntries(batches[2]!.parts.map((part) => [part.faultIx, part.lossDays]));
    const degreeSlices = (n: number) => lossDays(n * (4 / 3));
    // Both while both act; the first by itself before, the second after. In the store lot 0 was there for 5 of 10.
    expect(load[1]).toBeCloseTo(degreeSlices(5 + 5), 12);
    expect(load[2]).toBeCloseTo(degreeSlices(5 + 5), 12);
    expect(load[0]).toBeCloseTo(degreeSlices(0.75 * 2 * 5 + 0.25 * 2 * 10), 12);
    expect(faults[0]!.batches).toEqual(['lot-1', 'lot-0']);
  });

  it('harm is told by damage and by limits', () => {
    const [mild, hot] = [
      record(toySeason([toyFault(TRUCK, 40, 50, 3)])),
      record(toySeason([toyFault(TRUCK, 31, 59, 9)])),
    ];
    expect(mild.faults[0]!.harm).toEqual({ byDamage: false, byLimits: false });
    expect(hot.faults[0]!.harm).toEqual({ byDamage: true, byLimits: true });
    expect(hot.batches[4]!.harm).toEqual({ byDamage: true, byLimits: true });
    expect(hot.batches[1]!.harm).toEqual({ byDamage: false, byLimits: false });
  });

  it('fruit that froze has lost what it had left', () => {
    const { batches } = record(toySeason([toyFault(TRUCK, 40, 50, -6)]));
    expect(batches[2]!.frozen).toBe(1);
    expect(batches[4]!.frozen).toBe(1);
    expect(batches[4]!.lossDays).toBeGreaterThan(0.9 * PACKED_DAYS);
  });

  it('a sensor fault is recorded with its reach, and costs nothing', () => {
    const fault = { ...toyFault(TRUCK, 40, 50, 0), kind: 'sensor-stuck' as const, channel: 'pulp-1' };
    const { faults } = record(toySeason([fault]));
    expect(faults[0]).toMatchObject({ batches: ['load'], lossDays: 0, harm: { byDamage: false, byLimits: false } });
  });

  it('pre-cooling that was skipped is charged to its fault, though the room stood empty', () => {
    const room = 0;
    const fault = { ...toyFault(room, 0, 10, 0), kind: 'skipped-pre-cooling' as const, batchIxs: [0] };
    const [, ...moves] = toySeason([]).moves.filter(
      ({ batchIx, fromAssetIx }) => batchIx !== 0 || fromAssetIx === null,
    );
    // The lot goes straight into the store, which cannot cope: it runs 5 °C too warm then.
    const first = { timeMs: slice(0), batchIx: 0, fromAssetIx: null, toAssetIx: 1, warmerK: 0 };
    const other = { ...toyFault(1, 0, 10, 5), kind: 'sensor-noise' as const };
    const plan = toySeason([fault, other], { moves: [first, ...moves] });
    const { batches, faults } = record(plan);
    // Its own fruit, wherever that is: not what else may lie in the room.
    expect(faults[0]).toMatchObject({ batches: ['lot-0'], pulpMinC: WELL_C + 5, pulpMaxC: WELL_C + 10 });
    // Three quarters of the load were lot 0; the rest stood beside it, struck by nobody.
    expect(batches[2]!.parts.map((part) => part.faultIx)).toEqual([0, null]);
    expect(batches[2]!.parts[0]!.lossDays).toBeCloseTo(lossDays(0.75 * 10 * 5 * (4 / 3)), 12);
    expect(faults[0]!.lossTonneDays).toBeGreaterThan(0);
  });

  it('lots that were packed before their twins are not younger for it', () => {
    const fault = { ...toyFault(0, 0, 10, 0), kind: 'hurried-pre-cooling' as const, batchIxs: [0, 1] };
    const [packed, ...others] = toySeason([]).blends;
    const { batches } = record(toySeason([fault], { blends: [{ ...packed!, timeMs: slice(15) }, ...others] }));
    expect(batches[0]).toMatchObject({ toMs: slice(15), lossDays: 0, parts: [] });
    expect(batches[1]).toMatchObject({ toMs: slice(15), lossDays: 0, parts: [] });
  });

  it('tells true temperatures at the chosen resolution, of batches in the world only', () => {
    const rows: TrueTemperature[] = [];
    record(toySeason([toyFault(TRUCK, 40, 50, 3)]), { everyMs: 3 * SLICE_MS, onTemperature: (row) => rows.push(row) });
    expect([...new Set(rows.map((row) => (row.timeMs - slice(0)) / SLICE_MS))]).toEqual(
      Array.from({ length: 33 }, (_, i) => 3 * (i + 1)),
    );
    expect(rows.find((row) => row.timeMs === slice(45))).toMatchObject({
      batch: 'load',
      asset: 'carrier/truck',
      pulpFrontC: WELL_C + 3,
      pulpRearC: WELL_C + 6,
    });
    expect(rows.filter((row) => row.timeMs === slice(99)).map((row) => row.batch)).toEqual(['half-b']);
  });
});
