import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crateCount, palletCount, palletKg, unitOf } from '../../../simulators/plan/units.ts';
import { parseSscc } from '../../../src/contract/identifiers.ts';

test('pallets share a load evenly, to the kilogram', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30_000 }), (loadKg) => {
      const pallets = Array.from({ length: palletCount(loadKg) }, (_, n) => palletKg(loadKg, n));
      expect(pallets.reduce((sum, kg) => sum + kg, 0)).toBe(loadKg);
      expect(Math.max(...pallets) - Math.min(...pallets)).toBeLessThanOrEqual(1);
      expect(Math.min(...pallets)).toBeGreaterThan(0);
      expect(Math.max(...pallets)).toBeLessThanOrEqual(1100);
      for (const kg of pallets) expect(crateCount(kg) * 10 - kg).toBeLessThan(10);
    }),
  );
  expect(palletCount(21_000)).toBe(20);
});

test('no two units of a season share an SSCC, and the contract takes each', () => {
  const units = [0, 1, 99_999].flatMap((load) => [
    unitOf('load', load),
    ...[0, 27].flatMap((n) => [unitOf('pallet', load, n), unitOf('shop', load, n)]),
  ]);
  expect(new Set(units.map((unit) => parseSscc(unit)?.digits)).size).toBe(15);
});
