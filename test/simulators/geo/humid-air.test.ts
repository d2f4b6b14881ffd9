import fc from 'fast-check';
import { expect, test } from 'vitest';
import { densityKgm3, enthalpyJkg, humidityRatio, pressurePa } from '../../../simulators/world/physics/humid-air.ts';
import { dewPointC, saturationPa } from '../../../src/lib/vapour.ts';

test('tabulated values', () => {
  // Steam tables: 2,339 Pa; the Magnus formula is good to 0.3 % here.
  expect(Math.abs(saturationPa(20) / 2339 - 1)).toBeLessThan(0.003);
  expect(saturationPa(0)).toBeCloseTo(611.2, 5);
  // Standard atmosphere at 1,000 m: 89,875 Pa.
  expect(pressurePa(1000)).toBeCloseTo(89_875, -1);
  // Dry air at 20 °C and sea level: 1.204 kg/m³.
  expect(densityKgm3(20, 0, 101_325)).toBeCloseTo(1.2041, 3);
  // 35 °C, 10.5 g/kg: 35.21 + 0.0105 · 2566.1 = 62.154 kJ/kg.
  expect(enthalpyJkg(35, 0.0105)).toBeCloseTo(62_154, 0);
  // Saturated at 20 °C and sea level: 14.7 g/kg.
  expect(humidityRatio(saturationPa(20), 101_325)).toBeCloseTo(0.0147, 4);
});

test('the dew point of saturated air is its temperature', () => {
  fc.assert(
    fc.property(fc.double({ min: -40, max: 50, noNaN: true }), (tempC) => {
      expect(dewPointC(saturationPa(tempC))).toBeCloseTo(tempC, 9);
    }),
  );
});
