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
  const meet = (a: Breach, b: Breach) =>
    (a.severity === 'warning') === (b.severity === 'warning') &&
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
