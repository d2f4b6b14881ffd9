import { expect, test } from 'vitest';
import { ASSET_KINDS, type AssetKind } from '../../src/contract/words.ts';
import { curveValue } from '../../src/produce/curve.ts';
import { profileSchema } from '../../src/produce/profiles/schema.ts';
import { listProfiles, profileFor } from '../../src/produce/profiles.ts';
import { qualityModel } from '../../src/produce/quality.ts';

const prune = profileFor('prune')!;

test('profiles are found by the name of the produce', () => {
  expect(prune.title).toContain('prune');
  expect(listProfiles().map((p) => p.name)).toEqual(['prune']);
  expect(profileFor('gravel')).toBeUndefined();
});

test('target, alarm, critical and freezing are four different things', () => {
  // The domain's traps: storage at −1 to 0 °C is a target; loading at 3 °C, measured 1 °C wrong, is no alarm.
  expect(prune.target).toEqual({ minC: -1, maxC: 0 });
  expect(prune.alarm.highC).toBeGreaterThanOrEqual(3 + 1);
  expect(prune.alarm.highC).toBeLessThan(prune.critical.highC);
  expect(prune.critical.lowC).toBeLessThan(prune.alarm.lowC);
  expect(prune.alarm.lowC).toBeLessThan(prune.target.minC);
  expect(prune.freezingC).toBeGreaterThanOrEqual(-2);
  expect(prune.freezingC).toBeLessThanOrEqual(-1);
});

test('what detection needs of the handling is in the profile, and agrees with the quality model', () => {
  expect(prune.preCooling).toEqual({ pulpC: -0.5, withinMs: 48 * 3_600_000, stepDown: null });
  // What may be loaded at 3 °C is no alarm, even measured 1 °C too warm.
  expect(prune.alarm.highC).toBe(prune.loadingMaxC + 1);
  const { chillingPerDay, freezingC } = qualityModel('prune')!;
  const { lowC, highC, worstC } = prune.chilling!;
  const speedAt = (tempC: number) => curveValue(chillingPerDay, tempC) / curveValue(chillingPerDay, worstC);
  for (let tempC = -1; tempC <= 15; tempC += 0.5) {
    if (tempC !== worstC) expect(speedAt(tempC)).toBeLessThan(1);
    if (tempC >= lowC && tempC <= highC) expect(speedAt(tempC)).toBeGreaterThan(0.5);
  }
  expect(freezingC.typical).toBe(prune.freezingC);
});

test('fruit on display may be warm for hours, fruit in store may not', () => {
  const limit = (kind: AssetKind) =>
    prune.rules.find((r) => r.assets.includes(kind) && r.channels.includes('pulp') && r.rule === 'high')!.params;
  expect(limit('retail-display')['limitC']).toBeGreaterThan(8);
  for (const kind of ['rail-reefer-box', 'mobile-cold-room', 'cold-store'] as const) {
    expect(limit(kind)).toEqual(limit('reefer-truck'));
  }
});

test('every asset kind is guarded against freezing, and a pre-cooling room may hold warm fruit', () => {
  for (const kind of ASSET_KINDS) {
    const mine = prune.rules.filter((rule) => rule.assets.includes(kind));
    expect(
      mine
        .filter((r) => r.rule === 'freezing' && r.channels.includes('pulp'))
        .map((r) => r.severity)
        .sort(),
    ).toEqual(['alarm', 'critical']);
    expect(mine.some((r) => r.rule === 'high' && r.channels.includes('pulp'))).toBe(kind !== 'pre-cooling-room');
  }
});

test.each([
  ['crossed limits', { ...prune, alarm: { lowC: 4, highC: -1.5 } }, 'lowC must lie below highC'],
  ['target outside alarm', { ...prune, target: { minC: -1, maxC: 5 } }, 'target must lie inside alarm'],
  ['alarm outside critical', { ...prune, alarm: { lowC: -3, highC: 4 } }, 'alarm must lie inside critical'],
  ['a rule twice', { ...prune, rules: [prune.rules[0], prune.rules[0]] }, 'sensor-range on pulp of reefer-truck'],
  ['an unknown channel', { ...prune, rules: [{ ...prune.rules[0], channels: ['colour'] }] }, 'channels'],
  ['a worst chilling temperature outside its zone', { ...prune, chilling: { lowC: 2, highC: 8, worstC: 9 } }, 'worstC'],
  ['an unknown key', { ...prune, colour: 'blue' }, 'colour'],
])('a profile with %s is refused', (_, data, message) => {
  const checked = profileSchema.safeParse(data);
  expect(checked.success).toBe(false);
  expect(JSON.stringify(checked.error?.issues)).toContain(message);
});
