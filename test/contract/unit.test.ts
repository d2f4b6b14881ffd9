import { expect, test } from 'vitest';
import { inUnit } from '../../src/contract/unit.ts';

test('a value is written with its unit, and no more than two decimals', () => {
  expect([inUnit(4.5, 'Cel'), inUnit(92, '%RH'), inUnit(90, 'min'), inUnit(2.34567, 'K/h'), inUnit(1, '/')]).toEqual([
    '4.5 °C',
    '92 % RH',
    '90 min',
    '2.35 K/h',
    '1',
  ]);
});
