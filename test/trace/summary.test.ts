import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FrameChunk, internLayout } from '../../src/contract/frame.ts';
import type { Interval } from '../../src/contract/words.ts';
import { type Band, type Summary, SummaryFold, summaryOf } from '../../src/trace/summary.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PULP = new Set(['pulp']);

/** A frame: minute and channel values. */
type Row = readonly [minute: number, channels: Readonly<Record<string, number>>];

function chunk(rows: readonly Row[]): FrameChunk {
  const layout = internLayout([...new Set(rows.flatMap(([, channels]) => Object.keys(channels)))]);
  return {
    device: 'c/d1',
    layout,
    size: rows.length,
    timeMs: Float64Array.from(rows, ([minute]) => minute * MINUTE),
    seq: new Float64Array(rows.length).fill(Number.NaN),
    values: Float64Array.from(rows.flatMap(([, channels]) => layout.channels.map((c) => channels[c] ?? Number.NaN))),
  };
}

function summarise(
  chunks: readonly FrameChunk[],
  slice: Interval,
  { band = null, maxGapMs = 15 * MINUTE }: { band?: Band | null; maxGapMs?: number } = {},
): Summary {
  const fold = new SummaryFold(slice, PULP, band, maxGapMs);
  for (const c of chunks) fold.add(c);
  return summaryOf([fold.end()], slice, band);
}

describe('goldens', () => {
  const hourly = (temperatureC: (hour: number) => number) =>
    chunk(Array.from({ length: 24 }, (_, h): Row => [h * 60, { pulp: temperatureC(h) }]));
  const day = { fromMs: 0, toMs: 24 * HOUR };

  test('MKT of 23 h at 5 °C and 1 h at 25 °C is 7.76 °C', () => {
    const s = summarise([hourly((h) => (h < 23 ? 5 : 25))], day, { maxGapMs: HOUR });
    expect(s.mktC).toBeCloseTo(7.76, 2);
    expect(s.meanC).toBeCloseTo((23 * 5 + 25) / 24, 3);
  });

  test('MKT of 12 h at 2 °C and 12 h at 8 °C is 5.54 °C', () => {
    expect(summarise([hourly((h) => (h < 12 ? 2 : 8))], day, { maxGapMs: HOUR }).mktC).toBeCloseTo(5.54, 2);
  });

  test('MKT weighs by time, not by frames', () => {
    // The same 23 h + 1 h, the hot hour recorded every minute.
    const rows: Row[] = [];
    for (let h = 0; h < 23; h++) rows.push([h * 60, { pulp: 5 }]);
    for (let m = 0; m < 60; m++) rows.push([23 * 60 + m, { pulp: 25 }]);
    expect(summarise([chunk(rows)], day, { maxGapMs: HOUR }).mktC).toBeCloseTo(7.76, 2);
  });

  test('MKT of one temperature is that temperature', () => {
    expect(summarise([hourly(() => -0.5)], day, { maxGapMs: HOUR }).mktC).toBe(-0.5);
  });
});

describe('holding, gaps and range', () => {
  test('a value holds to the next frame, at most the longest gap, and not past the slice', () => {
    const rows: Row[] = [
      [10, { pulp: 1 }],
      [20, { pulp: 5 }],
      [50, { pulp: 2 }],
    ];
    const s = summarise([chunk(rows)], { fromMs: 0, toMs: 55 * MINUTE }, { band: { lowC: -1, highC: 4 } });
    expect(s).toMatchObject({ count: 3, minC: 1, maxC: 5, outOfRangeMs: 15 * MINUTE, coveredMs: 30 * MINUTE });
    // 10 min at 1 °C, 15 at 5 °C, 5 at 2 °C.
    expect(s.meanC).toBeCloseTo((10 * 1 + 15 * 5 + 5 * 2) / 30, 3);
    expect(s.gaps).toEqual([
      { fromMs: 0, toMs: 10 * MINUTE },
      { fromMs: 35 * MINUTE, toMs: 50 * MINUTE },
    ]);
  });

  test('channels of a frame are pooled; other kinds and missing values are passed over', () => {
    const rows: Row[] = [
      [0, { 'pulp-1': 2, 'pulp-2': 6, 'air-return': 40, door: 1 }],
      [10, { 'pulp-1': 3, 'air-return': 40, door: 1 }],
      [15, { 'air-return': 40, door: 1 }],
    ];
    const s = summarise([chunk(rows)], { fromMs: 0, toMs: 20 * MINUTE }, { band: { lowC: -1, highC: 5 } });
    expect(s).toMatchObject({ count: 3, minC: 2, maxC: 6, outOfRangeMs: 10 * MINUTE, coveredMs: 20 * MINUTE });
    expect(s.meanC).toBe(3.5);
  });

  test('both ends of the band are inside it', () => {
    const rows: Row[] = [
      [0, { pulp: 4 }],
      [5, { pulp: -1 }],
      [10, { pulp: 4.001 }],
    ];
    const s = summarise([chunk(rows)], { fromMs: 0, toMs: 15 * MINUTE }, { band: { lowC: -1, highC: 4 } });
    expect(s.outOfRangeMs).toBe(5 * MINUTE);
  });

  test('frames outside the slice do not count: from is in, to is out', () => {
    const rows: Row[] = [-1, 0, 5, 10].map((m): Row => [m, { pulp: m }]);
    expect(summarise([chunk(rows)], { fromMs: 0, toMs: 10 * MINUTE })).toMatchObject({ count: 2, minC: 0, maxC: 5 });
  });

  test('no frame at all is one gap', () => {
    expect(summarise([], { fromMs: 5, toMs: 9 }, { band: { lowC: 0, highC: 1 } })).toEqual({
      count: 0,
      minC: null,
      meanC: null,
      maxC: null,
      mktC: null,
      outOfRangeMs: null,
      coveredMs: 0,
      gaps: [{ fromMs: 5, toMs: 9 }],
    });
  });
});

