import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHANNEL_KINDS, channelKind, roundTo, SEQ_NAME } from '../../src/contract/channel.ts';

describe('names', () => {
  test('every kind stands alone or numbered 1 to 99, and no other way', () => {
    for (const kind of CHANNEL_KINDS) {
      for (const name of [kind.kind, `${kind.kind}-1`, `${kind.kind}-99`]) expect(channelKind(name)).toBe(kind);
      for (const tail of ['-0', '-100', '-01', '-', '-1-1', '--1', '-x', ' ', '1'])
        expect(channelKind(kind.kind + tail)).toBeUndefined();
    }
  });

  test('the sequence number is no channel, nor is what every object has', () => {
    for (const name of [SEQ_NAME, '', 'constructor', '__proto__', 'Air', 'temperature'])
      expect(channelKind(name)).toBeUndefined();
  });

  test('kinds are distinct, and a temperature is in Cel', () => {
    expect(new Set(CHANNEL_KINDS.map((k) => k.kind)).size).toBe(CHANNEL_KINDS.length);
    for (const kind of CHANNEL_KINDS) expect(kind.temperature).toBe(kind.unit === 'Cel');
  });
});

describe('roundTo', () => {
  test.each([
    [4.0004, 3, 4],
    [4.0006, 3, 4.001],
    [-4.0006, 3, -4.001],
    [0.1 + 0.2, 3, 0.3],
    [39.4801236, 6, 39.480124],
    [1.5, 0, 2],
    [-0.0001, 3, 0],
    [-0, 3, 0],
  ])('%d to %d places is %d', (value, decimals, expected) => {
    expect(roundTo(value, decimals)).toBe(expected);
  });

  test('it is the nearest multiple, is never -0, and a second time changes nothing', () => {
    const places = fc.constantFrom(...new Set(CHANNEL_KINDS.map((k) => k.decimals)));
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), places, (value, decimals) => {
        const rounded = roundTo(value, decimals);
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + Math.abs(value) * 2 ** -51);
        expect(Object.is(rounded, -0)).toBe(false);
        expect(roundTo(rounded, decimals)).toBe(rounded);
        expect(rounded).toBe(Number(rounded.toFixed(decimals)));
      }),
      { numRuns: 1000 },
    );
  });
});
