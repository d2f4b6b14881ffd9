import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byar, wilson } from '../../src/lab/interval.ts';
import { alarmsOf, match } from '../../src/lab/match.ts';
import { quantile, scoreOf } from '../../src/lab/score.ts';
import { addTallies, tallyOf } from '../../src/lab/tally.ts';
import { breach, HOUR_MS, incident } from './cases.ts';

const values = (incidents: Parameters<typeof tallyOf>[0], breaches: Parameters<typeof tallyOf>[1]) => {
  const score = scoreOf([tallyOf(incidents, breaches, 50)]);
  return Object.fromEntries(Object.entries(score).map(([name, figure]) => [name, figure.value]));
};

describe('alarms of known worth', () => {
  test('the oracle speaks when the fault starts', () => {
    expect(values([incident()], [breach(10, 21)])).toEqual({
      recall: 1,
      recallByDamage: 1,
      recallByLimits: 1,
      precision: 1,
      f1: 1,
      delayMedianMin: 0,
      delayP95Min: 0,
      leadH: 4,
      leadOracleH: 4,
      leadShare: 1,
      falseAlarmsPer100DeviceDays: 0,
      missedHarmDays: 0,
      missedHarmTonneDays: 0,
      missedHarmShare: 0,
      missedLimitsH: 0,
    });
  });

  test('an hour late, it has three of the four hours left', () => {
    expect(values([incident()], [breach(11, 21)])).toMatchObject({ delayMedianMin: 60, leadH: 3, leadShare: 0.75 });
  });

  test('after the damage it is found, with no lead', () => {
    expect(values([incident()], [breach(16, 21)])).toMatchObject({ recall: 1, leadH: 0, leadShare: 0 });
  });

  test('silence misses all and says nothing false', () => {
    expect(values([incident()], [])).toMatchObject({
      recall: 0,
      precision: null,
      f1: 0,
      delayMedianMin: null,
      leadShare: 0,
      falseAlarmsPer100DeviceDays: 0,
      missedHarmDays: 2,
      missedHarmTonneDays: 40,
      missedHarmShare: 1,
      missedLimitsH: 5,
    });
  });

  test('what is always on finds nothing and is false', () => {
    const score = values([incident()], [breach(0, null)]);
    expect(score).toMatchObject({ recall: 0, precision: 0, f1: 0, falseAlarmsPer100DeviceDays: 2, missedHarmDays: 2 });
  });

  test('a harmless fault that is found is no false alarm, and one that is not is not missed', () => {
    const harmless = incident({ harmByDamage: false, harmByLimits: false, damageMs: null, lossDays: 0, alarmMin: 0 });
    expect(values([harmless], [breach(11, 12)])).toMatchObject({ recall: null, precision: 1 });
    expect(values([harmless], [])).toMatchObject({ recall: null, precision: null });
  });

  test('each definition of harm has its own recall', () => {
    const byLimits = incident({
      harmByDamage: false,
      windows: [{ asset: 'carrier/b', fromMs: 0, toMs: 30 * HOUR_MS }],
    });
    const score = values([incident(), byLimits], [breach(11, 12)]);
    expect(score).toMatchObject({ recall: 0.5, recallByDamage: 1, recallByLimits: 0.5 });
  });
});

