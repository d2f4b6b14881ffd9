import { expect, test } from 'vitest';
import { explain, explainPack } from '../../src/cli/explain/explanation.ts';
import { paramText } from '../../src/cli/explain/param-text.ts';
import { pictureOfRule } from '../../src/cli/explain/picture.ts';
import { renderExplanation } from '../../src/cli/explain/render.ts';
import { listRules } from '../../src/detect/rules/registry.ts';
import { shippedPack } from '../../src/produce/packs.ts';
import { listProfiles, produceNamed } from '../../src/produce/profiles.ts';
import { shippedBook } from '../../src/produce/rule-book.ts';

const { limits } = produceNamed('prune')!;
const book = shippedBook();
const packs = book.listPacks().map(({ pack }) => pack);
const NAMES = [...listRules(), ...packs, ...listProfiles(), ...packs.flatMap((pack) => pack.rules)].map(
  ({ name }) => name,
);

test.each([...new Set(NAMES)])('%s is explained on 100 columns, with nothing left out', (name) => {
  const text = renderExplanation(explain(name, book, limits));
  expect(text.split('\n')[0]).toMatch(new RegExp(`^${name}: `));
  expect(text).not.toMatch(/undefined|null|NaN|\{\w+\}/);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('a rule tells where packs use it, a pack its rules, a rule of a pack its values', () => {
  const rule = explain('mean-kinetic', book, limits);
  expect(rule).toMatchObject({ kind: 'rule', stratum: 'condition', inPacks: [{ pack: 'usp-mkt', name: 'mkt-day' }] });
  const pack = explain('who-pqs-e003', book, limits);
  expect(pack.kind === 'pack' && pack.rules.map(({ name }) => name)).toEqual(['e003-heat', 'e003-freeze', 'e003-door']);
  const chilling = explain('pulp-chilling', book, limits);
  expect(chilling).toMatchObject({
    kind: 'pack-rule',
    rules: [{ unverified: true, sources: [{ name: 'chilling' }], assetWords: ['stores'] }],
  });
  const params = chilling.kind === 'pack-rule' ? chilling.rules[0]!.params : [];
  expect(params.find(({ name }) => name === 'worstC')).toMatchObject({ value: 5, text: '5 °C (chilling.worst)' });
  expect(params.find(({ name }) => name === 'budgetMs')).toMatchObject({
    text: '14 d',
    estimate: true,
    default: 1209600000,
  });
});

test('a profile tells its limits and every rule of its packs', () => {
  const explanation = explain('prune', book, limits);
  expect(explanation).toMatchObject({ kind: 'profile', packs: produceNamed('prune')!.packs, limits });
  const text = renderExplanation(explanation);
  expect(text).toContain('beyond -1.5 to 4 °C someone should act');
  for (const { name } of listProfiles()[0]!.rules) expect(text).toContain(`    ${name} (`);
});

test('what no source gives, and what could not be confirmed, is marked', () => {
  const text = renderExplanation(explain('pulp-chilling', book, limits));
  expect(text).toMatch(/budgetMs +14 d\* /);
  expect(text).toContain('UNVERIFIED');
  expect(text).toContain('* an ESTIMATE');
  expect(renderExplanation(explain('shipping-45c', book, limits))).not.toMatch(/UNVERIFIED|ESTIMATE/);
});

test('a pack of another produce shows its limits', () => {
  const pear = { ...limits, name: 'pear', alarm: { lowC: -2, highC: 6 } };
  expect(explainPack(shippedPack('usp-mkt'), pear)).toMatchObject({
    rules: [{ params: expect.arrayContaining([expect.objectContaining({ text: '6 °C (alarm.high)' })]) }],
  });
});

test('the picture stands below the limit for cold, above for warm; other rules have none', () => {
  const at = (rule: string, word: string) => pictureOfRule(rule).findIndex((line) => line.includes(word));
  expect(at('high', 'limit limitC')).toBeLessThan(at('high', 'clears at'));
  expect(at('low', 'limit limitC')).toBeGreaterThan(at('low', 'clears at'));
  expect(pictureOfRule('stuck')).toEqual([]);
});

test.each([
  ['dwellMs', 5_400_000, [], '90 min'],
  ['budgetMs', 14 * 86_400_000, [], '14 d'],
  ['windowMs', 86_400_000, [], '24 h'],
  ['dwellMs', 0, [], '0'],
  ['limitC', 44.999, ['pulp'], '44.999 °C'],
  ['limitC', 20, ['battery'], '20 %'],
  ['limitPerHourC', 2, ['pulp'], '2 °C/h'],
  ['budgetCMin', 600, ['pulp'], '600 °C·min'],
  ['spikes', 3, ['pulp'], '3'],
])('%s %d of %j is told as %s', (param, value, channels, text) => {
  expect(paramText(param, value, channels)).toBe(text);
});
