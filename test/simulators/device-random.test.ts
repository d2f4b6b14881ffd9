import { describe, expect, it } from 'vitest';
import { counterBits, counterKey, normalOf, uniformOf } from '../../simulators/device/counter-random.ts';

const COUNT = 200_000;

const normals = (key: { a: number; b: number }, count = COUNT): number[] =>
  Array.from({ length: count }, (_, n) => normalOf(counterBits(key.a, key.b, n)));

const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const moment = (xs: readonly number[], power: number) => mean(xs.map((x) => x ** power));
const correlation = (xs: readonly number[], ys: readonly number[]) =>
  mean(xs.map((x, i) => x * ys[i]!)) / Math.sqrt(moment(xs, 2) * moment(ys, 2));

/** Four standard errors of a mean of independent values of unit variance. */
const FOUR_ERRORS = 4 / Math.sqrt(COUNT);

describe('normal numbers by counting', () => {
  const first = normals(counterKey(1, 'sensor', 'o/d', 'air'));

  it('have mean 0, standard deviation 1 and the tails of a normal distribution', () => {
    expect(Math.abs(mean(first))).toBeLessThan(FOUR_ERRORS);
    expect(Math.abs(moment(first, 2) - 1)).toBeLessThan(FOUR_ERRORS * Math.SQRT2);
    // The standard error of the fourth moment of a normal variable is √96 / √n.
    expect(Math.abs(moment(first, 4) - 3)).toBeLessThan(FOUR_ERRORS * Math.sqrt(96));
    for (const [z, share] of [
      [1, 0.6827],
      [2, 0.9545],
      [3, 0.9973],
    ] as const) {
      expect(first.filter((x) => Math.abs(x) <= z).length / COUNT).toBeCloseTo(share, 2);
    }
  });

  it('have the quantiles of a normal distribution', () => {
    // Φ(1) = 0.841345, Φ(−1.959964) = 0.025, Φ(3) = 0.998650.
    for (const [p, z] of [
      [0.8413447460685429, 1],
      [0.025, -1.959963984540054],
      [0.9986501019683699, 3],
    ] as const) {
      expect(normalOf(Math.round(p * 2 ** 32) | 0)).toBeCloseTo(z, 2);
    }
  });

  it('do not depend on each other: neither on the one before, nor on those of another sensor', () => {
    for (const lag of [1, 2, 3, 1440]) {
      expect(Math.abs(correlation(first.slice(lag), first.slice(0, -lag)))).toBeLessThan(FOUR_ERRORS);
    }
    const others = ['air-1', 'air-2', 'pulp-1'].map((name) => normals(counterKey(1, 'sensor', 'o/d', name)));
    for (const other of others) expect(Math.abs(correlation(first, other))).toBeLessThan(FOUR_ERRORS);
    // Two sources whose counts run into each other, a step apart, have nothing in common either.
    const shifted = normals({ a: counterKey(1, 'sensor', 'o/d', 'air').a + 1, b: 12_345 });
    expect(Math.abs(correlation(first.slice(1), shifted.slice(0, -1)))).toBeLessThan(FOUR_ERRORS);
  });
});

describe('uniform numbers by counting', () => {
  it('fill (0, 1) evenly and never reach its ends', () => {
    const { a, b } = counterKey(2, 'missing', 'o/d');
    const tenths = new Array<number>(10).fill(0);
    for (let n = 0; n < COUNT; n++) tenths[Math.floor(10 * uniformOf(counterBits(a, b, n)))]!++;
    for (const count of tenths) expect(Math.abs(count / COUNT - 0.1)).toBeLessThan(0.3 * FOUR_ERRORS);
    expect(uniformOf(0)).toBeGreaterThan(0);
    expect(uniformOf(-1)).toBeLessThan(1);
  });
});
