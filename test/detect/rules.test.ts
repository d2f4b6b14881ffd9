import { expect, test } from 'vitest';
import { ASSET_KINDS } from '../../src/contract/words.ts';
import { armedRules } from '../../src/detect/compile.ts';
import { bindRule, listRules } from '../../src/detect/rules/registry.ts';
import { listProfiles } from '../../src/produce/profiles.ts';

const context = { maxGapMs: 900_000 };

test('every rule tells what it does and what each parameter means', () => {
  expect(listRules().map((rule) => rule.name)).toEqual(['high', 'low']);
  for (const rule of listRules()) {
    expect(rule.doc.length).toBeGreaterThan(40);
    const json = JSON.stringify(rule.params.toJSONSchema());
    expect(json).toContain('hysteresisC');
    expect(json.match(/"description"/g)).toHaveLength(3);
  }
});

test('every rule of every shipped profile binds on every asset kind', () => {
  for (const profile of listProfiles()) {
    const names = new Set(ASSET_KINDS.flatMap((kind) => armedRules(profile, kind).map((rule) => rule.name)));
    expect([...names].sort()).toEqual([...new Set(profile.rules.map((rule) => rule.name))].sort());
  }
});

test('defaults fill what a profile leaves out', () => {
  const rule = bindRule('high', { limitC: 4 }, context, 'here');
  expect(rule.limitC).toBe(4);
  const pending = rule.step(null, 0, 5);
  expect(rule.step(pending, 10, 3.6)).not.toBeNull();
  expect(rule.step(pending, 10, 3.5)).toBeNull();
});

test('a clearing line that doubles cannot hit exactly still clears at the reported value', () => {
  // 0.3 − 0.1 = 0.19999999999999998 in doubles; a channel reports 0.2.
  const rule = bindRule('high', { limitC: 0.3, hysteresisC: 0.1 }, context, 'here');
  expect(rule.step(rule.step(null, 0, 1), 10, 0.2)).toBeNull();
});

test('a step leaves its input alone and returns it where nothing changed', () => {
  const rule = bindRule('low', { limitC: -1, dwellMs: 0 }, context, 'here');
  expect(rule.step(null, 0, 0)).toBeNull();
  const raised = Object.freeze(rule.step(null, 0, -2)!);
  expect(rule.step(raised, 10, -1.5)).toBe(raised);
  expect(rule.step(raised, 10, -3)).toMatchObject({ startMs: 0, raisedMs: 0, peakC: -3, peakMs: 10 });
  expect(raised.peakC).toBe(-2);
});

test('an unknown rule is refused with the known ones', () => {
  expect(() => bindRule('hihg', {}, context, 'profile x, rule y')).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_NAME',
      message: 'profile x, rule y: no rule is called "hihg"',
      hint: 'Known rules: high, low',
    }),
  );
});

test('every wrong parameter is told at once', () => {
  const wrong = () => bindRule('high', { hysteresisC: -1, dwel: 3 }, context, 'profile x, rule y');
  expect(wrong).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  for (const parameter of [/limitC/, /hysteresisC/, /dwel/]) expect(wrong).toThrow(parameter);
});
