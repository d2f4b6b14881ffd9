import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadRuleSet } from '../../src/lab/rule-file.ts';
import { shippedPack } from '../../src/produce/packs.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { packFile } from '../harness/own-pack.ts';
import { tempDir } from '../harness/temp-dir.ts';

const prune = profileFor('prune')!;
const names = (profile: { rules: readonly { name: string }[] }) => profile.rules.map(({ name }) => name);

async function loaded(text: string) {
  const file = join(tempDir('rules').path, 'mine.yaml');
  writeFileSync(file, text);
  return (await loadRuleSet(file)).profile;
}

async function problemsOf(text: string): Promise<string[]> {
  const error: unknown = await loaded(text).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'RULES_INVALID' });
  return (error as Error).message
    .split('\n')
    .slice(1)
    .map((problem) => problem.replace(/^.*mine\.yaml:/, ''));
}

const RULE =
  '{ name: warm, rule: high, severity: alarm, channels: [pulp], assets: [all], params: { limitC: alarm.high } }';

describe('rules by name', () => {
  test('a profile', async () => {
    expect(await loadRuleSet('prune')).toEqual({ name: 'prune', profile: prune });
  });

  test('a pack, with the limits of the produce', async () => {
    const { name, profile } = await loadRuleSet('haccp');
    expect(name).toBe('haccp');
    expect(profile).toMatchObject({ name: 'haccp', alarm: prune.alarm });
    expect(profile.rules.find((rule) => rule.name === 'action-limit-high')!.params).toMatchObject({ limitC: 4 });
  });

  test('several packs, each once', async () => {
    const { profile } = await loadRuleSet('watch,prune-practice,watch');
    expect(profile.rules).toEqual(prune.rules);
  });

  test('a profile with packs as live use takes them: beside its own, or in their place', async () => {
    const beside = await loadRuleSet(`prune,haccp,${packFile('ours')}`);
    expect(names(beside.profile)).toEqual([...names(prune), ...names(shippedPack('haccp')), 'pulp-strict']);
    const { profile } = await loadRuleSet(`prune,${packFile('prune-practice')}`);
    expect(names(profile)).toEqual([...names(shippedPack('watch')), 'pulp-strict']);
    await expect(loadRuleSet('prune,prune-practice,hacpp')).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
  });

  test('an unknown one is refused with the nearest', async () => {
    await expect(loadRuleSet('watch,hacpp')).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      message: `no profile, pack or file is called "hacpp": did you mean 'haccp'?`,
      hint: expect.stringContaining('usp-mkt'),
    });
    await expect(loadRuleSet('none.yaml')).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
  });
});

describe('rules in a file', () => {
  test('a pack', async () => {
    const profile = await loaded(`{ name: mine, title: Mine, for: A test., rules: [${RULE}] }`);
    expect(profile.rules[0]).toMatchObject({ name: 'warm', params: { limitC: prune.alarm.highC } });
    expect(profile.rules[0]!.assets).toHaveLength(7);
  });

  test('a profile with another limit: its packs follow', async () => {
    const profile = await loaded('extends: prune\nalarm: { lowC: -1.5, highC: 3.5 }\n');
    expect(names(profile)).toEqual(names(prune));
    expect(profile.rules.find(({ name }) => name === 'pulp-high')!.params).toMatchObject({ limitC: 3.5 });
  });

  test('a profile with rules of its own, alone or beside packs', async () => {
    expect(names(await loaded(`{ extends: prune, rules: [${RULE}] }`))).toEqual(['warm']);
    expect(names(await loaded(`{ extends: prune, packs: [usp-mkt], rules: [${RULE}] }`))).toEqual(['mkt-day', 'warm']);
  });

  test('every problem is told in its place', async () => {
    expect(await problemsOf('extends: prne\n')).toEqual([
      "1:10 extends: no profile is called 'prne': did you mean 'prune'?",
    ]);
    expect(await problemsOf('extends: prune\npacks: [watch, hacpp]\n')).toEqual([
      "2:16 packs[1]: no rule pack is called 'hacpp': did you mean 'haccp'?",
    ]);
    expect(await problemsOf('extends: prune\nalarm: { lowC: -5, highC: 4 }\n')).toEqual([
      '1:1 alarm must lie inside critical',
    ]);
    expect(await problemsOf(`extends: prune\nrules:\n  - ${RULE.replace('limitC', 'limitMin')}\n`)).toEqual([
      '3:101 rules[0].params.limitMin: alarm.high is a temperature, and limitMin is none',
    ]);
    expect(await problemsOf(`extends: prune\npacks: [watch]\nrules:\n  - ${RULE}\n  - ${RULE}\n`)).toEqual([
      '5:5 rules[1]: two rules named warm on pulp of reefer-truck',
    ]);
    expect(await problemsOf('extends: prune\npacks: [watch, watch]\n')).toContain(
      '2:8 packs: two rules named sensor-range on pulp of reefer-truck',
    );
  });

  test('a profile that extends none needs all limits', async () => {
    expect(await problemsOf('name: plum\ntarget: { minC: 0, maxC: 1 }\npacks: [watch]\n')).toEqual([
      expect.stringMatching(/^1:1 extends no profile, so that title, alarm, .* must be given$/),
    ]);
  });
});
