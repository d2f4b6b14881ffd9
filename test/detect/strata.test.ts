import { expect, test } from 'vitest';
import { armingOf } from '../../src/detect/arming.ts';
import type { Profile } from '../../src/produce/profiles.ts';
import { breachesOf, found, rule, times } from './found.ts';
import { atMinute, chunkOf, foldAll, type Row, testProfile } from './frames.ts';

const HOUR_MS = 3_600_000;

test('a stuck sensor raises its own breach and ends what was found in it', () => {
  const rules = [
    rule('stuck', ['pulp'], { dwellMs: HOUR_MS, besideC: 1 }),
    rule('high', ['pulp'], { limitC: 4, dwellMs: HOUR_MS / 2 }),
  ];
  const rows = times(30, (i) => ({ 'pulp-1': 5, 'pulp-2': 3.5 - i * 0.1, 'pulp-3': 3 - i * 0.1 }));
  expect(found(rules, rows)).toEqual(['pulp-1 high 0–60 sensor-sick', 'pulp-1 stuck 0– open']);
});

test('fruit that stays at one value in a steady store is not stuck', () => {
  const rules = [rule('stuck', ['pulp'], { dwellMs: HOUR_MS, besideC: 1 })];
  expect(
    found(
      rules,
      times(300, (i) => ({ 'pulp-1': 0.1, 'pulp-2': (i % 3) / 10 })),
    ),
  ).toEqual([]);
});

test('a spike starts nothing; a new level that is borne out does', () => {
  const rules = [rule('spike', ['pulp'], {}), rule('high', ['pulp'], { limitC: 4, dwellMs: 0 })];
  const level = (i: number) => ({ pulp: i === 5 ? 20 : i < 10 ? 0 : 9 });
  // Left out twice, believed at the third reading: minute 60.
  expect(found(rules, times(15, level))).toEqual(['pulp high 60– open']);
});

test('spikes that keep coming are a sick sensor', () => {
  const rules = [rule('spike', ['pulp'], { windowMs: HOUR_MS })];
  const rows = times(60, (i) => ({ pulp: i % 4 === 3 && i < 20 ? 15 : 0 }));
  expect(found(rules, rows)).toEqual(['pulp spike 20–165 recovered']);
});

test('a sensor that warms while all about it is colder drifts; the last pallet to cool does not', () => {
  const rules = [rule('drift', ['pulp'], {})];
  const air = { 'air-supply': -2, 'air-return': 0 };
  const drifting = times(100, (i) => ({ ...air, 'pulp-1': 1, 'pulp-2': 0.5 + i * 0.05 }));
  expect(found(rules, drifting)).toEqual([expect.stringMatching(/^pulp-2 drift /)]);
  const cooling = times(100, (i) => ({ ...air, 'pulp-1': 20 * 0.95 ** i, 'pulp-2': 20 * 0.99 ** i }));
  expect(found(rules, cooling)).toEqual([]);
});

test('a sensor that drifts up drifts also where an on-off unit’s air swings past it', () => {
  const rules = [rule('drift', ['pulp'], {}), rule('high', ['pulp'], { limitC: 4, dwellMs: HOUR_MS })];
  const air = (i: number) =>
    i % 4 < 2 ? { 'air-supply': -5, 'air-return': -1 } : { 'air-supply': 3.5, 'air-return': 3.5 };
  const drifting = times(200, (i) => ({ ...air(i), 'pulp-1': 0, 'pulp-2': i * 0.04 }));
  expect(found(rules, drifting)).toEqual([expect.stringMatching(/^pulp-2 drift /)]);
});

