import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planOf, twinOf } from '../../simulators/source.ts';
import { truthOf } from '../../simulators/truth/truth.ts';
import { simulateCommand } from '../../src/cli/commands/simulate.ts';
import { refusalOf } from '../harness/refusal.ts';
import { coldtrail } from './coldtrail.ts';

const dir = mkdtempSync(join(tmpdir(), 'coldtrail-simulate-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the options of coldtrail simulate', () => {
  it.each([
    [['--workers', '0', '--format', 'none'], 'It must be a whole number from 1 to 64'],
    [['--workers', '2'], '--workers has no meaning with --format mqtt'],
    [['--workers', '2', '--format', 'none', '--truth', 'x'], '--workers has no meaning with --truth'],
    [['--truth-every', '7m', '--truth', 'x'], 'It must be a multiple of 5m'],
    [['--truth-every', '1h'], '--truth-every has no meaning without --truth'],
    [['--plot', 'chart.gif'], 'It must be a file that ends in .svg'],
    [['--plot-asset', 'x/y'], '--plot-asset has no meaning without --plot'],
    [['--season', '-f', 'tiny'], "'--season' cannot be used with option '-f, --file <scenario>'"],
  ])('%j are refused with a reason', async (args, why) => {
    expect(await refusalOf(simulateCommand(), args)).toContain(why);
  });
});

describe('coldtrail simulate', { timeout: 120_000 }, () => {
  it('--truth writes the truth beside the run, and does not change the run', async () => {
    const truth = join(dir, 'truth');
    const watched = await coldtrail(['simulate', '-f', 'tiny', '--format', 'none', '--truth', truth]);
    expect(watched.stderr).toContain(`wrote the truth into ${truth}`);
    expect(watched.stderr).toMatch(/keeping cold took [\d,]+ L of diesel and [\d,]+ kWh from the grid: [\d.]+ t CO2e/);
    const plain = await coldtrail(['simulate', '-f', 'tiny', '--format', 'none', '--workers', '2']);
    expect(watched.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(watched.stdout).toBe(plain.stdout);
    const source = { scenario: 'tiny' };
    const record = truthOf(planOf(source), twinOf(source));
    const lines = readFileSync(join(truth, 'truth-faults.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(record.faults.map((f) => f.kind));
    expect(record.faults.some((fault) => fault.lossDays > 0)).toBe(true);
  });

  it('--plot draws on stdout and writes an SVG, without a broker and without colour codes', async () => {
    const file = join(dir, 'tiny.svg');
    const { code, stdout, stderr } = await coldtrail(['simulate', '-f', 'tiny', '--plot', file], { LC_ALL: 'C' });
    expect(stderr).toContain(`wrote ${file}`);
    expect(code).toBe(0);
    expect(stdout).toContain('set-point');
    expect(stdout).toContain('unit-failure');
    expect(stdout).not.toContain('\u001b');
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg /);
  });

  it('--plot-asset with a wrong key says which there are', async () => {
    const { code, stderr } = await coldtrail([
      'simulate',
      '-f',
      'tiny',
      '--plot',
      join(dir, 'x.svg'),
      '--plot-asset',
      'a/b',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('UNKNOWN_NAME: no asset is called a/b');
    expect(stderr).toMatch(/assets of this scenario: \S+\/\S+/);
    expect(existsSync(join(dir, 'x.svg'))).toBe(false);
  });

  it('a directory that cannot be made is an error for the user, not a crash', async () => {
    const file = join(dir, 'a-file');
    writeFileSync(file, '');
    const { code, stderr } = await coldtrail([
      'simulate',
      '-f',
      'tiny',
      '--format',
      'none',
      '--truth',
      join(file, 'x'),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('error: cannot write: ENOTDIR');
    expect(stderr).not.toContain('    at ');
  });
});
