import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Reading, type Spell, USABLE } from '../../src/detect/rule.ts';
import { bindRule } from '../../src/detect/rules/registry.ts';
import { KEPT, raisedSpell } from '../../src/detect/spell.ts';

const MINUTE_MS = 60_000;
const START_MS = 1_692_576_000_000;
const WINDOW_MIN = 180;
const INTERVAL_MIN = 15;

/** The raised spell after each of the readings at these minutes. */
function drive(minutes: readonly number[], share = 0.9): (Spell | null)[] {
  const params = { intervalMs: INTERVAL_MIN * MINUTE_MS, share, windowMs: WINDOW_MIN * MINUTE_MS };
  const rule = bindRule('recording', params, { maxGapMs: INTERVAL_MIN * MINUTE_MS }, 'here');
  const memory = new Float64Array(KEPT + rule.keeps);
  const reading: Reading = {
    timeMs: 0,
    value: 1,
    lowBeside: Number.NaN,
    highBeside: Number.NaN,
    explained: false,
    verdict: USABLE,
    explainedUntilMs: 0,
    lookBeside: () => {},
  };
  return minutes.map((minute) => {
    rule.step(memory, 0, Object.assign(reading, { timeMs: START_MS + minute * MINUTE_MS }));
    expect(memory.every(Number.isFinite)).toBe(true);
    return raisedSpell(memory, 0);
  });
}

const every = (minutes: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / minutes) + 1 }, (_, i) => from + i * minutes);

test('a reading every interval, or sooner, late by some seconds, is recorded well', () => {
  expect(drive(every(15, 0, 2000)).every((spell) => spell === null)).toBe(true);
  expect(drive(every(5, 0, 2000)).every((spell) => spell === null)).toBe(true);
  expect(drive(every(15.2, 0, 2000)).every((spell) => spell === null)).toBe(true);
});

test('a reading every half an hour is half of the record, once the window is full', () => {
  const minutes = every(30, 0, 600);
  const spells = drive(minutes);
  const first = minutes[spells.findIndex((spell) => spell !== null)]!;
  expect(first).toBeGreaterThanOrEqual(WINDOW_MIN - 15);
  expect(first).toBeLessThanOrEqual(WINDOW_MIN + 15);
  // A window ends amid an interval: the worst mean is a tenth off.
  expect(Math.abs(spells.at(-1)!.peak - 30)).toBeLessThanOrEqual(3);
});

test('one reading missed of ten is borne, three are not; it clears when they have left the window', () => {
  const without = (...gone: number[]) => every(15, 0, 1200).filter((minute) => !gone.includes(minute));
  expect(drive(without(300)).every((spell) => spell === null)).toBe(true);
  const spells = drive(without(300, 330, 360));
  expect(spells.some((spell) => spell !== null)).toBe(true);
  expect(spells.at(-1)).toBeNull();
});

test('after a silence longer than the window none of it is there, and its mean is the window', () => {
  expect(drive([...every(15, 0, 300), 300 + 400]).at(-1)!.peak).toBe(WINDOW_MIN);
});

test('the share is that of a slow look at all readings', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 5, maxLength: 80 });
  fc.assert(
    fc.property(gaps, (list) => {
      const minutes = [0];
      for (const gap of list) minutes.push(minutes.at(-1)! + gap);
      drive(minutes).forEach((spell, i) => {
        const share = shareOf(minutes.slice(0, i + 1));
        if (minutes[i]! < WINDOW_MIN - 15) expect(spell).toBeNull();
        else if (share < 0.9) expect(spell).not.toBeNull();
        else if (share >= 0.95) expect(spell).toBeNull();
      });
    }),
  );
});

/** Of the window that ends with the last reading, in whole buckets, the share that readings speak for. */
function shareOf(minutes: readonly number[]): number {
  const bucket = WINDOW_MIN / 12;
  const start = START_MS / MINUTE_MS;
  const last = minutes.at(-1)!;
  const from = Math.max(0, (Math.floor((start + last) / bucket) - 11) * bucket - start);
  let there = 0;
  minutes.slice(0, -1).forEach((minute, i) => {
    const until = Math.min(minute + INTERVAL_MIN, minutes[i + 1]!);
    there += Math.max(0, until - Math.max(minute, from));
  });
  return there / (last - from);
}
