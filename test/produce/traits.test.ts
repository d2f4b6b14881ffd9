import { describe, expect, test } from 'vitest';
import { respirationWkg } from '../../src/produce/respiration.ts';
import { thermalOf } from '../../src/produce/thermal.ts';
import { traitsSchema } from '../../src/produce/traits/schema.ts';
import { produceNames, produceTraits } from '../../src/produce/traits.ts';
import { weightLossPerDay } from '../../src/produce/transpiration.ts';

const prune = produceTraits('prune')!;

test('traits are found by the name of the produce', () => {
  expect(produceNames()).toEqual(['prune']);
  expect(produceTraits('gravel')).toBeUndefined();
});

test.each([
  [
    'temperatures that do not ascend',
    {
      respirationWPerTonne: [
        [10, 5],
        [0, 6],
      ],
    },
    'ascend',
  ],
  ['a typical value outside its range', { freezingC: { low: -2, typical: -3, high: -1 } }, 'between low and high'],
  ['more water than mass', { waterShare: 1.2 }, 'waterShare'],
  ['an unknown key', { colour: 'blue' }, 'colour'],
])('traits with %s are refused', (_, wrong, message) => {
  const checked = traitsSchema.safeParse({ ...prune, ...wrong });
  expect(JSON.stringify(checked.error?.issues)).toContain(message);
});

describe('respiration', () => {
  // UC Davis: mL CO₂/(kg·h) × 122 = kcal/(t·day).
  test.each([
    [0, 1, 1.5],
    [10, 4.2, 4.2],
    [20, 8.2, 8.2],
  ])('at %d °C it is in the range UC Davis gives', (pulpC, lowMl, highMl) => {
    const watts = (ml: number) => (ml * 122 * 4184) / 86_400;
    expect(respirationWkg(prune, pulpC) * 1000).toBeGreaterThanOrEqual(watts(lowMl) - 1e-9);
    expect(respirationWkg(prune, pulpC) * 1000).toBeLessThanOrEqual(watts(highMl) + 1e-9);
  });

  test('it is 7, 25 and 48 W a tonne', () => {
    expect([0, 10, 20].map((pulpC) => Math.round(respirationWkg(prune, pulpC) * 1000))).toEqual([7, 25, 48]);
  });
});

test('plums hold heat as ASHRAE says of food with their water', () => {
  const { specificHeatJkgK, frozenHeatJkgK, latentJkg } = thermalOf(prune);
  // Worked by hand from Chen (1985) with 14.8 % solids, and 333.6 kJ per kg of water.
  expect(specificHeatJkgK).toBeCloseTo(3847.6, 0);
  expect(frozenHeatJkgK).toBeCloseTo(1736.5, 0);
  expect(latentJkg).toBeCloseTo(284_227, 0);
});

describe('weight loss', () => {
  test('at 0 °C and 92 % it is a twentieth of a percent a day', () => {
    // 8 % of 611.2 Pa × 136 ng/(kg·s·Pa) × 86 400 s.
    expect(weightLossPerDay(prune, 0, 0, 92)).toBeCloseTo(0.08 * 611.2 * 136e-12 * 86_400, 10);
  });

  test('warm fruit dries even in saturated cold air, and cold fruit in warm air takes no weight on', () => {
    expect(weightLossPerDay(prune, 25, 0, 100)).toBeGreaterThan(20 * weightLossPerDay(prune, 0, 0, 92));
    expect(weightLossPerDay(prune, 0, 25, 80)).toBe(0);
  });
});
