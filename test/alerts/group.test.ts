import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupBreaches } from '../../src/alerts/group.ts';
import type { Breach } from '../../src/contract/breach.ts';
import { breach, breaches } from './breaches.ts';

const GAP_MS = 5;
const heldBy =
  (...orgs: string[]) =>
  (one: Breach) => ({ breach: one, orgs });

test('one failure seen by several probes is one alert: as severe as the worst, as long as all', () => {
  const air = breach({ id: 'air', startMs: 0, endMs: 10, severity: 'warning' });
  const pulp = breach({ id: 'pulp', startMs: 8, endMs: 30, severity: 'critical' });
  const after = breach({ id: 'after', startMs: 35, endMs: 40 });
  expect(groupBreaches([pulp, after, air].map(heldBy('carrier')), GAP_MS)).toEqual([
    {
      asset: 'c/truck',
      about: 'cargo',
      headline: 'Pulp above 4 °C',
      causeId: null,
      orgs: ['carrier'],
      severity: 'critical',
      breachIds: ['air', 'pulp', 'after'],
      startMs: 0,
      raisedMs: 1,
      endMs: 40,
    },
  ]);
});

test('more than the gap, or other holders, make another alert', () => {
  const first = breach({ id: 'a', startMs: 0, endMs: 10 });
  const apart = breach({ id: 'b', startMs: 16, endMs: 20 });
  const other = breach({ id: 'c', startMs: 5, endMs: 20 });
  const groups = groupBreaches([heldBy('x')(first), heldBy('x')(apart), heldBy('x', 'y')(other)], GAP_MS);
  expect(groups.map((group) => group.breachIds)).toEqual([['a'], ['c'], ['b']]);
});

test('an open breach lasts until further notice, and so does its alert', () => {
  const groups = groupBreaches(
    [breach({ id: 'a', startMs: 0 }), breach({ id: 'b', startMs: 1000, endMs: 1001 })].map(heldBy('x')),
    GAP_MS,
  );
  expect(groups).toMatchObject([{ breachIds: ['a', 'b'], endMs: null }]);
});

test('what measures and what is measured are two alerts: another matter, for somebody else', () => {
  const warm = breach({ id: 'warm', startMs: 0 });
  const silent = breach({ id: 'silent', startMs: 2, rule: 'no-data', channel: 'frames', severity: 'warning' });
  const drifts = breach({ id: 'drifts', startMs: 4, rule: 'sensor-drift', channel: 'pulp-2', severity: 'warning' });
  const groups = groupBreaches([warm, silent, drifts].map(heldBy('x')), GAP_MS);
  expect(groups).toMatchObject([
    { about: 'cargo', breachIds: ['warm'], severity: 'alarm' },
    { about: 'instruments', breachIds: ['silent', 'drifts'], severity: 'warning' },
  ]);
});

test('warmth that only a sick sensor saw goes with the sensor; one that fell sick later leaves it what it is', () => {
  const drift = (id: string, startMs: number, channel: string) =>
    breach({ id, startMs, rule: 'sensor-drift', channel, severity: 'warning' });
  const madeUp = breach({ id: 'made-up', startMs: 3, endMs: 9, endedBy: 'sensor-sick', channel: 'pulp-1' });
  const real = breach({ id: 'real', startMs: 3, endMs: 9, endedBy: 'sensor-sick', channel: 'pulp-2' });
  const all = [madeUp, real, drift('d1', 1, 'pulp-1'), drift('d2', 4, 'pulp-2')];
  expect(groupBreaches(all.map(heldBy('x')), GAP_MS)).toMatchObject([
    {
      about: 'instruments',
      breachIds: ['d1', 'made-up', 'd2'],
      causeId: 'd1',
      headline: 'Sensor pulp-1 drifts, then pulp above 4 °C',
    },
    { about: 'cargo', breachIds: ['real'], causeId: null },
  ]);
});

test('the groups are those of the definition, whatever the order the breaches are given in', () => {
  const input = breaches.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  );
  fc.assert(
    fc.property(input, ([all, shuffled]) => {
      const orgsOf = (one: Breach) => heldBy(one.severity === 'warning' ? 'x' : 'y')(one);
      const groups = groupBreaches(shuffled.map(orgsOf), GAP_MS);
      expect(groups).toEqual(groupBreaches(all.map(orgsOf), GAP_MS));
      expect(groups.map(({ breachIds }) => [...breachIds].sort()).sort()).toEqual(bruteForce(all));
    }),
  );
});

/** Joins any two that belong together until nothing changes. */
function bruteForce(all: readonly Breach[]): string[][] {
  let sets = all.map((one) => [one]);
  const end = (one: Breach) => one.endMs ?? Number.POSITIVE_INFINITY;
  const madeUp = (one: Breach) =>
    one.endedBy === 'sensor-sick' &&
    all.some(
      (s) =>
        s.rule === 'sensor-drift' && s.channel === one.channel && s.startMs <= one.startMs && end(s) >= one.startMs,
    );
  const ofInstruments = (one: Breach) => ['sensor-drift', 'battery-low', 'no-data'].includes(one.rule) || madeUp(one);
  const meet = (a: Breach, b: Breach) =>
    (a.severity === 'warning') === (b.severity === 'warning') &&
    ofInstruments(a) === ofInstruments(b) &&
    a.startMs <= end(b) + GAP_MS &&
    b.startMs <= end(a) + GAP_MS;
  for (let changed = true; changed; ) {
    changed = false;
    for (const set of sets) {
      const other = sets.find((s) => s !== set && s.some((a) => set.some((b) => meet(a, b))));
      if (!other) continue;
      sets = [...sets.filter((s) => s !== set && s !== other), [...set, ...other]];
      changed = true;
      break;
    }
  }
  return sets.map((set) => set.map(({ id }) => id).sort()).sort();
}
