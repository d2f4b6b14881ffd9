import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, describe, expect, test } from 'vitest';
import { diffAlarms } from '../../src/lab/diff.ts';
import { type RuleSet, withParams } from '../../src/lab/engine.ts';
import type { Judged } from '../../src/lab/judging-bench.ts';
import { readLabels, readRecording } from '../../src/lab/recording.ts';
import { replay } from '../../src/lab/replay.ts';
import { loadRuleSet } from '../../src/lab/rule-file.ts';
import { tallyOf } from '../../src/lab/tally.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { breach, HOUR_MS, incident } from './cases.ts';

const dir = mkdtempSync(join(tmpdir(), 'coldtrail-replay-'));
afterAll(() => rmSync(dir, { recursive: true }));

function fileOf(name: string, text: string): string {
  const file = join(dir, name);
  writeFileSync(file, text);
  return file;
}

const prune: RuleSet = { name: 'prune', profile: profileFor('prune')! };
const at = (minute: number) => new Date(Date.parse('2026-08-21T00:00:00Z') + minute * 60_000).toISOString();

/** Six hours at 1 °C, with 7 °C from minute 60 to 240. */
const MINUTES = Array.from({ length: 72 }, (_, i) => 5 * i);
const airAt = (minute: number) => (minute >= 60 && minute < 240 ? 7 : 1);
const CSV = `time,device,air-return,pulp-1\n${MINUTES.map((m) => `${at(m)},a/tu,${airAt(m)},\n`).join('')}`;

async function judge(file: string): Promise<Judged> {
  const [judged] = await replay(await readRecording(file, 'reefer-truck'), [prune]);
  return judged!;
}

describe('recorded data', () => {
  test('CSV and NDJSON, in any order, say the same', async () => {
    const [head, ...lines] = CSV.trimEnd().split('\n');
    const csv = fileOf('turned.csv', [head, ...lines.reverse()].join('\r\n'));
    const ndjson = MINUTES.map((m) =>
      JSON.stringify({ time: Date.parse(at(m)), device: 'a/tu', 'air-return': airAt(m) }),
    );
    const said: Judged[] = [];
    for (const file of [fileOf('r.csv', CSV), csv, fileOf('r.ndjson', ndjson.join('\n'))]) said.push(await judge(file));
    expect(said[0]!.breaches).toMatchObject([
      { rule: 'air-return-high', asset: 'a/tu', raisedMs: Date.parse(at(150)) },
    ]);
    expect(said[1]).toEqual(said[0]);
    expect(said[2]).toEqual(said[0]);
  });

  test('Parquet and the long form say the same as columns by channel', async () => {
    const times = MINUTES.map((m) => new Date(at(m)));
    const file = join(dir, 'r.parquet');
    parquetWriteFile({
      filename: file,
      columnData: [
        { name: 'time', data: times, type: 'TIMESTAMP' },
        { name: 'device', data: times.map(() => 'a/tu'), type: 'STRING' },
        { name: 'air-return', data: MINUTES.map(airAt), type: 'DOUBLE' },
        { name: 'pulp-1', data: MINUTES.map(() => null), type: 'DOUBLE' },
      ],
    });
    const long = MINUTES.map((m) => `${at(m)},a/tu,air-return,${airAt(m)},Cel\n`).join('');
    const said = await judge(fileOf('r.csv', CSV));
    expect(said.breaches.length).toBeGreaterThan(0);
    expect(await judge(file)).toEqual(said);
    expect(await judge(fileOf('long.csv', `time,device,channel,value,unit\n${long}`))).toEqual(said);
  });

  test('what a simulation wrote is read, its events passed over', async () => {
    const event = JSON.stringify({ org: 'a', event: { type: 'ObjectEvent' } });
    const frames = MINUTES.map((m) =>
      JSON.stringify({ device: 'a/tu', time: at(m), seq: m, values: { 'air-return': airAt(m) } }),
    );
    const said = await judge(fileOf('simulated.ndjson', [event, ...frames].join('\n')));
    expect(said).toEqual(await judge(fileOf('r.csv', CSV)));
  });

  test('labels make a score of it', async () => {
    const labels = await readLabels(fileOf('labels.csv', `device,from,to,kind\na/tu,${at(60)},${at(240)},door\n`));
    const said = await judge(fileOf('r.csv', CSV));
    expect(tallyOf(labels, said.breaches, said.armedMs)).toMatchObject({
      harmful: 1,
      harmfulFound: 1,
      falseAlarms: 0,
      delaysMin: [90],
      byKind: { door: { found: 1 } },
    });
  });

  test.each([
    ['no channel', 'time,warmth\n1700000000000,1\n', ':2: "warmth" is no channel'],
    ['no number', 'time,air\n1700000000000,warm\n', ':2: air: "warm" is no number'],
    ['a time without its offset', 'time,air\n2026-08-21T00:00:00,1\n', 'is no time'],
    ['a cell too few', 'time,air\n1700000000000\n', ':2: 1 cells under 2 columns'],
    ['no JSON', '{"time":1700000000000,"air":1}\nair\n', ':2: this is no JSON object'],
    ['another unit', 'time,channel,value,unit\n1700000000000,air,40,Far\n', ':2: air is in Cel, not in Far'],
    ['nothing', '', 'there is nothing in it'],
    ['no reading', 'time,air\n', 'there are no readings in it'],
    ['broken Parquet', 'PAR1 and nothing else', 'cannot read'],
  ])('%s is refused with its line', async (_, text, message) => {
    await expect(readRecording(fileOf('bad', text), 'reefer-truck')).rejects.toThrow(message);
  });

  test('a label that ends before it begins is refused', async () => {
    const file = fileOf('bad', `from,to\n${at(5)},${at(1)}\n`);
    await expect(readLabels(file)).rejects.toThrow('"to" must come after "from"');
  });
});

