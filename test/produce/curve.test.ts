import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Curve, curveMean, curveValue } from '../../src/produce/curve.ts';

const anyTempC = fc.double({ min: -20, max: 60, noNaN: true });
const anyCurve: fc.Arbitrary<Curve> = fc
  .record({
    scale: fc.constantFrom<Curve['scale'][]>('linear', 'log'),
    temps: fc.uniqueArray(fc.integer({ min: -10, max: 50 }), { minLength: 2, maxLength: 6 }),
    values: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 6, maxLength: 6 }),
  })
  .map(({ scale, temps, values }) => ({
    scale,
    points: temps.sort((a, b) => a - b).map((tempC, i) => [tempC, values[i]!] as const),
  }));

test('a curve goes through its points, straight in value or in logarithm between them, flat beyond', () => {
  const points = [
    [0, 1],
    [10, 100],
  ] as const;
  expect(curveValue({ scale: 'linear', points }, 5)).toBe(50.5);
  expect(curveValue({ scale: 'log', points }, 5)).toBeCloseTo(10, 12);
  for (const scale of ['linear', 'log'] as const) {
    expect(curveValue({ scale, points }, 0)).toBe(1);
    expect(curveValue({ scale, points }, 10)).toBe(100);
    expect(curveValue({ scale, points }, -40)).toBe(1);
    expect(curveValue({ scale, points }, 70)).toBe(100);
  }
});

test('the mean over a stretch is what a fine sum comes to', () => {
  fc.assert(
    fc.property(anyCurve, anyTempC, anyTempC, (curve, fromC, toC) => {
      const parts = 4000;
      let sum = 0;
      for (let i = 0; i < parts; i++) sum += curveValue(curve, fromC + ((toC - fromC) * (i + 0.5)) / parts);
      const mean = curveMean(curve, fromC, toC);
      expect(Math.abs(mean / (sum / parts) - 1)).toBeLessThan(1e-3);
      expect(curveMean(curve, toC, fromC)).toBe(mean);
    }),
    { numRuns: 100 },
  );
});

test('the mean of a stretch is made of the means of its parts', () => {
  fc.assert(
    fc.property(
      anyCurve,
      anyTempC,
      anyTempC,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (curve, fromC, toC, share) => {
        const cutC = fromC + share * (toC - fromC);
        const parts = share * curveMean(curve, fromC, cutC) + (1 - share) * curveMean(curve, cutC, toC);
        expect(Math.abs(parts / curveMean(curve, fromC, toC) - 1)).toBeLessThan(1e-9);
      },
    ),
  );
});
