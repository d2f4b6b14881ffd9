import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACK_FRAMES_MAX } from '../../simulators/device/delivery.ts';
import { type Plan, type PlannedDevice, RECONNECT_ORDERS } from '../../simulators/plan/types.ts';
import { runBlocks, runSimulation, type Slice } from '../../simulators/run.ts';
import { MINUTE_MS, minutes, START_MS, toyAsset, toyDevice, toyPlan, toyWorld } from './toy-plan.ts';

/** A plan with one device that samples once a minute, on the minute. */
function planOf(changes: Partial<PlannedDevice>, away: readonly (readonly [number, number])[] = []): Plan {
  const outages = away.map(([from, to]) => minutes(from, to));
  const device = toyDevice('o/d', 0, MINUTE_MS, { outages, ...changes });
  // This seed lets the device sample at second 0.
  return toyPlan({ seed: 0, assets: [toyAsset('o/a')], devices: [device] });
}

const slicesOf = (plan: Plan, sliceMs?: number): Slice[] => [
  ...runSimulation(plan, toyWorld(), sliceMs === undefined ? {} : { sliceMs }),
];

/** What was sent: the minute it left, and the numbers of its frames. */
function sent(plan: Plan): { minute: number; seqs: number[] }[] {
  return slicesOf(plan).flatMap(({ packs }) =>
    packs.map(({ timeMs, frames }) => ({
      minute: (timeMs - START_MS) / MINUTE_MS,
      seqs: frames.map((frame) => frame.seq!),
    })),
  );
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const seqsOf = (plan: Plan) => sent(plan).flatMap(({ seqs }) => seqs);
const framesLost = (plan: Plan) => slicesOf(plan).reduce((sum, slice) => sum + slice.framesLost, 0);

describe('a device whose link is up', () => {
  it('sends each frame at once', () => {
    expect(sent(planOf({}))).toEqual(range(0, 60).map((minute) => ({ minute, seqs: [minute] })));
  });

  it('gathers frames for a report', () => {
    const packs = sent(planOf({ reportMs: 5 * MINUTE_MS }));
    expect(packs[0]).toEqual({ minute: 0, seqs: [0] });
    expect(packs.slice(1)).toEqual(
      range(0, 11).map((i) => ({ minute: 5 * (i + 1), seqs: range(5 * i + 1, 5 * i + 6) })),
    );
    // The last four wait for a report that the run does not see.
    expect(slicesOf(planOf({ reportMs: 5 * MINUTE_MS })).at(-1)!.framesKept).toBe(4);
  });

  it('puts no more frames into a pack than a pack may have', () => {
    const packs = sent(planOf({ reportMs: 50 * MINUTE_MS }));
    expect(Math.max(...packs.map(({ seqs }) => seqs.length))).toBe(PACK_FRAMES_MAX);
  });
});

describe('a device whose link was away', () => {
  it('sends the oldest first, then goes on live', () => {
    const packs = sent(planOf({}, [[5, 50]]));
    expect(packs.flatMap(({ seqs }) => seqs)).toEqual(range(0, 60));
    expect(packs.filter(({ minute }) => minute === 50).map(({ seqs }) => seqs)).toEqual([
      range(5, 25),
      range(25, 45),
      range(45, 50),
      [50],
    ]);
    expect(packs.some(({ minute }) => minute >= 5 && minute < 50)).toBe(false);
  });

  it('sends the newest first where it is made so', () => {
    const packs = sent(planOf({ reconnect: 'newest-first' }, [[5, 50]]));
    expect(packs.filter(({ minute }) => minute === 50).map(({ seqs }) => seqs)).toEqual([
      [50],
      range(30, 50),
      range(10, 30),
      range(5, 10),
    ]);
  });

  it('sends kept frames between live ones where it is made so', () => {
    const packs = sent(planOf({ reconnect: 'interleaved' }, [[5, 50]]));
    expect(packs.filter(({ minute }) => minute >= 50).map(({ minute, seqs }) => [minute, seqs])).toEqual([
      [50, [50]],
      [50, range(5, 25)],
      [51, [51]],
      [51, range(25, 45)],
      [52, [52]],
      [52, range(45, 50)],
      ...range(53, 60).map((minute) => [minute, [minute]]),
    ]);
  });

  it('loses exactly the oldest frames that its memory cannot hold', () => {
    const plan = planOf({ bufferFramesMax: 20 }, [[10, 50]]);
    expect(framesLost(plan)).toBe(20);
    expect(seqsOf(plan)).toEqual([...range(0, 10), ...range(30, 60)]);
  });

  it('loses every frame of an outage where it has no memory', () => {
    const plan = planOf({ bufferFramesMax: 0 }, [[5, 10]]);
    expect(framesLost(plan)).toBe(5);
    expect(seqsOf(plan)).toEqual([...range(0, 5), ...range(10, 60)]);
  });
});

describe('a network', () => {
  it('brings its share of packs twice, the repeat after the original', () => {
    const packs = sent(planOf({ duplicateShare: 0.4, sampleMs: 10_000, reportMs: 10_000 }));
    const repeats = packs.filter((pack, i) => i > 0 && pack.seqs[0] === packs[i - 1]!.seqs[0]);
    expect(repeats.length / 360).toBeCloseTo(0.4, 1);
    expect([...new Set(packs.map(({ seqs }) => seqs[0]))]).toEqual(range(0, 360));
  });

  it('holds its share of packs back for 1 to 30 minutes, and so brings them out of order', () => {
    const plan = planOf({ lateShare: 0.3, sampleMs: 10_000, reportMs: 10_000 });
    const packs = sent(plan);
    const delays = packs.map(({ minute, seqs }) => minute - seqs[0]! / 6);
    const late = delays.filter((delay) => delay > 0);
    expect(late.length).toBeGreaterThan(50);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...late)).toBeLessThanOrEqual(30);
    const unseen = slicesOf(plan).at(-1)!.framesKept;
    expect(packs.length + unseen).toBe(360);
  });
});