test('several devices: a gap is where none speaks, out of range where any is', () => {
  const whole = { fromMs: 0, toMs: 60 * MINUTE };
  const band = { lowC: -1, highC: 4 };
  const fold = (rows: readonly Row[]) => {
    const f = new SummaryFold(whole, PULP, band, 15 * MINUTE);
    f.add(chunk(rows));
    return f.end();
  };
  const a = fold([
    [0, { pulp: 5 }],
    [10, { pulp: 1 }],
  ]);
  const b = fold([
    [5, { pulp: 5 }],
    [30, { pulp: 3 }],
  ]);
  const s = summaryOf([a, b], whole, band);
  expect(s.outOfRangeMs).toBe(20 * MINUTE);
  expect(s.coveredMs).toBe(40 * MINUTE);
  expect(s.gaps).toEqual([
    { fromMs: 25 * MINUTE, toMs: 30 * MINUTE },
    { fromMs: 45 * MINUTE, toMs: 60 * MINUTE },
  ]);
  // a: 10 min at 5, 15 at 1; b: 15 at 5, 15 at 3.
  expect(s.meanC).toBeCloseTo((50 + 15 + 75 + 45) / 55, 3);
});

/** Frames at rising minutes, some with one pulp probe, some with two, some with none. */
const anyRows: fc.Arbitrary<Row[]> = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.record(
        {
          'pulp-1': fc.integer({ min: -4000, max: 12_000 }).map((m) => m / 1000),
          'pulp-2': fc.integer({ min: -4000, max: 12_000 }).map((m) => m / 1000),
          door: fc.constantFrom(0, 1),
        },
        { requiredKeys: ['door'] },
      ),
    ),
    { maxLength: 40 },
  )
  .map((steps) => {
    let minute = 0;
    return steps.map(([step, channels]): Row => {
      minute += step;
      return [minute, channels];
    });
  });

const BAND = { lowC: -1.5, highC: 4 };

/** The same by minutes, as slowly and plainly as can be. */
function byMinutes(rows: readonly Row[], slice: Interval) {
  const frames = rows
    .map(([minute, ch]) => ({ minute, values: [ch['pulp-1'], ch['pulp-2']].filter((v) => v !== undefined) }))
    .filter((f) => f.values.length > 0 && f.minute * MINUTE >= slice.fromMs && f.minute * MINUTE < slice.toMs);
  let covered = 0;
  let out = 0;
  let sumC = 0;
  let sumRate = 0;
  for (let minute = slice.fromMs / MINUTE; minute < slice.toMs / MINUTE; minute++) {
    const last = frames.findLast((f) => f.minute <= minute);
    if (!last || minute - last.minute >= 15) continue;
    covered++;
    sumC += last.values.reduce((a, b) => a + b) / last.values.length;
    sumRate += last.values.reduce((a, c) => a + Math.exp(-10_000 / (c + 273.15)), 0) / last.values.length;
    if (last.values.some((c) => c < BAND.lowC || c > BAND.highC)) out++;
  }
  const mktC = 10_000 / -Math.log(sumRate / covered) - 273.15;
  return { covered, out, meanC: sumC / covered, mktC };
}

test('equals a minute-by-minute reckoning, whatever the frames', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(100), fc.integer({ min: 1, max: 600 }), (rows, from, length) => {
      const slice = { fromMs: from * MINUTE, toMs: (from + length) * MINUTE };
      const s = summarise(rows.length > 0 ? [chunk(rows)] : [], slice, { band: BAND });
      const naive = byMinutes(rows, slice);
      expect(s.coveredMs).toBe(naive.covered * MINUTE);
      expect(s.outOfRangeMs).toBe(s.count > 0 ? naive.out * MINUTE : null);
      expect(s.coveredMs + s.gaps.reduce((sum, g) => sum + g.toMs - g.fromMs, 0)).toBe(slice.toMs - slice.fromMs);
      if (s.count > 0) {
        expect(s.meanC).toBeCloseTo(naive.meanC, 2);
        expect(s.mktC).toBeCloseTo(naive.mktC, 2);
        expect(s.minC!).toBeLessThanOrEqual(s.mktC! + 0.001);
        expect(s.mktC!).toBeLessThanOrEqual(s.maxC! + 0.001);
      }
    }),
    { numRuns: 300 },
  );
});

test('how frames are cut into chunks and layouts makes no difference, not by a bit', () => {
  fc.assert(
    fc.property(anyRows, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (rows, cuts) => {
      fc.pre(rows.length > 0);
      const slice = { fromMs: 0, toMs: 3000 * MINUTE };
      const sums = (chunks: readonly FrameChunk[]) => {
        const fold = new SummaryFold(slice, PULP, BAND, 15 * MINUTE);
        for (const c of chunks) fold.add(c);
        return fold.end();
      };
      const pieces: FrameChunk[] = [];
      for (let at = 0, n = 0; at < rows.length; n++) {
        const size = cuts[n % cuts.length]!;
        pieces.push(chunk(rows.slice(at, at + size)));
        at += size;
      }
      expect(sums(pieces)).toEqual(sums([chunk(rows)]));
    }),
    { numRuns: 300 },
  );
});
