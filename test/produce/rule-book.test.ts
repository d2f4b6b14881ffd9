import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ruleSetDigest } from '../../src/detect/rule-set.ts';
import { ruleParams } from '../../src/detect/rules/registry.ts';
import { windowsBeyond } from '../../src/produce/pack/windows.ts';
import { parsePack, shippedPack } from '../../src/produce/packs.ts';
import { listProfiles, produceNamed, profileFor } from '../../src/produce/profiles.ts';
import { type RuleBook, ruleBook, shippedBook } from '../../src/produce/rule-book.ts';
import { packFile, packText } from '../harness/own-pack.ts';
import { tempDir } from '../harness/temp-dir.ts';

function profileFile(): string {
  const file = join(tempDir('profile').path, 'mine.yaml');
  writeFileSync(file, '{ extends: prune, packs: [haccp] }');
  return file;
}

const { limits, packs } = produceNamed('prune')!;
const book = (...entries: string[]): RuleBook => ruleBook(entries, ruleParams());
const rulesOf = (rules: RuleBook) => rules.profileFor('prune')!.rules.map(({ name }) => name);

test('where nothing is configured the shipped profiles judge, each the same object every time', () => {
  const shipped = shippedBook();
  expect(shipped.profiles).toEqual(listProfiles());
  expect(shipped.profileFor('prune')).toBe(shipped.profileFor('prune'));
  expect(shipped.profileFor('gravel')).toBeUndefined();
  expect(shipped.listPacks().every(({ isOwn }) => !isOwn)).toBe(true);
});

test('a pack of a name of its own stands beside the shipped ones, one of theirs in its place', () => {
  const before = profileFor('prune')!.rules.map(({ name }) => name);
  expect(rulesOf(book(packFile('ours')))).toEqual([...before, 'pulp-strict']);
  const watch = shippedPack('watch').rules.map(({ name }) => name);
  const instead = book(packFile('prune-practice'));
  expect(rulesOf(instead)).toEqual([...watch, 'pulp-strict']);
  expect(instead.packsOf('prune').map(({ pack, isOwn }) => [pack.name, isOwn])).toEqual([
    ['watch', false],
    ['prune-practice', true],
  ]);
  expect(instead.listPacks().filter(({ pack }) => pack.name === 'prune-practice')).toMatchObject([{ isOwn: true }]);
});

test('a shipped pack that the profile does not name is put in force by its name', () => {
  expect(
    book('haccp')
      .packsOf('prune')
      .map(({ pack }) => pack.name),
  ).toEqual([...packs, 'haccp']);
});

test('the digest of the rules tells packs apart', () => {
  const digest = (rules: RuleBook) => ruleSetDigest(rules.profiles);
  const warmer = packFile('ours', { params: '{ limitC: 3, hysteresisC: 0.5, dwellMin: 30 }' });
  const digests = [shippedBook(), book(packFile('ours')), book(warmer), book(packFile('prune-practice'))].map(digest);
  expect(new Set(digests).size).toBe(4);
  expect(digest(book(packFile('ours')))).toBe(digests[1]);
});

describe('a pack that does not fit is refused in its place', () => {
  const refusal = (...entries: string[]) => {
    try {
      book(...entries);
    } catch (error) {
      return `${(error as { code: string }).code}: ${(error as Error).message}`;
    }
    return 'taken';
  };

  test('a parameter that the rule does not have', () => {
    const file = packFile('ours', { params: '{ limitC: 2, dwelMin: 30 }' });
    expect(refusal(file)).toMatch(`RULES_INVALID: 1 problem in the rules\n${file}:10:`);
  });

  test('a rule that a shipped pack has too, with what to do', () => {
    const file = packFile('ours', { name: 'pulp-high' });
    expect(refusal(file)).toMatch(`${file}:5:5 rules[0]: two rules named pulp-high on pulp of reefer-truck`);
    expect(refusal(file)).toContain('or this pack prune-practice to replace that one');
    expect(refusal(packFile('prune-practice', { name: 'pulp-high' }))).toBe('taken');
  });

  test('a rule that another pack of one’s own has too, and a pack named twice', () => {
    const [ours, others] = [packFile('ours'), packFile('others')];
    expect(refusal(ours, others)).toMatch(`${others}:5:5 rules[0]: two rules named pulp-strict`);
    expect(refusal(ours, packFile('ours'))).toMatch("CONFIG_INVALID: rules.packs: 'ours' is named twice");
    expect(refusal('haccp', 'haccp')).toMatch("'haccp' is named twice");
  });

  test('neither a shipped pack nor a file, or a file that is not there', () => {
    expect(refusal('hacpp')).toMatch("UNKNOWN_NAME: rules.packs: no pack is called 'hacpp': did you mean 'haccp'?");
    expect(refusal(profileFile())).toMatch(/CONFIG_INVALID: rules.packs: .*mine.yaml holds a profile/);
    expect(refusal('missing.yaml')).toMatch('CONFIG_UNREADABLE: cannot read missing.yaml');
  });
});

describe('windows longer than the store keeps', () => {
  const beyond = (text: string, keptH: number) => {
    const found = (pack: ReturnType<typeof shippedPack>) =>
      windowsBeyond(pack, keptH * 3_600_000, limits, ruleParams());
    try {
      parsePack(text, 'mine.yaml', found);
      return [];
    } catch (error) {
      return (error as Error).message.split('\n').slice(1);
    }
  };
  const mkt = packText('mine', { rule: 'mean-kinetic', params: '{ limitC: alarm.high, windowD: 10 }' });

  test('are told with parameter and place; one as long as it keeps is not', () => {
    expect(beyond(mkt, 240)).toEqual([]);
    expect(beyond(mkt, 48)).toEqual([
      'mine.yaml:10:44 rules[0].params.windowD: pulp-strict looks back on 10 d, and only 2 d are kept',
    ]);
  });

  test('a default counts too; what looks ahead does not', () => {
    const ahead = packText('mine', {
      rule: 'predicted',
      params: '{ limitC: 4, horizonD: 9, halfLifeMin: 30, dwellMin: 30 }',
    });
    expect(beyond(ahead, 1)).toEqual([]);
    const byDefault = packText('mine', { rule: 'predicted', params: '{ limitC: 4, halfLifeMin: 30 }' });
    expect(beyond(byDefault, 0.25)).toEqual([
      'mine.yaml:5:5 rules[0]: pulp-strict looks back on 30 min, the default of dwellMs, and only 15 min are kept',
      'mine.yaml:10:39 rules[0].params.halfLifeMin: pulp-strict looks back on 30 min, and only 15 min are kept',
    ]);
  });
});
