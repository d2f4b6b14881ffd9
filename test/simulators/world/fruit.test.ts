import { describe, expect, test } from 'vitest';
import { drawFruit, type Fruit, FruitRates } from '../../../simulators/world/fruit.ts';
import { type Curve, curveValue } from '../../../src/produce/curve.ts';
import { chillingInjury, qualityLoss, qualityModel, remainingLife } from '../../../src/produce/quality.ts';
import { respirationWkg } from '../../../src/produce/respiration.ts';
import { thermalOf } from '../../../src/produce/thermal.ts';
import { produceTraits } from '../../../src/produce/traits.ts';
import { weightLossPerDay } from '../../../src/produce/transpiration.ts';

const prune = produceTraits('prune')!;
const model = qualityModel('prune')!;
const rates = new FruitRates('prune');
const fruits = Array.from({ length: 2000 }, (_, i) => drawFruit('prune', 11, `batch-${i}`));

const mean = (of: (fruit: Fruit) => number) => fruits.reduce((sum, fruit) => sum + of(fruit), 0) / fruits.length;
const shareOf = (is: (fruit: Fruit) => boolean) => fruits.filter(is).length / fruits.length;

/** What a batch's own clocks gain in a day. */
function perDay(fruit: Fruit, tempC: number): { ripening: number; chilling: number } {
  return {
    ripening: rates.ripeningPerDay(tempC * fruit.ripeningTempShare) * fruit.ripeningShare,
    chilling: rates.chillingPerDay(tempC) * fruit.chillingShare,
  };
}

describe('the hidden truth', () => {
  test('it is drawn from seed and batch alone', () => {
    expect(drawFruit('prune', 11, 'batch-7')).toEqual(fruits[7]);
    expect(drawFruit('prune', 12, 'batch-7')).not.toEqual(fruits[7]);
    expect(() => drawFruit('gravel', 11, 'batch-7')).toThrow('gravel');
  });

  test('it lies around the published means, and is not the means', () => {
    const { specificHeatJkgK } = thermalOf(prune);
    expect(mean((f) => f.specificHeatJkgK) / specificHeatJkgK).toBeCloseTo(1, 2);
    expect(mean((f) => f.respirationShare)).toBeCloseTo(1, 1);
    expect(mean((f) => f.lifeDays)).toBeCloseTo(21, 0);
    expect(mean((f) => f.transpirationShare)).toBeCloseTo(1, 1);
    expect(mean((f) => Math.log(f.chillingShare))).toBeCloseTo(0, 1);
    // Nearly all differ; a few stand where the draw is cut.
    expect(new Set(fruits.map((f) => f.lifeDays)).size).toBeGreaterThan(fruits.length - 10);
  });

  test('19 of 20 batches keep to the published ranges', () => {
    const within = (low: number, high: number, of: (fruit: Fruit) => number) =>
      shareOf((f) => of(f) >= low && of(f) <= high);
    const shares = [
      within(14, 28, (f) => f.lifeDays),
      within(-2, -1, (f) => f.freezingC),
      within(0.8, 1.2, (f) => f.respirationShare),
      within(18 / 40, 18 / 8, (f) => f.chillingShare),
    ];
    for (const share of shares) {
      expect(share).toBeGreaterThan(0.93);
      expect(share).toBeLessThan(0.975);
    }
  });

  test('sweet fruit freezes later and holds less heat', () => {
    const sweet = fruits.filter((f) => f.freezingC < -1.7).map((f) => f.specificHeatJkgK);
    const sour = fruits.filter((f) => f.freezingC > -1.3).map((f) => f.specificHeatJkgK);
    expect(Math.max(...sweet)).toBeLessThan(Math.min(...sour));
  });
});

