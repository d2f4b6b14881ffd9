import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temperatureAxis, timeAxis, timeLabel } from '../../../simulators/plot/scale.ts';
import { FROM_MS, HOUR_MS, toyPanel } from './toy-panel.ts';

describe('axes', () => {
  it('the temperature axis holds every value and the alarm limits, between its first and its last tick', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -60, max: 80, noNaN: true }), { minLength: 1 }), (valueC) => {
        const line = { role: 'supply' as const, name: 's', timeMs: valueC.map((_, i) => FROM_MS + i), valueC };
        const axis = temperatureAxis(toyPanel({ lines: [line] }), 10);
        for (const value of [...valueC, -1.5, 4]) {
          expect(value).toBeGreaterThanOrEqual(axis.min);
          expect(value).toBeLessThanOrEqual(axis.max);
        }
        expect([axis.ticks[0], axis.ticks.at(-1)]).toEqual([axis.min, axis.max]);
        expect(axis.ticks.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('time ticks are at full hours of the zone', () => {
    const { ticks } = timeAxis(toyPanel(), 8);
    expect(ticks.map((tick) => timeLabel(tick, '+08:00'))).toEqual([
      '08-21 06:00',
      '08-21 09:00',
      '08-21 12:00',
      '08-21 15:00',
      '08-21 18:00',
      '08-21 21:00',
      '08-22 00:00',
      '08-22 03:00',
      '08-22 06:00',
    ]);
    const half = timeAxis(toyPanel({ zone: '+05:30' }), 8).ticks;
    expect(half.map((tick) => timeLabel(tick, '+05:30').slice(-2))).toEqual(half.map(() => '00'));
    expect(half[0]).toBeGreaterThan(FROM_MS);
    expect(half[1]! - half[0]!).toBe(3 * HOUR_MS);
  });
});
