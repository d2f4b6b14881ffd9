import { expect, test } from 'vitest';
import { differenceOf, validationRows } from '../../scripts/docs/validation/rows.ts';

const rows = validationRows();

test.each(rows.map((row) => [row.what, row] as const))('%s: the model agrees with what is published', (_what, row) => {
  expect(Number.isFinite(row.model)).toBe(true);
  expect(Math.abs(differenceOf(row)), `model ${row.model} ${row.unit}, published ${row.published}`).toBeLessThanOrEqual(
    row.within,
  );
});

test('at least five rows are predictions, and every row names its source', () => {
  expect(rows.filter((row) => row.kind === 'prediction').length).toBeGreaterThanOrEqual(5);
  for (const row of rows) expect(row.source).not.toBe('');
});
