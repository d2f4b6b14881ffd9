import { describe, expect, test } from 'vitest';
import { driveAlong, railAlong } from '../../../simulators/plan/drive.ts';
import { loadNetwork, railRoute, roadRoute } from '../../../simulators/plan/network.ts';
import { HOUR_MS } from './scenarios.ts';

const network = loadNetwork();
const toXian = roadRoute(network, 'jiashi', 'xian')!;

describe('drives', () => {
  test('Jiashi to Xi’an by truck takes two to three days', () => {
    const hours = driveAlong(toXian, 0, 1, true).arriveMs / HOUR_MS;
    expect(hours).toBeGreaterThan(48);
    expect(hours).toBeLessThan(72);
  });

  test('nobody drives longer than four hours without a stop of 20 minutes', () => {
    const { timeMs, km } = driveAlong(toXian, 0, 0.96, true);
    let drivenMs = 0;
    for (let i = 1; i < timeMs.length; i++) {
      const lengthMs = timeMs[i]! - timeMs[i - 1]!;
      if (km[i] === km[i - 1] && lengthMs >= 15 * 60_000) drivenMs = 0;
      else drivenMs += lengthMs;
      expect(drivenMs).toBeLessThanOrEqual(4 * HOUR_MS + 60_000);
    }
    expect(km.at(-1)).toBe(toXian.reduce((sum, leg) => sum + leg.km, 0));
  });

  test('only a loaded truck is checked', () => {
    expect(driveAlong(toXian, 0, 1, true).checks.length).toBeGreaterThan(0);
    expect(driveAlong(toXian, 0, 1, false).checks).toEqual([]);
  });

  test('a train stands where engines change, never for a driver’s rest', () => {
    const run = railAlong(railRoute(network, 'kashgar', 'xian')!, 0);
    let standsMs = 0;
    for (let i = 1; i < run.km.length; i++) {
      if (run.km[i] === run.km[i - 1]) standsMs += run.timeMs[i]! - run.timeMs[i - 1]!;
    }
    expect(standsMs / (40 * 60_000)).toBeGreaterThanOrEqual(3);
    expect(standsMs / (40 * 60_000)).toBeLessThanOrEqual(6);
    expect(run.rests).toEqual([]);
    expect(run.arriveMs / HOUR_MS).toBeGreaterThan(42);
    expect(run.arriveMs / HOUR_MS).toBeLessThan(56);
  });
});