describe('two rule sets', () => {
  test('what one says and the other does not, and what is said at another time', () => {
    const a = [breach(1, 2), breach(10, 12), breach(20, 21)];
    const b = [breach(5, 6), breach(11, 12), breach(20, 21)];
    const { onlyA, onlyB, moved, same } = diffAlarms(a, b, null);
    expect([onlyA, onlyB].map((only) => only.map(({ alarm }) => alarm.raisedMs / HOUR_MS))).toEqual([[1], [5]]);
    expect(moved.map(({ laterMs }) => laterMs)).toEqual([HOUR_MS]);
    expect(same).toBe(1);
  });

  test('where the truth is known, which of them were false', () => {
    const { onlyA, onlyB } = diffAlarms([breach(1, 2)], [breach(11, 12)], [incident()]);
    expect([onlyA[0]!.isFalse, onlyB[0]!.isFalse]).toEqual([true, false]);
    expect(diffAlarms([breach(1, 2)], [], null).onlyA[0]!.isFalse).toBeNull();
  });
});

describe('rule sets', () => {
  test('a file may say only what is different', async () => {
    const file = fileOf('rules.yaml', 'extends: prune\nmaxGapMs: 600000\n');
    const { profile } = await loadRuleSet(file);
    expect(profile).toEqual({ ...prune.profile, maxGapMs: 600000 });
  });

  test('mistakes are told with their place', async () => {
    const file = fileOf('wrong.yaml', 'extends: prune\nmaxGap: 600000\n');
    await expect(loadRuleSet(file)).rejects.toThrow(`${file}:2:1 maxGap: unknown key`);
    await expect(loadRuleSet('pruen')).rejects.toThrow('no profile, pack or file is called "pruen"');
  });

  test('a parameter may be named by the fold, for all its rules, and a time in any unit', () => {
    const changed = withParams(
      prune,
      new Map([
        ['high.limitC', 3],
        ['pulp-high.dwellMin', 45],
      ]),
    );
    for (const [i, rule] of changed.profile.rules.entries()) {
      const before = prune.profile.rules[i]!;
      const limitC = rule.rule === 'high' ? 3 : before.params['limitC'];
      const dwellMs = rule.name === 'pulp-high' ? 45 * 60_000 : before.params['dwellMs'];
      expect(rule.params).toEqual({
        ...before.params,
        ...(limitC === undefined ? {} : { limitC }),
        ...(dwellMs === undefined ? {} : { dwellMs }),
      });
    }
  });

  test('parameters that a rule does not have are refused', () => {
    expect(() => withParams(prune, new Map([['pulp-high.limit', 3]]))).toThrow('pulp-high');
    expect(() => withParams(prune, new Map([['pulp-hihg.limitC', 3]]))).toThrow('no rule "pulp-hihg"');
  });
});
