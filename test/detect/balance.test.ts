import { expect, test } from 'vitest';
import { found, rule, times } from './found.ts';

const HOUR_MS = 3_600_000;

/** What an on-off unit blows in and draws, every 5 min: two readings of cold, two of rest; thawed every 7 h. */
function air(i: number, offC = 0): Record<string, number> {
  if (i % 84 < 5) return { 'air-supply': 12, 'air-return': 0.5 + offC };
  return { 'air-supply': (i % 4 < 2 ? -4.5 : 1) + offC, 'air-return': (i % 4 < 2 ? -0.8 : 0) + offC };
}

const HOURS = 12;
/** °C in 5 min, of a fault in full swing. */
const perStep = (perDayC: number) => perDayC / 24 / HOURS;

test('a probe that sinks from where it stood drifts, though the air blown in is colder still', () => {
  const rules = [rule('sinking', ['pulp'], {}), rule('freezing', ['pulp'], { limitC: -1.5 })];
  for (const perDayC of [1, 2, 4, 8]) {
    const sunkC = (i: number) => Math.max(0, i - 8 * HOURS) * perStep(perDayC);
    const rows = times(72 * HOURS, (i) => ({ ...air(i), 'pulp-1': -0.2 - sunkC(i), 'pulp-2': 0.1 }));
    expect(found(rules, rows), `${perDayC} °C a day`).toEqual([expect.stringMatching(/^pulp-1 sinking \d+– open$/)]);
  }
});

test('fruit that sinks with what is blown in does not drift, nor does the tail of its cooling', () => {
  const rules = [rule('sinking', ['pulp'], {})];
  // A set-point turned down by 5 °C after ten hours: the fruit follows within a day, and freezes.
  let pulp = -0.2;
  const turnedDown = times(72 * HOURS, (i) => {
    const offC = i < 10 * HOURS ? 0 : -5;
    pulp += (-0.2 + offC - pulp) / (15 * HOURS);
    return { ...air(i, offC), 'pulp-1': pulp, 'pulp-2': pulp + 0.3 };
  });
  expect(found(rules, turnedDown)).toEqual([]);
  for (const tauH of [4, 10, 20, 40]) {
    const cooling = times(96 * HOURS, (i) => {
      const leftC = (fromC: number, hours: number) => fromC * Math.exp(-i / HOURS / hours);
      return { ...air(i), 'pulp-1': -0.2 + leftC(9, tauH), 'pulp-2': leftC(9, tauH * 1.5) };
    });
    expect(found(rules, cooling), `${tauH} h`).toEqual([]);
  }
});

test('a probe that is moved is not taken to drift', () => {
  const rules = [rule('sinking', ['pulp'], {})];
  const rows = times(48 * HOURS, (i) => ({ ...air(i), 'pulp-1': i < 20 * HOURS ? 1 : -1.4, 'pulp-2': 0.3 }));
  expect(found(rules, rows)).toEqual([]);
});

test('return air that gets warmer than fruit and supply is a drifting sensor; a unit that fails warms both', () => {
  const rules = [rule('parted-air', ['air-return'], {})];
  const pulp = { 'pulp-1': -0.2, 'pulp-2': 0.3 };
  const drifting = times(72 * HOURS, (i) => {
    const now = air(i);
    return { ...now, ...pulp, 'air-return': now['air-return']! + i * perStep(4) };
  });
  expect(found(rules, drifting)).toEqual([expect.stringMatching(/^air-return parted-air \d+– open$/)]);
  const failing = times(72 * HOURS, (i) => {
    const boxC = Math.min(14, i * perStep(12));
    return { ...pulp, 'air-supply': boxC, 'air-return': boxC };
  });
  expect(found(rules, failing)).toEqual([]);
});

test('a unit whose coldest air is warmer than it is set misses its set-point; thawing and doors do not', () => {
  const rules = [
    rule('door', ['door'], { longestMs: 2 * HOUR_MS }),
    rule('defrost-shape', ['air-supply'], {}),
    rule('set-point-missed', ['set-point'], {}, true),
  ];
  const open = (i: number) => i >= 100 && i < 120;
  const well = times(72 * HOURS, (i) => ({
    'set-point': -0.5,
    ...(open(i) ? { 'air-supply': 11, 'air-return': 14, door: 1 } : { ...air(i), door: 0 }),
  }));
  expect(found(rules, well)).toEqual([]);
  const weak = times(24 * HOURS, () => ({ 'set-point': -0.5, 'air-supply': 1.5, 'air-return': 2.5, door: 0 }));
  expect(found(rules, weak)).toEqual(['set-point set-point-missed 0– open']);
  // Set to 2 °C it is as it should be.
  expect(
    found(
      rules,
      weak.map((row) => ({ ...row, 'set-point': 2 })),
    ),
  ).toEqual([]);
});

test('a unit at full power for most of a day is at its end; one that pulls a load down is not', () => {
  const rules = [rule('duty', ['unit-on'], {})];
  const defrosts = (i: number) => i % 84 < 5;
  const laden = times(24 * HOURS, (i) => ({ 'unit-on': defrosts(i) ? 0 : 1 }));
  expect(found(rules, laden)).toEqual([expect.stringMatching(/^unit-on duty \d+– open$/)]);
  const pulling = times(48 * HOURS, (i) => ({ 'unit-on': i < 3 * HOURS || i % 4 < 2 ? 1 : 0 }));
  expect(found(rules, pulling)).toEqual([]);
});