describe('matching', () => {
  test('a sensor fault excuses no temperature alarm', () => {
    const stuck = incident({ kind: 'sensor-stuck', subject: 'sensor' });
    expect(match([stuck], [breach(11, 12)])).toMatchObject({ foundMs: [null], falseAlarms: [{ asset: 'carrier/a' }] });
  });

  test('the window is half-open, and belongs to its asset', () => {
    const found = (b: ReturnType<typeof breach>) => match([incident()], [b]).foundMs[0] !== null;
    expect(found(breach(20, 21))).toBe(false);
    expect(found(breach(19.9, 21))).toBe(true);
    expect(found(breach(11, 12, { asset: 'carrier/b' }))).toBe(false);
  });

  test('a condition that began in the window may reach its dwell after it', () => {
    expect(match([incident()], [breach(19, 24, { raisedMs: 22 * HOUR_MS })]).foundMs).toEqual([22 * HOUR_MS]);
  });

  test('the effect goes with the fruit into another asset', () => {
    const carried = incident();
    const windows = [...carried.windows, { asset: 'city/store', fromMs: 20 * HOUR_MS, toMs: 30 * HOUR_MS }];
    const inStore = breach(21, 25, { asset: 'city/store' });
    expect(match([{ ...carried, windows }], [inStore]).falseAlarms).toEqual([]);
    expect(match([carried], [inStore]).falseAlarms).toHaveLength(1);
  });

  test('an alarm that speaks already, and is right, finds the next fault at once; a false one does not', () => {
    const next = incident({ fromMs: 15 * HOUR_MS });
    expect(match([incident(), next], [breach(11, 18)]).foundMs).toEqual([11 * HOUR_MS, 15 * HOUR_MS]);
    expect(match([next], [breach(9, 18)]).foundMs).toEqual([null]);
  });

  test('breaches of one asset that overlap are one alarm, whatever device and rule', () => {
    const other = { device: 'carrier/tu-b', rule: 'pulp-high', id: 'other' };
    expect(alarmsOf([breach(1, 5), breach(4, 8, other), breach(8, 9)])).toMatchObject([
      { raisedMs: HOUR_MS, endMs: 8 * HOUR_MS },
      { raisedMs: 8 * HOUR_MS, endMs: 9 * HOUR_MS },
    ]);
  });

  test('breaches of one instant are one alarm: two probes of a room that say the same as it is emptied', () => {
    const atOnce = [breach(4, 4), breach(4, 4, { channel: 'pulp-2' })];
    expect(alarmsOf(atOnce)).toMatchObject([{ raisedMs: 4 * HOUR_MS, breaches: atOnce }]);
    expect(alarmsOf([...atOnce, breach(5, 5)])).toHaveLength(2);
  });

  test('more breaches within an alarm neither help nor hurt', () => {
    const hour = fc.integer({ min: 0, max: 40 });
    const spans = fc.array(fc.tuple(hour, fc.integer({ min: 1, max: 8 })), { maxLength: 6 });
    fc.assert(
      fc.property(spans, fc.nat({ max: 5 }), (list, pick) => {
        const breaches = list.map(([startH, lastsH]) => breach(startH, startH + lastsH));
        const twice = breaches.map((b) => ({ ...b, id: `${b.id}:2`, channel: 'pulp-1' }));
        const some = [...breaches, ...twice.slice(pick)];
        expect(tallyOf([incident()], some, 50)).toEqual(tallyOf([incident()], breaches, 50));
      }),
    );
  });
});

describe('figures over seeds', () => {
  const found = tallyOf([incident()], [breach(11, 12)], 10);
  const missed = tallyOf([incident()], [breach(1, 2)], 10);

  test('counts are pooled, then divided', () => {
    expect(scoreOf([found, missed])).toMatchObject({
      recall: { value: 0.5, low: 0, high: 1 },
      falseAlarmsPer100DeviceDays: { value: 5, low: 0 },
      missedHarmDays: { value: 1 },
    });
    expect(addTallies([found, missed]).byKind).toEqual({
      'unit-failure': { faults: 2, found: 1, harmful: 2, harmfulFound: 1 },
    });
  });

  test('intervals hold the value, and narrow as seeds are added', () => {
    const width = (n: number) => {
      const { low, high, value } = scoreOf(Array.from({ length: n }, (_, i) => (i % 2 ? found : missed))).recall;
      expect(low!).toBeLessThan(value!);
      expect(high!).toBeGreaterThan(value!);
      return high! - low!;
    };
    // A share of one half has a standard error of 0.5 / √n.
    expect(width(100)).toBeCloseTo(2 * 1.96 * 0.05, 1);
    expect(width(100)).toBeLessThan(width(25));
  });

  test('a recall of 1 on every seed has a lower bound, which rises with what was found', () => {
    const low = (n: number) => scoreOf(Array.from({ length: n }, () => found)).recall.low!;
    expect([low(10), low(100)]).toEqual([expect.closeTo(0.7225, 4), expect.closeTo(0.963, 3)]);
    const quiet = scoreOf(Array.from({ length: 10 }, () => found)).falseAlarmsPer100DeviceDays;
    // None in 100 device-days: 3.7 are not ruled out.
    expect(quiet).toEqual({ value: 0, low: 0, high: expect.closeTo(3.67, 2) });
  });

  test('one seed has no bootstrap; the same seeds have the same', () => {
    expect(scoreOf([found]).recall).toMatchObject({ value: 1, high: 1 });
    expect(scoreOf([found]).delayMedianMin).toMatchObject({ low: null, high: null });
    expect(scoreOf([found, missed, found])).toEqual(scoreOf([found, missed, found]));
  });

  test('quantiles are linear between neighbours', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([0, 10], 0.95)).toBeCloseTo(9.5);
    expect(quantile([], 0.5)).toBeNull();
  });
});

describe('intervals by counts', () => {
  // Brown, Cai & DasGupta 2001 and the usual tables; exact Poisson limits of 10 are 4.795 and 18.39.
  test('are those of the tables', () => {
    expect(wilson(1, 10)).toEqual({ low: expect.closeTo(0.0179, 4), high: expect.closeTo(0.4042, 4) });
    expect(wilson(0, 10)).toEqual({ low: 0, high: expect.closeTo(0.2775, 4) });
    expect(byar(10)).toEqual({ low: expect.closeTo(4.79, 1), high: expect.closeTo(18.39, 1) });
  });
});
