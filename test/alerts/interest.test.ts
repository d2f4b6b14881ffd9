import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orgsConcerned } from '../../src/alerts/interest.ts';
import type { AlertNotice } from '../../src/contract/alert.ts';
import { severityRank } from '../../src/contract/alert.ts';
import { SEVERITIES, type Severity } from '../../src/contract/breach.ts';

interface Told {
  readonly severity: Severity;
  readonly orgs: readonly string[];
}

const notice = (now: Told, before: Told | null) =>
  ({ severity: now.severity, before, alert: { orgs: now.orgs } }) as unknown as AlertNotice;

test('a receiver of one severity and up hears of no other; of one org, of no other', () => {
  const alarm = notice({ severity: 'alarm', orgs: ['a', 'b'] }, null);
  expect(orgsConcerned(alarm, { minSeverity: 'warning' })).toEqual(['a', 'b']);
  expect(orgsConcerned(alarm, { minSeverity: 'alarm', orgs: ['b', 'c'] })).toEqual(['b']);
  expect(orgsConcerned(alarm, { minSeverity: 'critical' })).toEqual([]);
  expect(orgsConcerned(alarm, { minSeverity: 'warning', orgs: ['c'] })).toEqual([]);
});

const orgs = fc.subarray(['a', 'b', 'c'], { minLength: 1 });
const told = fc.record({ severity: fc.constantFrom(...SEVERITIES), orgs });

test('each org hears all of an alert while it is grave enough and its own, and once when it ceases to be', () => {
  fc.assert(
    fc.property(
      fc.array(told, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...SEVERITIES),
      fc.option(orgs, { nil: undefined }),
      (course, minSeverity, asked) => {
        for (const org of ['a', 'b', 'c']) {
          const isOwn = (one: Told | undefined) =>
            (one?.orgs.includes(org) ?? false) && severityRank(one!.severity) >= severityRank(minSeverity);
          for (const [i, now] of course.entries()) {
            const hears = orgsConcerned(notice(now, course[i - 1] ?? null), { minSeverity, orgs: asked }).includes(org);
            const wanted = asked === undefined || asked.includes(org);
            expect(hears).toBe(wanted && (isOwn(now) || isOwn(course[i - 1])));
          }
        }
      },
    ),
  );
});
