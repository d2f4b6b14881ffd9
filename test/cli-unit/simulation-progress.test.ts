import { expect, test } from 'vitest';
import type { TrueAsset } from '../../simulators/truth/record.ts';
import { energyText, progressText, truthSizeText } from '../../src/cli/simulation-progress.ts';

test('what is left follows from the work done since the run began, not from world time or planning', () => {
  const startMs = Date.parse('2026-07-01T00:00Z');
  const progress = {
    startMs,
    endMs: startMs + 100 * 86_400_000,
    worldTimeMs: startMs + 10 * 86_400_000,
    doneShare: 0.02,
    elapsedMs: 12_000,
    runningMs: 4000,
    frames: 8000,
    readings: 80_000,
    packs: 0,
    events: 0,
    retried: 0,
    framesLost: 0,
    framesKept: 0,
  };
  expect(progressText(progress)).toBe(
    '2026-07-11 00:00Z · 2 % · 8,000 frames · 2,000 frames/s · 20,000 readings/s · 3 min 16 s left',
  );
});

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
