import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listScenarios } from '../../simulators/scenario/load.ts';
import { listRules } from '../../src/detect/rules/registry.ts';
import { listPacks } from '../../src/produce/packs.ts';
import { listProfiles } from '../../src/produce/profiles.ts';
import { packFile } from '../harness/own-pack.ts';
import { tempDir } from '../harness/temp-dir.ts';
import { coldtrail } from './coldtrail.ts';

describe('wrong usage exits with 2, says why on stderr and nothing on stdout', { timeout: 60_000 }, () => {
  test.each([
    // No command, but every object has a property of this name.
    [['constructor'], "unknown command 'constructor'"],
    [['ls', 'trucks'], 'Allowed choices are scenarios, rules, packs, profiles'],
    [['demo', '--port', '70000'], 'It must be a port number'],
    [
      ['demo', '-f', 'no-such-scenario'],
      `scenarios that come with coldtrail: ${listScenarios()
        .map(({ name }) => name)
        .join(', ')}`,
    ],
  ])('%j', async (args, why) => {
    const { code, stdout, stderr } = await coldtrail(args);
    expect(stderr).toContain(why);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

test('--version is the version of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(await coldtrail(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('ls', () => {
  test.each([
    ['rules', listRules().map(({ name, stratum }) => ({ rule: name, stratum }))],
    ['packs', listPacks().map(({ name, title }) => ({ pack: name, title }))],
    ['profiles', listProfiles().flatMap((p) => p.rules.map((rule) => ({ profile: p.name, rule: rule.name })))],
  ])('%s --json prints an object for each', async (what, expected) => {
    const { code, stdout, stderr } = await coldtrail(['ls', what, '--json']);
    expect(JSON.parse(stdout)).toEqual(expected.map((row) => expect.objectContaining(row)));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test.each([
    ['scenarios', listScenarios],
    ['rules', listRules],
    ['packs', listPacks],
  ])('the table of %s fits a terminal of 100 columns and has no colours', async (what, listed) => {
    const { stdout } = await coldtrail(['ls', what], { FORCE_COLOR: '', CI: 'true' });
    for (const { name } of listed()) expect(stdout).toContain(`│ ${name}`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('rules explain', () => {
  test('a rule of a pack, with its picture, clause and source', async () => {
    const { code, stdout, stderr } = await coldtrail(['rules', 'explain', 'pulp-high']);
    expect(stderr).toBe('');
    expect(stdout).toContain('limitC       4 °C (alarm.high)');
    expect(stdout).toContain('--------/--------------------\\--------  clears at 3.5 °C');
    expect(stdout).toContain('[hortgro, en-12830]');
    expect(code).toBe(0);
  });

  test('--json', async () => {
    const { stdout } = await coldtrail(['rules', 'explain', 'usp-mkt', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'pack', rules: [{ rule: 'mean-kinetic', unverified: false }] });
  });

  test('the file of a pack is checked: a problem with line and column', async () => {
    const file = join(tempDir('packs').path, 'mine.yaml');
    const rule = 'rule: high, severity: alarm, channels: [pulp], assets: [all], params: { limitC: alarm.high';
    writeFileSync(file, `name: mine\ntitle: Mine\nfor: A test.\nrules:\n  - { name: warm, ${rule} } }\n`);
    const good = await coldtrail(['rules', 'explain', file]);
    expect(good.stdout).toContain('warm (alarm): high on pulp of all assets');
    writeFileSync(file, `name: mine\ntitle: Mine\nfor: A test.\nrules:\n  - { name: warm, ${rule}, dwellC: 3 } }\n`);
    const { code, stdout, stderr } = await coldtrail(['rules', 'explain', file]);
    expect(stderr).toContain(`RULES_INVALID: 1 problem in the rules\n${file}:5:`);
    expect(stderr).toMatch(/:5:\d+ rules\[0\]\.params\.dwellC: the unit does not fit: dwell is a time/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  }, 60_000);

  test('an unknown name exits with 2 and names the nearest', async () => {
    const { code, stdout, stderr } = await coldtrail(['rules', 'explain', 'pulp-hihg']);
    expect(stderr).toContain("UNKNOWN_NAME: no rule or pack is called 'pulp-hihg': did you mean 'pulp-high'?");
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('packs of one’s own', () => {
  const file = packFile('ours');

  test('ls and rules explain show what the environment puts in force', async () => {
    const env = { COLDTRAIL_RULES_PACKS: `${file},haccp` };
    const [packs, profiles, told] = await Promise.all([
      coldtrail(['ls', 'packs', '--json'], env),
      coldtrail(['ls', 'profiles', '--json'], env),
      coldtrail(['rules', 'explain', 'pulp-strict'], env),
    ]);
    const rows = JSON.parse(packs.stdout) as Record<string, string>[];
    const own = { pack: 'ours', title: 'Rules of ours', rules: '1', watches: 'prune', from: file };
    expect(rows).toContainEqual(own);
    expect(rows.filter(({ watches }) => watches === 'prune').map(({ pack }) => pack)).toEqual([
      'haccp',
      'ours',
      'prune-practice',
      'watch',
    ]);
    expect(profiles.stdout).toContain('"rule": "pulp-strict"');
    expect(told.stdout).toContain('clears at 1.5 °C');
  }, 60_000);

  test('a wrong one is refused by serve and by config validate, with its place, before anything is there', async () => {
    const wrong = packFile('wrong', { params: '{ limitC: 2, dwelMin: 30 }' });
    const data = join(tempDir('refused').path, 'data');
    const answers = await Promise.all([
      coldtrail(['serve', '--data', data, '--packs', wrong]),
      coldtrail(['config', 'validate'], { COLDTRAIL_RULES_PACKS: wrong }),
    ]);
    for (const { code, stderr } of answers) {
      expect(stderr).toContain(`RULES_INVALID: 1 problem in the rules\n${wrong}:10:`);
      expect(code).toBe(2);
    }
    expect(existsSync(data)).toBe(false);
  }, 60_000);
});
