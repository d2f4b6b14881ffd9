import { expect, test } from 'vitest';
import { curveValue } from '../../src/produce/curve.ts';
import { BUDGETS, budgetsFor } from '../../src/produce/profiles/budgets.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { qualityModel } from '../../src/produce/quality.ts';

const { budgets, coldAssets } = budgetsFor('prune')!;
const prune = profileFor('prune')!;
const allowed = (name: string) => budgets.find((budget) => budget.name === name)!.allowed;

test('prunes have each budget once, and produce that is not known has none', () => {
  expect(budgets.map(({ name }) => name)).toEqual(Object.keys(BUDGETS));
  expect(budgetsFor('gravel')).toBeUndefined();
});

test('a day at 6 °C, which uses up two of them, costs nearly a day of storage life', () => {
  const { ripeningPerDay, storageDays } = qualityModel('prune')!;
  const dayMin = 24 * 60;
  expect(allowed('warm-time')).toBe(dayMin);
  expect(allowed('degree-minutes')).toBe((6 - prune.alarm.highC) * dayMin);
  const costDays = (curveValue(ripeningPerDay, 6) - curveValue(ripeningPerDay, 0)) * storageDays.typical;
  expect(costDays).toBeGreaterThan(0.9);
  expect(costDays).toBeLessThan(1);
});

test('the clocks may run as far as 19 of 20 lots bear', () => {
  expect(allowed('ripening')).toBeCloseTo((100 * 14) / 21, 9);
  expect(allowed('chilling')).toBe(8);
});

test('being warm counts where the rules on pulp say that fruit is to be cold', () => {
  const rule = prune.rules.find(({ name }) => name === 'pulp-high')!;
  expect([...coldAssets].sort()).toEqual([...rule.assets].sort());
});
