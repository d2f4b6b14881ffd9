import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleParams } from '../../src/detect/rules/registry.ts';
import { checkPack, clashes } from '../../src/produce/pack/check.ts';
import { resolveParams } from '../../src/produce/pack/params.ts';
import { ruleFor } from '../../src/produce/pack/resolve.ts';
import { type Pack, packJsonSchema } from '../../src/produce/pack/schema.ts';
import { listPacks, packNames, parsePack, shippedPack } from '../../src/produce/packs.ts';
import { listProfiles, produceNamed } from '../../src/produce/profiles.ts';

const { limits } = produceNamed('prune')!;
const folds = ruleParams();

describe('the shipped packs', () => {
  test.each(listPacks().map((pack) => [pack.name, pack] as const))('%s fits the folds', (name, pack) => {
    expect(packNames()).toContain(name);
    expect([...checkPack(pack, limits, folds)]).toEqual([]);
  });

  test.each(listPacks().flatMap((pack) => pack.rules.map((rule) => [`${pack.name}: ${rule.name}`, rule] as const)))(
    '%s says who says so, or owns up to what nobody does',
    (_, rule) => {
      if (rule.sources) expect(rule.clause).toBeDefined();
      else if (Object.keys(rule.params).length > 0) expect(rule.estimates).toEqual(Object.keys(rule.params));
      if (rule.unverified) expect(rule.why).toMatch(/unverified|could not be confirmed/);
    },
  );

  test('every source is cited, and no source was invented for a rule', () => {
    for (const { name, sources, rules } of listPacks()) {
      const cited = new Set(rules.flatMap((rule) => rule.sources ?? []));
      expect([...cited].sort(), name).toEqual(Object.keys(sources).sort());
    }
  });

  test('any can stand side by side, but for the two types of one indicator', () => {
    const rules = listPacks().flatMap((pack) => (pack.name === 'who-shipping-2' ? [] : pack.rules));
    expect(clashes(rules, limits)).toEqual([]);
  });

  test('what is at a limit of "at or above" is beyond it', () => {
    const limit = (pack: string, name: string) => shippedPack(pack).rules.find((rule) => rule.name === name)!.params;
    expect(limit('who-shipping-1', 'shipping-45c')['limitC']).toBe(45 - 0.001);
    expect(limit('who-30-day-logger', 'logger-freeze')['limitC']).toBe(-0.5 + 0.001);
  });

  test('the profile of prunes is made of its packs', () => {
    const { packs } = produceNamed('prune')!;
    const [prune] = listProfiles();
    expect(prune!.rules).toEqual(packs.flatMap((name) => shippedPack(name).rules.map((rule) => ruleFor(rule, limits))));
    expect(prune!.rules.find(({ name }) => name === 'pulp-high')).toEqual({
      name: 'pulp-high',
      rule: 'high',
      severity: 'alarm',
      channels: ['pulp'],
      assets: ['reefer-truck', 'rail-reefer-box', 'cold-store', 'forward-warehouse', 'mobile-cold-room'],
      params: { limitC: 4, hysteresisC: 0.5, dwellMs: 3_600_000 },
    });
  });
});

test('the shipped JSON Schema is the one of the code (npm run schema)', () => {
  const file = new URL('../../src/produce/pack.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(packJsonSchema())));
});

test('the example in docs/rules.md is a good pack', () => {
  const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(page)!;
  expect(parsePack(text!, 'docs/rules.md', (pack) => checkPack(pack, limits, folds)).rules).toHaveLength(1);
});

test('a pack that does not exist is refused with the nearest', () => {
  expect(() => shippedPack('hacpp')).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_NAME', message: "no rule pack is called 'hacpp': did you mean 'haccp'?" }),
  );
});

test('a time is the same in any unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 * 86_400 }), (seconds) => {
      const inMs = { dwellMs: seconds * 1000 };
      for (const [param, unitS] of [
        ['dwellS', 1],
        ['dwellMin', 60],
        ['dwellH', 3600],
        ['dwellD', 86_400],
      ] as const) {
        expect(resolveParams({ [param]: seconds / unitS }, limits)).toEqual({ params: inMs, problems: [] });
      }
    }),
  );
});

test('numbers without a unit, and °C × minutes, stay what they are', () => {
  const params = { spikes: 3, confidence: 2.5, budgetCMin: 600, perHourC: 17, jumpC: 3 };
  expect(resolveParams(params, limits)).toEqual({ params, problems: [] });
});

