import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backOffMs } from '../../../src/store/frames/influxql/back-off.ts';
import { type Commit, commitFrames } from '../../../src/store/frames/influxql/commit.ts';
import { writeOutcome } from '../../../src/store/frames/influxql/outcome.ts';
import { batchOf, frame } from '../../conformance/frames.ts';
import { PointTable } from './point-table.ts';

const T0 = Date.UTC(2026, 7, 20, 6);

/** A server in memory that refuses points with integer fields as 1.x words it, and fails now and then. */
function commitTo(points: PointTable, answers: { requests: number; countDropped: boolean }): Commit {
  return {
    url: 'http://test',
    database: 'test',
    random: () => 0,
    onAway: undefined,
    write: async (body) => {
      answers.requests++;
      const { dropped } = points.write(body);
      if (dropped.length === 0) return { kind: 'written' };
      const count = answers.countDropped ? ` dropped=${dropped.length}` : '';
      return writeOutcome(400, JSON.stringify({ error: `partial write: field type conflict${count}` }), undefined);
    },
  };
}

describe('committing a batch', () => {
  test('whatever points are refused, exactly those are named and all others are written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), fc.boolean(), async (refuse, countDropped) => {
        const points = new PointTable();
        points.integerFields.add('door');
        const frames = refuse.map((bad, i) => frame('org/d', T0 + i, bad ? { door: 1, ambient: i } : { ambient: i }));
        const { refused } = await commitFrames(commitTo(points, { requests: 0, countDropped }), batchOf(frames));
        expect(refused.map(({ index }) => index)).toEqual(refuse.flatMap((bad, i) => (bad ? i : [])));
        const written = [...(points.telemetry.get('org/d')?.keys() ?? [])].sort((a, b) => a - b);
        expect(written).toEqual(frames.filter((_, i) => !refuse[i]).map((f) => f.timeMs));
      }),
    );
  });

  test('a conflict spread over a full batch is found in few requests', async () => {
    const points = new PointTable();
    points.integerFields.add('door');
    const answers = { requests: 0, countDropped: true };
    const frames = Array.from({ length: 10_000 }, (_, i) =>
      frame(`org/d${i % 50}`, T0 + i, i % 10 === 0 ? { door: 1 } : { ambient: i }),
    );
    const { refused } = await commitFrames(commitTo(points, answers), batchOf(frames));
    expect(refused).toHaveLength(1_000);
    expect(answers.requests).toBeLessThan(100);
  });

  test('the waits double up to ten seconds, the upper half at random', () => {
    const waits = (random: number) => [0, 1, 2, 6, 7, 50, 5_000].map((attempt) => backOffMs(attempt, () => random));
    expect(waits(0)).toEqual([50, 100, 200, 3_200, 5_000, 5_000, 5_000]);
    expect(waits(0.5)).toEqual([75, 150, 300, 4_800, 7_500, 7_500, 7_500]);
  });
});
