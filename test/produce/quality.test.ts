import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curveValue } from '../../src/produce/curve.ts';
import { type Exposure, exposureStep, firstExposure } from '../../src/produce/exposure.ts';
import { chillingInjury, freezingRisk, qualityLoss, qualityModel, remainingLife } from '../../src/produce/quality.ts';

const DAY_MS = 86_400_000;
const model = qualityModel('prune')!;
const FRESH = { ripening: 0, chilling: 0 };

/** What fruit has been through that was held at one temperature. */
function held(tempC: number, days: number): Exposure {
  return exposureStep(model, firstExposure({ timeMs: 0, tempC }), { timeMs: days * DAY_MS, tempC });
}

test('produce without a quality model has none', () => {
  expect(qualityModel('gravel')).toBeUndefined();
});

describe('ripening', () => {
  // USDA HB66: relative shelf life.
  test.each([
    [0, 100],
    [10, 33],
    [20, 13],
    [30, 7],
    [40, 4],
  ])('life at %d °C is %d % of that at 0 °C', (tempC, percent) => {
    const days = 1 / curveValue(model.ripeningPerDay, tempC);
    expect((100 * days * curveValue(model.ripeningPerDay, 0)).toFixed(6)).toBe(percent.toFixed(6));
  });

  test('fresh prunes keep 14 to 28 days at −1 to 0 °C, as HB66 says', () => {
    for (const atC of [-1, 0])
      expect(remainingLife(model, FRESH, atC)).toEqual({ days: 21, lowDays: 14, highDays: 28 });
  });
});

describe('chilling injury', () => {
  test('four weeks at 5 °C are worse than at 0 °C, by chilling alone too', () => {
    const cold = held(0, 28);
    const chilled = held(5, 28);
    expect(chillingInjury(chilled.chilling)).toBeGreaterThan(0.75);
    expect(chillingInjury(cold.chilling)).toBeLessThan(0.2);
    expect(qualityLoss(held(5, 10), 0)).toBeGreaterThan(qualityLoss(held(0, 10), 0) + 0.3);
    expect(remainingLife(model, chilled, 20).days).toBe(0);
  });

  test('5 °C is worse than both sides of it, where ripening only knows that colder is better', () => {
    for (const tempC of [0, 2, 8, 10]) expect(held(tempC, 20).chilling).toBeLessThan(held(5, 20).chilling);
    expect(held(15, 20).chilling).toBe(0);
    expect(held(2, 20).ripening).toBeLessThan(held(5, 20).ripening);
  });

  test('a trip of three days hardly moves it', () => {
    expect(chillingInjury(held(5, 3).chilling)).toBeLessThan(0.01);
  });
});

describe('freezing', () => {
  test('it is a step at the end of the range, not a clock', () => {
    expect(freezingRisk(model, -1)).toBe(0);
    expect(freezingRisk(model, -1.5)).toBe(0.5);
    expect(freezingRisk(model, -2.1)).toBe(1);
    expect(qualityLoss(FRESH, 1)).toBe(1);
    expect(qualityLoss(FRESH, 0.25)).toBe(0.25);
  });
});

const anyDays = fc.double({ min: 0, max: 40, noNaN: true });
const anyTempC = fc.double({ min: -5, max: 45, noNaN: true });
const anyUsed = fc.record({
  ripening: fc.double({ min: 0, max: 2, noNaN: true }),
  chilling: fc.double({ min: 0, max: 3, noNaN: true }),
});

describe('remaining life', () => {
  test('it never grows by an exposure, nor do its ends', () => {
    fc.assert(
      fc.property(anyUsed, anyTempC, anyDays, anyTempC, (used, throughC, days, atC) => {
        const before = remainingLife(model, used, atC);
        const more = held(throughC, days);
        const after = remainingLife(
          model,
          { ripening: used.ripening + more.ripening, chilling: used.chilling + more.chilling },
          atC,
        );
        expect(after.days).toBeLessThanOrEqual(before.days);
        expect(after.lowDays).toBeLessThanOrEqual(before.lowDays + 1e-9);
        expect(after.highDays).toBeLessThanOrEqual(before.highDays + 1e-9);
      }),
      { numRuns: 2000 },
    );
  });

  test('the estimate lies between its ends', () => {
    fc.assert(
      fc.property(anyUsed, anyTempC, (used, atC) => {
        const { days, lowDays, highDays } = remainingLife(model, used, atC);
        expect(lowDays).toBeGreaterThanOrEqual(0);
        expect(lowDays).toBeLessThanOrEqual(days);
        expect(days).toBeLessThanOrEqual(highDays);
        expect(highDays).toBeLessThan(Infinity);
      }),
    );
  });

  test('a day passes as a day where the fruit stays', () => {
    for (const atC of [0, 5, 12, 20]) {
      const later = remainingLife(model, held(atC, 1), atC).days;
      expect(later).toBeCloseTo(remainingLife(model, FRESH, atC).days - 1, 9);
    }
  });
});

test('value lost grows with either clock, from nothing to all', () => {
  expect(qualityLoss(FRESH, 0)).toBe(0);
  fc.assert(
    fc.property(anyUsed, anyUsed, (a, b) => {
      const both = { ripening: a.ripening + b.ripening, chilling: a.chilling + b.chilling };
      expect(qualityLoss(both, 0)).toBeGreaterThanOrEqual(qualityLoss(a, 0));
      expect(qualityLoss(both, 0)).toBeLessThanOrEqual(1);
    }),
  );
});
