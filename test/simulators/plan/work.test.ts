import { expect, test } from 'vitest';
import { makePlan } from '../../../simulators/plan/plan.ts';
import { timeShare, workShareOf } from '../../../simulators/plan/work.ts';
import { loadScenario } from '../../../simulators/scenario/load.ts';

test('work is done as assets are on duty: none at the start, all at the end, most in the middle of a day of trips', () => {
  const plan = makePlan(loadScenario('season-day'));
  const { startMs, endMs } = plan;
  const workShare = workShareOf(plan);
  expect(workShare(startMs)).toBe(0);
  expect(workShare(endMs)).toBe(1);
  // All trips start on one day: two thirds through the week most of them are over.
  const lateMs = startMs + (2 / 3) * (endMs - startMs);
  expect(workShare(lateMs)).toBeGreaterThan(0.8);
  expect(timeShare(startMs, endMs, lateMs)).toBeCloseTo(2 / 3, 9);
  let before = 0;
  for (let ms = startMs; ms <= endMs; ms += 3_600_000) {
    const share = workShare(ms);
    expect(share).toBeGreaterThanOrEqual(before);
    before = share;
  }
});

test('a plan without duties goes by time', () => {
  const plan = { ...makePlan(loadScenario('tiny')), assets: [] };
  expect(workShareOf(plan)((plan.startMs + plan.endMs) / 2)).toBe(0.5);
});
