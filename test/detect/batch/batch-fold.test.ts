import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldBatch } from '../../../src/detect/batch/batch-fold.ts';
import type { BatchState, PlannedLeg } from '../../../src/detect/batch/batch-state.ts';
import { fruitRecord } from '../../../src/detect/batch/fruit-record.ts';
import { originOf } from '../../../src/detect/batch/origin.ts';
import { resume } from '../../../src/detect/batch/resume.ts';
import { budgetsFor } from '../../../src/produce/profiles/budgets.ts';
import { profileFor } from '../../../src/produce/profiles.ts';
import { qualityModel } from '../../../src/produce/quality.ts';
import { SummaryFold, summaryOf } from '../../../src/trace/summary.ts';
import { frame } from '../../conformance/frames.ts';
import { chunkOfFrames } from './chunks.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const profile = profileFor('prune')!;
const terms = { profile, budgets: budgetsFor('prune')!, model: qualityModel('prune')! };
const identity = { batch: 'urn:b', profile: 'prune', origin: originOf([], [], 0) };

const reading = fc.record({
  gapMin: fc.constantFrom(1, 5, 14, 15, 16, 90),
  pulp: fc.option(fc.constantFrom(-1, 2, 3.9, 4, 4.1, 9, 33)),
  air: fc.option(fc.constantFrom(0, 5, 20)),
});
type Reading = typeof reading extends fc.Arbitrary<infer R> ? R : never;
const device = fc.array(reading, { minLength: 1, maxLength: 30 });

function framesOf(name: string, readings: readonly { gapMin: number; pulp: number | null; air: number | null }[]) {
  let timeMs = 0;
  return readings.map(({ gapMin, pulp, air }) => {
    timeMs += gapMin * MINUTE;
    const channels: Record<string, number> = { humidity: 90 };
    if (pulp !== null) channels['pulp-1'] = pulp;
    if (air !== null) channels['air-return'] = air;
    return frame(name, timeMs, channels);
  });
}

const END = 60 * HOUR;
const recordOf = (devices: readonly (readonly Reading[])[]) =>
  fruitRecord(
    devices.map((readings, i) => ({
      slice: { device: `d/${i}`, fromMs: 0, toMs: END },
      chunks: chunkOfFrames(framesOf(`d/${i}`, readings)),
    })),
    terms.model,
    profile.maxGapMs,
    null,
  );

const leg = (fromMs: number, toMs: number | null): PlannedLeg => {
  return { org: 'o', asset: 'o/truck', assetKind: 'reefer-truck', fromMs, toMs, devices: ['d/0'] };
};

test('a fold that is cut anywhere, and legs that are judged again, come to the same', () => {
  fc.assert(
    fc.property(
      fc.array(device, { minLength: 1, maxLength: 3 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 59 * 60 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 4 }),
      fc.integer({ min: 0, max: 60 }),
      (devices, ends, cuts, againFromH) => {
        const record = recordOf(devices);
        const bounds = [0, ...ends.sort((a, b) => a - b)].map((minutes) => minutes * MINUTE);
        const legs = bounds.map((fromMs, i) => leg(fromMs, bounds[i + 1] ?? null));
        const fold = (before: BatchState | null, horizonMs: number, changedMs = Number.POSITIVE_INFINITY) =>
          foldBatch(resume(before, identity, legs, changedMs), legs, horizonMs, terms, () => record);
        const whole = fold(null, END);
        let state: BatchState | null = null;
        for (const cutH of cuts.sort((a, b) => a - b)) state = fold(state, cutH * HOUR);
        state = fold(state, END);
        expect(state).toEqual(whole);
        expect(fold(whole, END, againFromH * HOUR)).toEqual(whole);
        // All of the custody is accounted for, once.
        const ms = whole.legs.map(({ tally: t }) => t.coveredMs + t.assumedMs + t.unknownMs);
        expect(ms.reduce((a, b) => a + b)).toBe(END);
      },
    ),
  );
});

test('time above the limit and coverage are those of a trace', () => {
  fc.assert(
    fc.property(device, (readings) => {
      const state = foldBatch(resume(null, identity, [leg(0, END)], 0), [leg(0, END)], END, terms, () =>
        recordOf([readings]),
      );
      const { coveredMs, warmMs } = state.legs[0]!.tally;
      const slice = { fromMs: 0, toMs: END };
      const sums = (kinds: readonly string[], highC: number) => {
        const fold = new SummaryFold(slice, new Set(kinds), { lowC: -99, highC }, profile.maxGapMs);
        for (const chunk of chunkOfFrames(framesOf('d/0', readings))) fold.add(chunk);
        return summaryOf([fold.end()], slice, { lowC: -99, highC });
      };
      expect(warmMs).toBe(sums(['pulp'], profile.alarm.highC).outOfRangeMs ?? 0);
      const pulpOrAir = readings.map(({ gapMin, pulp, air }) => ({ gapMin, pulp: pulp ?? air, air: null }));
      const fold = new SummaryFold(slice, new Set(['pulp']), null, profile.maxGapMs);
      for (const chunk of chunkOfFrames(framesOf('d/0', pulpOrAir))) fold.add(chunk);
      expect(coveredMs).toBe(summaryOf([fold.end()], slice, null).coveredMs);
    }),
  );
});

test('a mix has as much of each budget as the parent that used most, whatever their order', () => {
  const parent = (
    batch: string,
    warmMs: number,
    ripening: number,
    firstC: number | null,
    reachedMs: number | null,
  ) => ({
    batch,
    sinceMs: warmMs,
    spent: { warmMs, warmMkMs: 0, ripening, chilling: 0 },
    lastRead: { ripeningPerMs: ripening, chillingPerMs: 1 },
    cooling: {
      first: firstC === null ? null : { timeMs: 1, tempC: firstC },
      reached: reachedMs === null ? null : { timeMs: reachedMs, org: batch },
    },
  });
  const parents = [parent('a', 5, 9, 20, 7), parent('b', 8, 3, 28, 9), parent('c', 8, 2, null, null)];
  const expected = {
    sinceMs: 5,
    spent: { warmMs: 8, warmMkMs: 0, ripening: 9, chilling: 0 },
    spentBy: { 'warm-time': 'b', ripening: 'a' },
    lastRead: { ripeningPerMs: 9, chillingPerMs: 1 },
    cooling: { first: { timeMs: 1, tempC: 28 }, reached: { timeMs: 9, org: 'b' } },
    unknownParents: ['x', 'y'],
  };
  expect(originOf(parents, ['y', 'x'], 100)).toEqual(expected);
  expect(originOf([...parents].reverse(), ['x', 'y'], 100)).toEqual(expected);
  // One that is warm still makes the mix warm.
  expect(originOf([...parents, parent('d', 0, 0, 10, null)], [], 100).cooling.reached).toBeNull();
});