test('a pulp below freezing is believed in air that can freeze it; on-off air alone cannot', () => {
  const rules = [rule('freezing', ['pulp'], { limitC: -1.5 })];
  const falling = (air: (i: number) => Record<string, number>) =>
    times(150, (i) => ({ ...air(i), pulp: -0.5 - i * 0.02 }));
  const cycling = falling((i) => ({ 'air-supply': i % 4 < 2 ? -3.5 : 2, 'air-return': 0 }));
  expect(found(rules, cycling)).toEqual([]);
  expect(
    found(
      rules,
      falling(() => ({ 'air-supply': -4, 'air-return': -3 })),
    ),
  ).toEqual([expect.stringMatching(/^pulp freezing /)]);
  // Where no air is measured, the pulp is all there is.
  expect(
    found(
      rules,
      falling(() => ({})),
    ),
  ).toEqual([expect.stringMatching(/^pulp freezing /)]);
  // What has begun goes on until the pulp is back, though the air is warm by then.
  const thawing = times(200, (i) => ({
    'air-supply': i < 100 ? -4 : 8,
    pulp: i < 100 ? -0.5 - i * 0.03 : -3.5 + (i - 100) * 0.03,
  }));
  expect(found(rules, thawing)).toEqual([expect.stringMatching(/^pulp freezing \d+–870 recovered$/)]);
});

test('fruit that leaves too warm is told of when it leaves, by the coldest of its last readings', () => {
  const rules = [rule('left-warm', ['pulp'], { limitC: 3 })];
  const cooling = times(60, (i) => ({ 'pulp-1': 20 * 0.97 ** i, 'pulp-2': 20 * 0.9 ** i }));
  const left = (atMin: number) => {
    const profile: Profile = { ...testProfile, rules };
    const stay = { asset: 'org/room', fromMs: atMinute(0), toMs: atMinute(atMin) };
    const arming = armingOf([{ ...stay, toMs: null }], [{ ...stay, profile }], () => 'reefer-truck');
    const frames: Row[] = cooling.map((values, i) => ({ timeMs: atMinute(i * 5), values }));
    return foldAll('org/dev', [chunkOf('org/dev', frames)], arming, atMinute(600)).breaches;
  };
  const [breach, ...more] = left(152);
  expect(more).toEqual([]);
  expect(breach).toMatchObject({
    channel: 'pulp-1',
    startMs: atMinute(152),
    raisedMs: atMinute(152),
    peakMs: atMinute(150),
  });
  expect(breach).toMatchObject({ endMs: atMinute(152), endedBy: 'custody-ended', limit: 3 });
  expect(breach!.peak).toBeCloseTo(20 * 0.97 ** 30, 2);
  // A probe that was pulled out before hangs in warm air, and says nothing of the fruit.
  cooling.splice(26, 4, ...times(4, (i) => ({ 'pulp-1': 8 + i, 'pulp-2': 8 + i })));
  expect(left(148).map(({ channel, peak }) => `${channel} ${peak.toFixed(1)}`)).toEqual(['pulp-1 8.0']);
  // Both while it is hot, none where nothing was read for longer than a value speaks for.
  expect(left(40)).toHaveLength(2);
  expect(left(295 + 60)).toEqual([]);
});

test('warm air while a door is open, or a coil thawed, is explained; fruit that is warm is not', () => {
  const rules = [
    rule('door', ['door'], { longestMs: HOUR_MS }),
    rule('defrost-shape', ['air-supply'], {}),
    rule('high', ['air-return', 'pulp'], { limitC: 4, dwellMs: 0 }, true),
  ];
  const work = (i: number) => i >= 10 && i < 16;
  expect(
    found(
      rules,
      times(40, (i) => ({ 'air-return': work(i) ? 12 : 1, door: work(i) ? 1 : 0 })),
    ),
  ).toEqual([]);
  const thaw = (i: number) => ({ 'air-return': work(i) ? 6 : 1, 'air-supply': work(i) ? 9 : -1 });
  expect(found(rules, times(40, thaw))).toEqual([]);
  expect(
    found(
      rules,
      times(40, (i) => ({ 'air-return': work(i) ? 6 : 1, 'air-supply': work(i) ? 6 : -1 })),
    ),
  ).toEqual(['air-return high 50–80 recovered']);
});

test('a door left open explains nothing once it is too long', () => {
  const rules = [
    rule('door', ['door'], { longestMs: HOUR_MS, settlingMs: 0 }),
    rule('high', ['air-return'], { limitC: 4, dwellMs: HOUR_MS / 2 }, true),
  ];
  const rows = times(40, (i) => ({ 'air-return': 12, door: i < 30 ? 1 : 0 }));
  const [air, door] = found(rules, rows);
  expect(door).toBe('door door 0–150 recovered');
  // Nothing before the door was too long, at minute 60.
  expect(Number(/^air-return high (\d+)– open$/.exec(air!)![1])).toBeGreaterThanOrEqual(60);
});

