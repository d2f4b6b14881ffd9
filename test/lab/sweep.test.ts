import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { SeedTally } from '../../src/lab/seed-tally.ts';
import { sweepChart } from '../../src/lab/sweep/chart.ts';
import { FinishedSeeds } from '../../src/lab/sweep/finished.ts';
import { recommend, scorePoints } from '../../src/lab/sweep/front.ts';
import { gridOf, parseParam, randomPoints } from '../../src/lab/sweep/space.ts';
import { tallyOf } from '../../src/lab/tally.ts';
import { breach, incident } from './cases.ts';

describe('the points', () => {
  test.each([
    ['pulp-high.limitC=0.5..1.5/0.25', 'pulp-high.limitC', [0.5, 0.75, 1, 1.25, 1.5]],
    ['pulp-high.limitC=0..0.3/0.1', 'pulp-high.limitC', [0, 0.1, 0.2, 0.3]],
    ['air.dwellMs=0,60000', 'air.dwellMs', [0, 60000]],
    ['air.limitC=-5..-4/1', 'air.limitC', [-5, -4]],
  ])('%s', (text, path, values) => expect(parseParam(text)).toEqual({ path, values }));

  test.each(['limitC=1..2/1', 'a.limitC', 'a.limitC=', 'a.limitC=2..1/1', 'a.limitC=1..2/0', 'a.limitC=1..2', 'a.b=x'])(
    '%s is refused',
    (text) => expect(parseParam(text)).toBeUndefined(),
  );

  const params = [parseParam('a.limitC=1..4/1')!, parseParam('a.dwellMs=0,1,2')!];

  test('a grid has every combination once', () => {
    const grid = gridOf(params).map((point) => [...point.values()].join());
    expect(grid).toHaveLength(12);
    expect(new Set(grid).size).toBe(12);
    expect(grid.slice(0, 4)).toEqual(['1,0', '1,1', '1,2', '2,0']);
  });

  test('random points are of the grid, each once, and the same for the same seed', () => {
    const drawn = randomPoints(params, 5, 1);
    expect(new Set(drawn.map((point) => [...point.values()].join())).size).toBe(5);
    expect(randomPoints(params, 5, 1)).toEqual(drawn);
    expect(randomPoints(params, 100, 1)).toEqual(gridOf(params));
  });
});

/** A seed's tallies of four points: quick and noisy, slower and quiet, worse in both, silent. */
function seedOf(seed: number): SeedTally {
  const noise = [1, 3, 5].map((hour) => breach(hour, hour + 1));
  const points = [[...noise, breach(10, 20)], [breach(11, 20)], [...noise, breach(12, 20)], []];
  return { seed, readings: 1, sets: points.map((said) => ({ pack: tallyOf([incident()], said, 10), rules: {} })) };
}

const four = gridOf([parseParam('a.limitC=1..4/1')!]);
const seeds = [seedOf(1), seedOf(2)];

describe('the front', () => {
  test('holds what nothing beats', () => {
    expect(scorePoints(four, seeds, 'delay').map(({ onFront }) => onFront)).toEqual([true, true, false, false]);
    expect(scorePoints(four, seeds, 'harm')[1]).toMatchObject({ onFront: true, missedHarmTonneDays: 0 });
    expect(scorePoints(four, seeds, 'harm')[3]).toMatchObject({ onFront: false, missedHarmTonneDays: 40 });
  });

  test('the fewest false alarms among those that find enough', () => {
    const scores = scorePoints(four, seeds, 'delay');
    expect(recommend(scores, 'delay', 0.98)!.point.params).toEqual({ 'a.limitC': 2 });
    const silent = recommend(scores.slice(3), 'delay', 0.98)!;
    expect(silent.why).toContain('no point finds 0.98');
    expect(recommend([], 'delay', 0.98)).toBeUndefined();
  });

  test('no point of the front beats another', () => {
    const cost = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cost, cost), { minLength: 1, maxLength: 8 }), (costs) => {
        const sets = costs.map(([falses, late]) => {
          const noise = Array.from({ length: falses }, (_, i) => breach(i, i + 0.5));
          return { pack: tallyOf([incident()], [...noise, breach(10 + late, 30)], 10), rules: {} };
        });
        const points = gridOf([{ path: 'a.limitC', values: costs.map((_, i) => i) }]);
        const front = scorePoints(points, [{ seed: 1, readings: 0, sets }], 'delay').flatMap(({ onFront }, i) => {
          return onFront ? [costs[i]!] : [];
        });
        expect(front.length).toBeGreaterThan(0);
        for (const a of front) {
          for (const b of front) expect(a[0] < b[0] && a[1] <= b[1]).toBe(false);
        }
      }),
    );
  });

  test('the chart has every point that has both costs', () => {
    const svg = sweepChart(scorePoints(four, seeds, 'delay'), 'delay');
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('a.limitC 2: recall 1.000');
  });
});

describe('the file of finished seeds', () => {
  const dir = mkdtempSync(join(tmpdir(), 'coldtrail-lab-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const request = { scenario: 'tiny', sets: [], everyRule: false };

  test('gives back what was added, without a line that was cut short', () => {
    const file = join(dir, 'a.ndjson');
    const finished = new FinishedSeeds(file, request);
    expect(finished.read()).toEqual([]);
    for (const seed of seeds) finished.add(seed);
    appendFileSync(file, '{"seed":3,"rea');
    const again = new FinishedSeeds(file, request);
    expect(again.read()).toEqual(seeds);
    again.add(seedOf(4));
    expect(again.read()).toEqual([...seeds, seedOf(4)]);
  });

  test('of another sweep is refused', () => {
    const file = join(dir, 'b.ndjson');
    new FinishedSeeds(file, request).add(seeds[0]!);
    const other = new FinishedSeeds(file, { ...request, scenario: 'steady' });
    expect(() => other.read()).toThrow('is not of this sweep');
  });
});
