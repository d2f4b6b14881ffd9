import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Exposure, exposureStep, firstExposure, type PulpReading } from '../../src/produce/exposure.ts';
import { qualityModel } from '../../src/produce/quality.ts';

const HOUR_MS = 3_600_000;
const model = qualityModel('prune')!;

function fold(readings: readonly PulpReading[]): Exposure {
  const first = firstExposure(readings[0]!);
  return readings.slice(1).reduce<Exposure>((state, reading) => exposureStep(model, state, reading), first);
}

const anyRecord = fc
  .array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 48 * HOUR_MS }),
      tempC: fc.double({ min: -5, max: 45, noNaN: true }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((steps) => {
    let timeMs = 0;
    return steps.map(({ afterMs, tempC }): PulpReading => {
      timeMs += afterMs;
      return { timeMs, tempC };
    });
  });

/** Puts a reading on the straight line after each, where the share says. */
function refined(readings: readonly PulpReading[], share: number): PulpReading[] {
  return readings.flatMap((reading, i) => {
    const next = readings[i + 1];
    if (!next) return [reading];
    const along = (from: number, to: number) => from + share * (to - from);
    return [reading, { timeMs: along(reading.timeMs, next.timeMs), tempC: along(reading.tempC, next.tempC) }];
  });
}

test('readings put in between on the straight line change nothing', () => {
  fc.assert(
    fc.property(anyRecord, fc.double({ min: 0, max: 1, noNaN: true }), (readings, share) => {
      const whole = fold(readings);
      const split = fold(refined(readings, share));
      expect(Math.abs(split.ripening - whole.ripening)).toBeLessThanOrEqual(1e-9 * (1 + whole.ripening));
      expect(Math.abs(split.chilling - whole.chilling)).toBeLessThanOrEqual(1e-9 * (1 + whole.chilling));
      expect(split.coldestC).toBeCloseTo(whole.coldestC, 9);
    }),
  );
});

test('a record counts as its two halves do, one after the other', () => {
  fc.assert(
    fc.property(anyRecord, fc.nat(20), (readings, at) => {
      const cut = at % readings.length;
      const [first, second] = [fold(readings.slice(0, cut + 1)), fold(readings.slice(cut))];
      const whole = fold(readings);
      expect(first.ripening + second.ripening).toBeCloseTo(whole.ripening, 9);
      expect(first.chilling + second.chilling).toBeCloseTo(whole.chilling, 9);
      expect(Math.min(first.coldestC, second.coldestC)).toBe(whole.coldestC);
    }),
  );
});

test('warming evenly from 0 to 10 °C over a day counts the logarithmic mean of the rates', () => {
  const warmed = fold([
    { timeMs: 0, tempC: 0 },
    { timeMs: 24 * HOUR_MS, tempC: 10 },
  ]);
  // HB66: 1/21 at 0 °C, 100/33 of it at 10 °C.
  expect(warmed.ripening).toBeCloseTo((100 / 33 - 1) / 21 / Math.log(100 / 33), 12);
  expect(warmed.coldestC).toBe(0);
});

test('a reading from before is refused', () => {
  const state = firstExposure({ timeMs: HOUR_MS, tempC: 3 });
  expect(() => exposureStep(model, state, { timeMs: 0, tempC: 3 })).toThrow(RangeError);
});
