import { expect, test } from 'vitest';
import type { TrueAsset } from '../../simulators/truth/record.ts';
import { energyText, truthSizeText } from '../../src/cli/simulation-progress.ts';

test('what keeping cold took is told with the diesel of generators and the electricity of the grid', () => {
  const use = (electricKWh: number, dieselL: number, co2eKg: number) => ({ electricKWh, dieselL, co2eKg }) as TrueAsset;
  expect(energyText([use(0, 1200.4, 3217), use(100, 28, 75), use(5000, 0, 2850)])).toBe(
    'keeping cold took 1,228 L of diesel and 5,000 kWh from the grid: 6.1 t CO2e',
  );
});

test('a truth record of gigabytes is told of beforehand, a small one is not', () => {
  expect(truthSizeText(165_791)).toBeNull();
  expect(truthSizeText(8_239_228)).toBe(
    'the truth will be 8,239,228 true temperatures, some 2.5 GB: a longer --truth-every makes it smaller',
  );
});
