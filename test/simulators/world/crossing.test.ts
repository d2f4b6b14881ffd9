import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossedWithinMs } from '../../../simulators/world/physics/crossing.ts';

const STEP_MS = 20_000;
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('where a thermostat’s limit is crossed', () => {
  test('air that falls late in the step crosses within it, though a line through its beginning would not', () => {
    // 3 °C until shortly before the end, 0.9 °C there: the first line says 19 s, when it has hardly moved.
    const lateC = (ms: number) => 3 - 2.1 * (ms / STEP_MS) ** 40;
    const tangentMs = 19_048 * (2 / (3 - lateC(19_048)));
    expect(tangentMs).toBeGreaterThan(STEP_MS);
    expect(crossedWithinMs(STEP_MS, 3, 0.9, 1, lateC)).toBe(STEP_MS);
  });

  test('air that does not move at first, or turns the other way, crosses at the step’s end, where it is known to be beyond', () => {
    expect(crossedWithinMs(STEP_MS, 3, 0.9, 1, () => 2.999)).toBe(STEP_MS);
    expect(crossedWithinMs(STEP_MS, 3, 0.9, 1, () => 3.5)).toBe(STEP_MS);
  });

  test('is never before the first millisecond nor after the step, whatever the air does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: STEP_MS }),
        number(-30, 40),
        fc.oneof(number(1e-6, 20), number(-20, -1e-6)),
        number(1e-6, 0.999999),
        number(-60, 60),
        (stepMs, startC, fallK, share, thenC) => {
          const limitC = startC + share * fallK;
          fc.pre(limitC !== startC);
          const ms = crossedWithinMs(stepMs, startC, startC + fallK, limitC, () => thenC);
          expect(ms).toBeGreaterThanOrEqual(1);
          expect(ms).toBeLessThanOrEqual(stepMs);
        },
      ),
    );
  });

  test('is within 0.2 s where air approaches its end as air does, exponentially', () => {
    fc.assert(
      fc.property(number(60, 600), number(0.05, 0.95), (tauS, share) => {
        const afterC = (ms: number) => 10 * Math.exp(-ms / 1000 / tauS) - 5;
        const limitC = 5 + share * (afterC(STEP_MS) - 5);
        const exactMs = -1000 * tauS * Math.log((limitC + 5) / 10);
        expect(Math.abs(crossedWithinMs(STEP_MS, 5, afterC(STEP_MS), limitC, afterC) - exactMs)).toBeLessThan(200);
      }),
    );
  });
});