describe('delivery', () => {
  const away = fc
    .array(fc.integer({ min: 0, max: 60 }), { maxLength: 8 })
    .map((cuts) => [...new Set(cuts)].sort((a, b) => a - b))
    .map((cuts) => cuts.flatMap((cut, i) => (i % 2 === 1 ? [[cuts[i - 1]!, cut] as const] : [])));
  const device = fc.record({
    reconnect: fc.constantFrom(...RECONNECT_ORDERS),
    reportMs: fc.constantFrom(1, 2, 5, 15).map((n) => n * MINUTE_MS),
    bufferFramesMax: fc.integer({ min: 0, max: 40 }),
    duplicateShare: fc.constantFrom(0, 0.3),
    lateShare: fc.constantFrom(0, 0.3),
    missingShare: fc.constantFrom(0, 0.3),
  });

  it('accounts for every frame: sent once but for repeats, lost, or still kept', () => {
    fc.assert(
      fc.property(device, away, (changes, outages) => {
        const plan = planOf(changes, outages);
        let sampled = 0;
        for (const block of runBlocks(plan, toyWorld())) sampled += block.size;
        const seqs = seqsOf(plan);
        const unique = new Set(seqs);
        const slices = slicesOf(plan);
        expect(unique.size + framesLost(plan) + slices.at(-1)!.framesKept).toBe(sampled);
        if (changes.duplicateShare === 0) expect(seqs).toHaveLength(unique.size);
        const inOrder = changes.reconnect === 'oldest-first' && changes.lateShare === 0;
        if (inOrder) expect([...unique]).toEqual([...unique].sort((a, b) => a - b));
      }),
    );
  });

  it('does not depend on where time is cut', () => {
    fc.assert(
      fc.property(device, away, fc.integer({ min: 20_000, max: 400_000 }), (changes, outages, sliceMs) => {
        const plan = planOf(changes, outages);
        const whole = slicesOf(plan);
        const cut = slicesOf(plan, sliceMs);
        expect(cut.flatMap((slice) => slice.packs)).toEqual(whole.flatMap((slice) => slice.packs));
        expect(cut.at(-1)!.framesKept).toBe(whole.at(-1)!.framesKept);
        for (const slice of cut) {
          for (const { timeMs } of slice.packs) {
            expect(timeMs).toBeGreaterThanOrEqual(slice.fromMs);
            expect(timeMs).toBeLessThan(slice.toMs);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
