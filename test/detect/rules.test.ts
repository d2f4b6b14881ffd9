import { expect, test } from 'vitest';
import { ASSET_KINDS } from '../../src/contract/words.ts';
import { armedRules } from '../../src/detect/compile.ts';
import { type BoundRule, type Reading, type Spell, USABLE } from '../../src/detect/rule.ts';
import { bindRule, listRules } from '../../src/detect/rules/registry.ts';
import { inSpell, KEPT, raisedSpell } from '../../src/detect/spell.ts';
import { listProfiles } from '../../src/produce/profiles.ts';

const DAY_MS = 86_400_000;
const context = { maxGapMs: 900_000 };

test('every rule tells what it does and what each parameter means', () => {
  expect(new Set(listRules().map((rule) => rule.name)).size).toBe(listRules().length);
  for (const rule of listRules()) {
    expect(rule.doc.length).toBeGreaterThan(80);
    const { properties } = rule.params.toJSONSchema() as { properties: Record<string, { description?: string }> };
    for (const [name, schema] of Object.entries(properties)) {
      expect(schema.description, `${rule.name}.${name}`).toMatch(/.{20}/);
    }
  }
});

test('every rule of every shipped profile binds on every asset kind', () => {
  for (const profile of listProfiles()) {
    const names = new Set(ASSET_KINDS.flatMap((kind) => armedRules(profile, kind).map((rule) => rule.name)));
    expect([...names].sort()).toEqual([...new Set(profile.rules.map((rule) => rule.name))].sort());
  }
});

/** Whether a spell is there, and the raised one, after each value, a minute apart. */
function drive(rule: BoundRule, values: readonly number[]): { inSpell: boolean; raised: Spell | null }[] {
  const memory = new Float64Array(KEPT + rule.keeps);
  const reading: Reading = {
    timeMs: 0,
    value: 0,
    lowBeside: Number.NaN,
    highBeside: Number.NaN,
    lookBeside: () => {},
    explained: false,
    verdict: USABLE,
    explainedUntilMs: 0,
  };
  return values.map((value, i) => {
    rule.step(memory, 0, Object.assign(reading, { timeMs: DAY_MS + i * 60_000, value }));
    return { inSpell: inSpell(memory, 0), raised: raisedSpell(memory, 0) };
  });
}

test('defaults fill what a profile leaves out', () => {
  const rule = bindRule('high', { limitC: 4 }, context, 'here');
  expect(rule.limit).toBe(4);
  const [, between, back] = drive(rule, [5, 3.6, 3.5]);
  expect(between).toEqual({ inSpell: true, raised: null });
  expect(back!.inSpell).toBe(false);
});

test('on its way back from a limit, a value is not taken for the worst', () => {
  const params = { lowPct: 80, highPct: 98, hysteresisPct: 2, dwellMs: 0 };
  const rule = bindRule('humidity', params, context, 'here');
  const [damp, lessDamp] = drive(rule, [99.5, 97]);
  expect([damp!.raised!.peak, lessDamp!.raised!.peak]).toEqual([99.5, 99.5]);
  const [dry, lessDry] = drive(rule, [75, 81]);
  expect([dry!.raised!.peak, lessDry!.raised!.peak]).toEqual([75, 75]);
});

test('a clearing line that doubles cannot hit exactly still clears at the reported value', () => {
  // 0.3 − 0.1 = 0.19999999999999998 in doubles; a channel reports 0.2.
  const rule = bindRule('high', { limitC: 0.3, hysteresisC: 0.1 }, context, 'here');
  expect(drive(rule, [1, 0.2])[1]!.inSpell).toBe(false);
});

test('mean kinetic temperature is that of the golden days', () => {
  // domain.md: 23 h at 5 °C + 1 h at 25 °C → 7.76 °C; 12 h at 2 °C + 12 h at 8 °C → 5.54 °C.
  const day = (parts: [hours: number, valueC: number][]) =>
    parts.flatMap(([hours, valueC]) => Array<number>(hours * 60).fill(valueC));
  for (const [parts, mktC] of [
    [
      [
        [23, 5],
        [1, 25],
      ],
      7.76,
    ],
    [
      [
        [12, 2],
        [12, 8],
      ],
      5.54,
    ],
  ] as [[number, number][], number][]) {
    const rule = bindRule('mean-kinetic', { limitC: -60 }, context, 'here');
    const { raised } = drive(rule, day(parts)).at(-1)!;
    expect(raised!.peak).toBeCloseTo(mktC, 1);
  }
});

test('an unknown rule is refused with the known ones', () => {
  expect(() => bindRule('hihg', {}, context, 'profile x, rule y')).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_NAME',
      message: 'profile x, rule y: no rule is called "hihg"',
      hint: expect.stringContaining('high, low'),
    }),
  );
});

test('every wrong parameter is told at once', () => {
  const wrong = () => bindRule('high', { hysteresisC: -1, dwel: 3 }, context, 'profile x, rule y');
  expect(wrong).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  for (const parameter of [/limitC/, /hysteresisC/, /dwel/]) expect(wrong).toThrow(parameter);
});