describe('a wrong pack is refused with every problem in its place', () => {
  const head = [
    'name: mine',
    'title: My rules',
    'for: A test.',
    'sources:',
    '  book: { title: A book, evidence: read }',
  ];
  const rule = {
    name: 'warm',
    rule: 'high',
    severity: 'alarm',
    channels: '[pulp]',
    assets: '[all]',
    params: '{ limitC: 4 }',
  };

  /** A pack with rules that differ from a good one; the first begins at line 7, with its params at line 12. */
  const packOf = (...changes: (Partial<typeof rule> & { more?: string })[]) =>
    [
      ...head,
      'rules:',
      ...changes.map(({ more, ...change }) => {
        const lines = Object.entries({ ...rule, ...change }).map(([key, value]) => `    ${key}: ${value}`);
        return [`  -${lines[0]!.slice(3)}`, ...lines.slice(1), ...(more ? [`    ${more}`] : [])].join('\n');
      }),
    ].join('\n');
  const parse = (text: string): Pack => parsePack(text, 'mine.yaml', (pack) => checkPack(pack, limits, folds));
  const problemsOf = (text: string): string[] => {
    try {
      parse(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'RULES_INVALID' });
      return (error as Error).message.split('\n').slice(1);
    }
    return [];
  };

  test('a good one is taken', () => {
    expect(parse(packOf({})).rules[0]!.params).toEqual({ limitC: 4 });
  });

  test.each([
    [
      { params: '{ limitC: 4, dwel: 3 }' },
      "12:32 rules[0].params.dwel: 'high' has no such parameter: it has limitC, hysteresisC, dwellMs",
    ],
    [
      { params: '{ limitC: 4, dwelMin: 3 }' },
      "12:35 rules[0].params.dwelMin: 'high' has no such parameter: did you mean 'dwellMin'?",
    ],
    [
      { params: '{ limitC: 4, dwellC: 3 }' },
      '12:34 rules[0].params.dwellC: the unit does not fit: dwell is a time, write dwellMs, dwellS, dwellMin, dwellH, dwellD',
    ],
    [
      { params: '{ limitMin: 4, limitC: 4 }' },
      '12:25 rules[0].params.limitMin: the unit does not fit: limit is a temperature, write limitC',
    ],
    [
      { params: '{ limitC: 4, dwellMin: 1, dwellH: 1 }' },
      '12:47 rules[0].params.dwellH: says again what dwellMin says',
    ],
    [{ params: '{ limitC: 140 }' }, '12:23 rules[0].params.limitC: must be at most 100'],
    [
      { params: '{ dwellD: 61, limitC: 4 }' },
      '12:23 rules[0].params.dwellD: must be at most 60: no rule looks back on more than 60 d',
    ],
    [
      { params: '{}' },
      "12:13 rules[0].params: limitC is missing: the last normal value, in the channel's unit (°C); beyond it an excursion starts",
    ],
    [
      { params: '{ limitC: alarm.hihg }' },
      "12:23 rules[0].params.limitC: 'alarm.hihg' is no number, and no limit of the produce: did you mean 'alarm.high'?",
    ],
    [
      { params: '{ limitC: 4, dwellMin: alarm.high }' },
      '12:36 rules[0].params.dwellMin: alarm.high is a temperature, and dwellMin is none',
    ],
    [
      { channels: '[humidity]', params: '{ limitC: alarm.high }' },
      '12:23 rules[0].params.limitC: alarm.high is a temperature, and humidity is in %RH',
    ],
    [{ rule: 'physical-range', params: '{ lowC: 8, highC: 2 }' }, '12:13 rules[0].params: lowC must lie below highC'],
    [{ rule: 'hihg' }, "8:11 rules[0].rule: no rule is called 'hihg': did you mean 'high'?"],
    [{ channels: '[plup]' }, '10:16 rules[0].channels[0]: must be one of'],
    [{ assets: '[trucks]' }, '11:14 rules[0].assets[0]: must be one of all, vehicles, stores, reefer-truck'],
    [{ more: 'sources: [boko]' }, "13:15 rules[0].sources[0]: the pack has no source 'boko': did you mean 'book'?"],
    [{ more: 'estimates: [dwellMin]' }, '13:17 rules[0].estimates[0]: the rule gives no dwellMin'],
    [{ more: 'clase: yes' }, "13:5 rules[0].clase: unknown key: did you mean 'clause'?"],
  ])('%j', (change, expected) => {
    const problems = problemsOf(packOf(change));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`mine.yaml:${expected}`);
  });

  test('two rules of one name on the same channel of the same asset', () => {
    const problems = problemsOf(packOf({}, { assets: '[vehicles]' }));
    expect(problems).toEqual(['mine.yaml:13:5 rules[1]: two rules named warm on pulp of reefer-truck']);
    expect(problemsOf(packOf({ assets: '[stores]' }, { assets: '[vehicles]' }))).toEqual([]);
  });

  test('all of them at once, in the order of the file', () => {
    const problems = problemsOf(
      packOf({ rule: 'hihg' }, { name: 'cold', params: '{ limitC: 4, dwel: 1 }' }, { severity: 'bad' }),
    );
    expect(problems.map((problem) => /:(\d+):/.exec(problem)![1])).toEqual(['8', '18', '21']);
  });

  test('a limit that the produce has not', () => {
    const hardy = { ...limits, name: 'hardy', chilling: null };
    const pack = parse(packOf({ params: '{ limitC: chilling.high }' }));
    expect([...checkPack(pack, hardy, folds)]).toEqual([
      { path: ['rules', 0, 'params', 'limitC'], message: 'hardy has no limit chilling.high' },
    ]);
  });
});
