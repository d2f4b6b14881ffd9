import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { afterAll, describe, expect, it } from 'vitest';
import { labCommand } from '../../src/cli/commands/lab.ts';
import { refusalOf } from '../harness/refusal.ts';
import { coldtrail } from './coldtrail.ts';

const dir = mkdtempSync(join(tmpdir(), 'coldtrail-lab-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const fileOf = (name: string, text: string) => {
  const file = join(dir, name);
  writeFileSync(file, text);
  return file;
};

/** Six hours at 1 °C, with 12 °C for three of them. */
const START_MS = Date.parse('2026-08-21T00:00:00Z');
const at = (minute: number) => new Date(START_MS + minute * 60_000).toISOString();
const warm = Array.from({ length: 72 }, (_, i) => `${at(5 * i)},${i >= 12 && i < 48 ? 12 : 1}`);
const data = fileOf('truck.csv', `time,air-return\n${warm.join('\n')}\n`);
const gentle = fileOf(
  'gentle.yaml',
  `extends: prune
rules:
  - { name: hot, rule: high, severity: alarm, channels: [pulp], assets: [all], params: { limitC: 60 } }
`,
);

/** One of the lab's commands, in this process. */
const commandOf = (name: string) => labCommand().commands.find((sub) => sub.name() === name) as unknown as Command;

describe('the options of coldtrail lab', () => {
  it.each([
    [['run', '--seeds', '5..1'], 'It must be a list of whole numbers'],
    [['run', '--season', '-f', 'tiny'], "'--season' cannot be used with option '-f, --file <scenario>'"],
    [['run', '--workers', '0'], 'It must be a whole number from 1 to 64'],
    [['sweep'], "required option '--param <spec>' not specified"],
    [['sweep', '--param', 'x.limitC=5..1/1'], 'It must be rule.parameter=from..to/step'],
    [['sweep', '--param', 'x.limitC=1', '--param', 'x.limitC=2'], 'x.limitC is given twice'],
    [['sweep', '--param', 'x.limitC=1', '--random', '0'], 'It must be a whole number, 1 or more'],
    [['sweep', '--param', 'x.limitC=1', '--recall', '2'], 'It must be from 0 to 1'],
    [['sweep', '--param', 'x.limitC=1', '--svg', 'chart.png'], 'It must be a file that ends in .svg'],
    [['replay'], '--data says what is to be judged'],
    [['replay', '--data', 'x', '--asset-kind', 'ship'], 'Allowed choices are'],
    [['diff', 'prune'], "missing required argument 'b'"],
    [['diff', 'prune', 'prune', '--data', 'x', '--seeds', '1'], "cannot be used with option '--seeds <list>'"],
  ])('%j are refused with a reason', async (args, why) => {
    const [name, ...rest] = args;
    expect(await refusalOf(commandOf(name!), rest)).toContain(why);
  });
});

describe('what is wrong with rules and data is told', () => {
  it.each([
    [['run', '-f', 'no-such'], 'cannot read scenario'],
    [['run', '-f', 'tiny', '--rules', 'no-such'], 'no profile, pack or file is called "no-such"'],
    [['sweep', '-f', 'tiny', '--param', 'no-such.limitC=1'], 'has no rule "no-such"'],
    [['replay', '--data', join(dir, 'missing.csv')], 'cannot read'],
    [['replay', '--data', fileOf('bad.csv', 'time,warmth\n1,2\n')], 'bad.csv:2: "warmth" is no channel'],
    [['replay', '--data', dir], 'ledger.db'],
    [['diff', 'prune', fileOf('bad.yaml', 'extends: prune\nmaxGap: 1\n'), '--data', data], 'bad.yaml:2:'],
  ])('%j', async (args, why) => {
    const [name, ...rest] = args;
    await expect(commandOf(name!).parseAsync(rest, { from: 'user' })).rejects.toThrow(why);
  });
});

describe('coldtrail lab', { timeout: 240_000 }, () => {
  it('run scores a scenario, and names what was missed and what was false', async () => {
    const { code, stdout, stderr } = await coldtrail(['lab', 'run', '-f', 'tiny', '--seeds', '1,2', '--explain']);
    expect(stderr).toMatch(/[\d,]+ readings in [\d.]+ s/);
    expect(code).toBe(0);
    expect(stdout).toContain('tiny · rules prune · 2 seeds');
    expect(stdout).toContain('No harmful fault was missed.');
    const json = await coldtrail(['lab', 'run', '-f', 'sensor-drift', '--rules', gentle, '--explain', '--json']);
    const card = JSON.parse(json.stdout) as { explained: { missed: { kind: string }[] }[] };
    expect(card).toMatchObject({ seeds: [63], pack: { recall: { value: 0, low: 0, high: expect.any(Number) } } });
    expect(card.explained[0]!.missed.map(({ kind }) => kind).sort()).toEqual(['unit-failure', 'warm-loading']);
  });

  it('sweep writes a table of all points and draws them; --resume does not simulate again', async () => {
    const [svg, finished] = [join(dir, 'sweep.svg'), join(dir, 'finished.ndjson')];
    const grid = ['--param', 'air-return-high.limitC=3,9', '--param', 'air-return-high.dwellMs=0,3600000'];
    const sweep = ['lab', 'sweep', '-f', 'tiny', '--seeds', '1,2', '--resume', finished, '--against', 'harm', ...grid];
    const first = await coldtrail([...sweep, '--format', 'csv', '--svg', svg]);
    const [head, ...rows] = first.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^air-return-high\.limitC,air-return-high\.dwellMs,recall,precision,/);
    expect(rows.map((row) => row.split(',').slice(0, 2).join(' '))).toEqual(['3 0', '3 3600000', '9 0', '9 3600000']);
    expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([head!.split(',').length]));
    const drawn = readFileSync(svg, 'utf8');
    expect(drawn).toMatch(/^<svg [^>]+>[\s\S]+<\/svg>\n$/);
    expect(drawn.match(/<circle /g)?.length).toBe(rows.length);
    const again = await coldtrail([...sweep, '--format', 'json', '--recommend']);
    expect(again.stderr).toContain('0 readings');
    const told = JSON.parse(again.stdout) as { points: { params: object }[]; recommended: { why: string } };
    expect(told.points).toHaveLength(4);
    expect(told.recommended.why).toContain('of the harmful faults');
  });

  it('sweep --random draws some of the grid, the same each time', async () => {
    const args = ['lab', 'sweep', '-f', 'tiny', '--param', 'air-return-high.limitC=0..10/0.5', '--random', '3'];
    const [one, two] = await Promise.all([
      coldtrail([...args, '--format', 'csv']),
      coldtrail([...args, '--format', 'csv']),
    ]);
    expect(one.stdout.trimEnd().split('\n')).toHaveLength(4);
    expect(two.stdout).toBe(one.stdout);
  });

  it('replay judges a file, and scores it with labels', async () => {
    const labels = fileOf('labels.csv', `from,to,kind\n${at(60)},${at(240)},door\n`);
    const { code, stdout } = await coldtrail(['lab', 'replay', '--data', data, '--labels', labels]);
    expect(code).toBe(0);
    expect(stdout).toContain('recorded/device');
    expect(stdout).toMatch(/door +│ 1 +│ 1 /);
  });

  it('diff says what two rule sets say differently, of a file and of seeds', async () => {
    const recorded = await coldtrail(['lab', 'diff', 'prune', gentle, '--data', data]);
    expect(recorded.stdout).toContain('- only prune: ');
    expect(recorded.stdout).toContain('0 alarms are the same');
    const seeds = await coldtrail(['lab', 'diff', 'prune', gentle, '-f', 'tiny', '--seeds', '1,2', '--json']);
    const diffs = JSON.parse(seeds.stdout) as { seed: number; onlyA: { isFalse: boolean }[]; onlyB: unknown[] }[];
    expect(diffs.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(diffs.flatMap(({ onlyA }) => onlyA).length).toBeGreaterThan(0);
    expect(diffs.flatMap(({ onlyB }) => onlyB)).toEqual([]);
  });
});
