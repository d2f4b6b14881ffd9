import { expect, test } from 'vitest';
import { AssetRows } from '../../../simulators/world/assets/asset-rows.ts';

test('rows keep apart, however many are taken, and stay where they are', () => {
  const rows = new AssetRows();
  const taken = Array.from({ length: 300 }, (_, i) => {
    const row = rows.take();
    row.stepFromMs = i;
    row.keepBefore(new Float64Array(7).fill(i));
    row.numbers[row.loopAt] = i;
    row.numbers[row.surroundingsAt] = i;
    return row;
  });
  for (const [i, row] of taken.entries()) {
    const { stepFromMs, numbers, loopAt, surroundingsAt } = row;
    expect([stepFromMs, row.before(0), row.before(6), numbers[loopAt], numbers[surroundingsAt]]).toEqual([
      i,
      i,
      i,
      i,
      i,
    ]);
  }
});

test('a row given back is another’s, and knows nothing of the first', () => {
  const rows = new AssetRows();
  const first = rows.take();
  first.takenJ = 5;
  first.numbers[first.surroundingsAt] = 5;
  rows.release(first);
  const second = rows.take();
  expect([second.numbers, second.at]).toEqual([first.numbers, first.at]);
  expect([second.takenJ, second.numbers[second.surroundingsAt]]).toEqual([0, 0]);
  expect(rows.take().at).not.toBe(second.at);
});
