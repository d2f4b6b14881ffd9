import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { infiltrationW, infiltrationWK } from '../../../simulators/world/physics/door.ts';
import { energyUse } from '../../../simulators/world/physics/energy-use.ts';
import { capacityAtW, switched } from '../../../simulators/world/physics/refrigeration-unit.ts';
import { outerFilmWm2K, solarRiseK, wallConductanceWK } from '../../../simulators/world/physics/wall.ts';

describe('walls', () => {
  test('an ATP class C body: 58 W/K new, 65 % more after twelve years and no further', () => {
    expect(wallConductanceWK(145, 0.4, 0)).toBeCloseTo(58, 10);
    expect(wallConductanceWK(145, 0.4, 6)).toBeCloseTo(58 * 1.325, 10);
    expect(wallConductanceWK(145, 0.4, 12)).toBeCloseTo(95.7, 10);
    expect(wallConductanceWK(145, 0.4, 30)).toBeCloseTo(95.7, 10);
  });

  test('the sun at noon lifts the skin of a standing trailer by about 9 K, less as it drives', () => {
    // 0.45 · 0.45 · 1000 / 22.7
    expect(solarRiseK(1000, 0.45, 0.45, 0)).toBeCloseTo(8.92, 2);
    // 7.1 · 25^0.78 = 87.4 W/(m²·K)
    expect(outerFilmWm2K(25)).toBeCloseTo(87.4, 0);
    expect(solarRiseK(1000, 0.45, 0.45, 25)).toBeLessThan(2.5);
    expect(solarRiseK(0, 0.45, 0.45, 0)).toBe(0);
  });
});

describe('doors', () => {
  test('Gosney–Olama by hand: a trailer’s rear door at 0 °C against 35 °C', () => {
    // ρ_r = 1.2896, ρ_i = 1.1383, Δh = 53,651 J/kg, F_m = 0.9690, √(1 − ρ_i/ρ_r) = 0.3426, √(gH) = 4.952:
    // 0.221 · 6 · 53,651 · 1.2896 · 0.3426 · 4.952 · 0.9690 = 150.8 kW
    const heatW = infiltrationW(6, 2.5, 0, 0.0034, 35, 0.0105, 101_325);
    expect(heatW / 1000).toBeCloseTo(150.8, 0);
    expect(infiltrationWK(6, 2.5, 0, 0.0034, 35, 0.0105, 101_325) * 35).toBeCloseTo(heatW, 6);
  });

  test('infiltration grows with the opening and is never negative as a conductance', () => {
    const temperature = fc.double({ min: -30, max: 50, noNaN: true });
    const ratio = fc.double({ min: 0, max: 0.025, noNaN: true });
    fc.assert(
      fc.property(temperature, ratio, temperature, ratio, (inC, inRatio, outC, outRatio) => {
        const small = infiltrationWK(1, 2.5, inC, inRatio, outC, outRatio, 90_000);
        const large = infiltrationWK(2, 2.5, inC, inRatio, outC, outRatio, 90_000);
        expect(small).toBeGreaterThanOrEqual(0);
        expect(large).toBeCloseTo(2 * small, 6);
        expect(Number.isFinite(large)).toBe(true);
      }),
    );
  });
});

describe('refrigeration unit', () => {
  test('capacity falls as the ambient rises, within bounds', () => {
    expect(capacityAtW(10_000, 30)).toBe(10_000);
    expect(capacityAtW(10_000, 40)).toBeCloseTo(9000, 9);
    expect(capacityAtW(10_000, 80)).toBe(7500);
    expect(capacityAtW(10_000, -20)).toBe(12_500);
  });

  test.each([
    [false, 0.6, true],
    [false, 0.4, false],
    [true, -1.4, true],
    [true, -1.6, false],
  ])('thermostat: was on %s at %d °C, set to −0.5 ± 1: on %s', (wasOn, returnC, on) => {
    expect(switched(wasOn, returnC, -0.5, 1)).toBe(on);
  });

  test('energy: diesel is burnt for a truck, electricity comes from a generator or from the grid', () => {
    const kWh = 3.6e6;
    expect(energyUse('diesel', 10 * kWh)).toEqual({ electricKWh: 0, dieselL: 3.35, co2eKg: 3.35 * 2.68 });
    expect(energyUse('grid', 10 * kWh)).toEqual({ electricKWh: 10, dieselL: 0, co2eKg: 0.57 * 10 });
    expect(energyUse('generator', 10 * kWh).electricKWh).toBe(10);
    expect(energyUse('generator', 10 * kWh).dieselL).toBeCloseTo(2.8, 9);
  });
});