describe('quality of drawn fruit', () => {
  test('four weeks at 5 °C are worse than at 0 °C for nearly every batch', () => {
    const injury = (fruit: Fruit, tempC: number) => chillingInjury(28 * perDay(fruit, tempC).chilling);
    expect(shareOf((f) => injury(f, 5) > injury(f, 0))).toBe(1);
    expect(shareOf((f) => injury(f, 5) > 0.5)).toBeGreaterThan(0.8);
    // Crisosto (HortScience 34(6):1116), 5 weeks: 6 of 6 cultivars at 5 °C; at 0 °C some, but not all.
    expect(shareOf((f) => 35 * perDay(f, 5).chilling > 1)).toBeGreaterThan(0.9);
    expect(shareOf((f) => 35 * perDay(f, 0).chilling > 1)).toBeGreaterThan(0.1);
    expect(shareOf((f) => 35 * perDay(f, 0).chilling > 1)).toBeLessThan(0.6);
  });

  test('three days at 5 °C cost hardly any batch a tenth of its value by chilling', () => {
    const loss = (fruit: Fruit) => qualityLoss({ ripening: 0, chilling: 3 * perDay(fruit, 5).chilling }, 0);
    expect(shareOf((f) => loss(f) < 0.1)).toBeGreaterThan(0.99);
    expect(shareOf((f) => loss(f) < 0.01)).toBeGreaterThan(0.7);
  });

  test('in some batches injury comes before ripening, in most it does not', () => {
    const share = shareOf((f) => perDay(f, 5).chilling > perDay(f, 5).ripening);
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.25);
  });

  const HISTORIES: readonly [string, readonly (readonly [tempC: number, days: number])[]][] = [
    ['fresh', []],
    [
      'half a day in the sun, five days cold',
      [
        [25, 0.5],
        [0, 5],
      ],
    ],
    [
      'a bad trip',
      [
        [30, 0.5],
        [3, 2],
        [12, 0.5],
        [0, 3],
      ],
    ],
    ['six days at 5 °C', [[5, 6]]],
    ['ten days at 2 °C', [[2, 10]]],
  ];
  test.each(HISTORIES.flatMap(([name, history]) => [0, 5, 20].map((atC) => ({ name, history, atC }))))(
    'after: $name, then $atC °C, the estimated range holds about 19 of 20 truths',
    ({ history, atC }) => {
      const gone = (daily: (tempC: number) => number) => history.reduce((sum, [t, days]) => sum + days * daily(t), 0);
      const estimate = remainingLife(
        model,
        { ripening: gone((t) => rates.ripeningPerDay(t)), chilling: gone((t) => rates.chillingPerDay(t)) },
        atC,
      );
      const held = shareOf((fruit) => {
        const ripe = (1 - gone((t) => perDay(fruit, t).ripening)) / perDay(fruit, atC).ripening;
        const hurt = (1 - gone((t) => perDay(fruit, t).chilling)) / perDay(fruit, atC).chilling;
        const trueDays = Math.max(0, Math.min(ripe, hurt));
        return trueDays >= estimate.lowDays && trueDays <= estimate.highDays;
      });
      expect(held).toBeGreaterThan(0.91);
      expect(held).toBeLessThan(0.99);
    },
  );
});

describe('tables of rates', () => {
  const near = (value: number, exact: number) => {
    if (exact === 0) expect(value).toBe(0);
    else expect(Math.abs(value / exact - 1)).toBeLessThan(1e-4);
  };
  const scan = (check: (tempC: number) => void) => {
    for (let tempC = -10; tempC <= 50; tempC += 0.0137) check(tempC);
  };
  const curve = (c: Curve) => (tempC: number) => curveValue(c, tempC);

  test.each([
    ['respiration', (t: number) => rates.respirationWkg(t), (t: number) => respirationWkg(prune, t)],
    ['ripening', (t: number) => rates.ripeningPerDay(t), curve(model.ripeningPerDay)],
    ['chilling', (t: number) => rates.chillingPerDay(t), curve(model.chillingPerDay)],
    ['drying', (t: number) => rates.weightLossPerDay(t, 0, 0), (t: number) => weightLossPerDay(prune, t, 0, 0)],
  ])('%s is within 1e-4 of the exact curve', (_, table, exact) => {
    scan((tempC) => near(table(tempC), exact(tempC)));
  });

  test('beyond the tables it is flat, and what is no number stays none', () => {
    expect(rates.respirationWkg(-60)).toBe(rates.respirationWkg(-10));
    expect(rates.ripeningPerDay(90)).toBe(rates.ripeningPerDay(50));
    expect(rates.respirationWkg(Number.NaN)).toBeNaN();
  });

  test('weight loss goes with the deficit and never below 0', () => {
    expect(rates.weightLossPerDay(3, 1, 90)).toBeCloseTo(weightLossPerDay(prune, 3, 1, 90), 8);
    expect(rates.weightLossPerDay(0, 20, 90)).toBe(0);
  });

  test('produce without traits has none', () => {
    expect(() => new FruitRates('gravel')).toThrow('gravel');
  });
});