test('fruit that freezes stands still above the limit while air is colder', () => {
  const rules = [rule('freezing', ['pulp'], { limitC: -1.5 })];
  const air = { 'air-supply': -6, 'air-return': -5 };
  expect(
    found(
      rules,
      times(40, () => ({ ...air, pulp: -1.2 })),
    ),
  ).toEqual(['pulp freezing 0– open']);
  expect(
    found(
      rules,
      times(40, () => ({ 'air-supply': -1.5, 'air-return': -1, pulp: -1.2 })),
    ),
  ).toEqual([]);
});

test('a steady rise is told hours before it passes the limit', () => {
  const rules = [rule('predicted', ['pulp'], { limitC: 4, horizonMs: 4 * HOUR_MS })];
  const [first] = found(
    rules,
    times(60, (i) => ({ pulp: Math.round(i * 0.5) / 10 })),
  );
  expect(first).toMatch(/^pulp predicted/);
  expect(Number(/ (\d+)–/.exec(first!)![1])).toBeLessThan(300);
  expect(
    found(
      rules,
      times(200, (i) => ({ pulp: 3 + (i % 2) / 10 })),
    ),
  ).toEqual([]);
});

test('times out of range add up, and stay', () => {
  const rules = [rule('time-out-of-range', ['pulp'], { highC: 4, budgetMs: HOUR_MS })];
  expect(
    found(
      rules,
      times(60, (i) => ({ pulp: i % 6 < 3 ? 5 : 3 })),
    ),
  ).toEqual(['pulp time-out-of-range 0– open']);
});

test('a silent device is told by the time that passes, and one that never spoke, too', () => {
  const rules = [rule('no-data', [], { atLeastMs: HOUR_MS })];
  const rows = times(10, () => ({ pulp: 0 }));
  expect(found(rules, rows, 104)).toEqual([]);
  expect(found(rules, rows, 105)).toEqual(['frames no-data 45– open']);
  expect(found(rules, [], 60)).toEqual(['frames no-data 0– open']);
  expect(found(rules, rows, 60, 90)[0]).toBe('frames no-data 0–90 recovered');
});

test('limit and peak have the unit of what the rule measures', () => {
  const rules = [
    rule('physical-range', ['pulp'], { lowC: -40, highC: 60, dwellMs: 0 }),
    rule('low', ['humidity'], { limitC: 80, dwellMs: 0 }),
    rule('door', ['door'], { longestMs: HOUR_MS }),
    rule('pulp-against-air', ['pulp'], { limitC: 3, dwellMs: 0 }),
    rule('no-data', [], { atLeastMs: HOUR_MS, intervals: 1 }),
  ];
  const rows = times(60, (i) => ({ 'pulp-1': -50, 'pulp-2': 9, air: 1, humidity: 70, door: i < 24 ? 1 : 0 }));
  const told = breachesOf(rules, rows, 60 * 5 + 100).map((b) => [b.channel, b.about, b.limit, b.peak, b.unit]);
  expect(told).toEqual([
    ['door', 'cargo', 60, 120, 'min'],
    ['frames', 'device', 60, 60, 'min'],
    ['humidity', 'cargo', 80, 70, '%RH'],
    ['pulp-1', 'sensor', -40, -50, 'Cel'],
    ['pulp-2', 'cargo', 3, 8, 'K'],
  ]);
});

test('a silence tells its likely cause, as far as the last frames do', () => {
  const rules = [rule('no-data', [], { atLeastMs: HOUR_MS })];
  const causes = (...given: Parameters<typeof breachesOf>) => breachesOf(...given).map(({ cause }) => cause);
  const running = (percent: number) => times(10, (i) => ({ pulp: 0, battery: percent - i }));
  expect(causes(rules, running(15), 600)).toEqual(['battery']);
  expect(causes(rules, running(60), 600)).toEqual([null]);
  const driving = (degrees: number) => times(10, (i) => ({ lat: 39 + i * degrees, lon: 76 }));
  expect(causes(rules, driving(0.05), 600)).toEqual(['moving']);
  expect(causes(rules, driving(0.00003), 600)).toEqual([null]);
  expect(causes(rules, [], 600)).toEqual(['never-heard']);
});
