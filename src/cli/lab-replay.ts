import { availableParallelism } from 'node:os';
import { Command, Option } from '@commander-js/extra-typings';
import { loadScenario } from '../../simulators/scenario/load.ts';
import { type AlarmDiff, diffAlarms, type JudgedAlarm } from '../lab/diff.ts';
import { ruleNames } from '../lab/engine.ts';
import { type Alarm, alarmsOf } from '../lab/match.ts';
import { readLabels } from '../lab/recording.ts';
import { replay } from '../lab/replay.ts';
import { loadRuleSet } from '../lab/rule-file.ts';
import { scorecardOf } from '../lab/scorecard.ts';
import { tallySeed } from '../lab/seed-tally.ts';
import { configOption, dataOption, kindOption, withRecorded } from './lab-data.ts';
import { seedsOption, workersOption } from './lab-options.ts';
import { runSeedsShown } from './lab-seeds.ts';
import { renderScorecard } from './lab-tables.ts';

/** `coldtrail lab replay`: what the rules say of recorded data, and how right that is where labels are given. */
export function replayCommand() {
  const command = new Command('replay')
    .description('let the rules judge recorded data; with labels, score them')
    .addOption(dataOption())
    .addOption(configOption())
    .option('--labels <file>', 'CSV, NDJSON or Parquet: asset or device, from, to, kind of what truly went wrong')
    .option('--rules <name|file>', 'a profile, packs as watch,haccp, or a file', 'prune')
    .addOption(kindOption())
    .option('--json', 'breaches and score as JSON');
  return command.action(async (options) => {
    if (options.data === undefined && options.config === undefined) {
      command.error('error: --data says what is to be judged: a file, or a data directory');
    }
    const set = await loadRuleSet(options.rules);
    const [judged] = await withRecorded(options, (recorded) => replay(recorded, [set]));
    const alarms = alarmsOf(judged!.breaches);
    const incidents = options.labels === undefined ? null : await readLabels(options.labels);
    const run = { seed: 0, readings: 0, incidents: incidents ?? [], judged: [judged!] };
    const name = options.data ?? options.config!;
    const card = incidents && { ...scorecardOf(name, set, [tallySeed(run, [set], { everyRule: true })]), seeds: [] };
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ breaches: judged!.breaches, score: card }, null, 2)}\n`);
      return;
    }
    process.stdout.write(alarms.map((alarm) => `${alarmText(alarm)}\n`).join(''));
    process.stdout.write(card ? renderScorecard(card) : `${alarms.length} alarms of ${ruleNames(set).length} rules\n`);
  });
}

/** `coldtrail lab diff A B`: what two rule sets say differently, of recorded data or of simulated seeds. */
export function diffCommand() {
  return new Command('diff')
    .description('what two rule sets say differently, of recorded data or of seeds of a scenario')
    .argument('<a>', 'rules: a profile, packs as watch,haccp, or a file')
    .argument('<b>', 'the others')
    .addOption(dataOption().conflicts(['file', 'seeds']))
    .addOption(configOption().conflicts(['file', 'seeds']))
    .addOption(kindOption())
    .addOption(new Option('-f, --file <scenario>', 'scenario: the name of a shipped one, or a file'))
    .addOption(seedsOption())
    .addOption(workersOption())
    .option('--json', 'as JSON')
    .action(async (a, b, options) => {
      const sets = [await loadRuleSet(a), await loadRuleSet(b)] as const;
      const isRecorded = options.data !== undefined || options.config !== undefined;
      const diffs = isRecorded
        ? await withRecorded(options, async (recorded) => {
            const [saidA, saidB] = await replay(recorded, sets);
            return [{ seed: null, ...diffAlarms(saidA!.breaches, saidB!.breaches, null) }];
          })
        : await diffOfSeeds(options.file ?? 'season-day', sets, options.seeds, options.workers);
      if (options.json) process.stdout.write(`${JSON.stringify(diffs, null, 2)}\n`);
      else process.stdout.write(diffs.map((diff) => diffText(a, b, diff)).join(''));
    });
}

type SeedDiff = AlarmDiff & { readonly seed: number | null };

async function diffOfSeeds(
  file: string,
  sets: Parameters<typeof runSeedsShown>[0]['sets'],
  seeds: readonly number[] | undefined,
  workers: number | undefined,
): Promise<SeedDiff[]> {
  const request = { scenario: file, sets, everyRule: false, diff: true };
  const wanted = seeds ?? [loadScenario(file).seed];
  const tallies = await runSeedsShown(request, wanted, workers ?? availableParallelism());
  return tallies.map(({ seed, diff }) => ({ seed, ...diff! }));
}

function diffText(a: string, b: string, { seed, onlyA, onlyB, moved, same }: SeedDiff): string {
  const lines = [
    ...onlyA.map((judged) => `- only ${a}: ${judgedText(judged)}`),
    ...onlyB.map((judged) => `+ only ${b}: ${judgedText(judged)}`),
    ...moved.map((both) => `~ ${minutesText(both.laterMs)} with ${b}: ${alarmText(both.a)}`),
    `${seed === null ? '' : `seed ${seed}: `}${same} alarms are the same`,
  ];
  return `${lines.join('\n')}\n`;
}

function judgedText({ alarm, isFalse }: JudgedAlarm): string {
  return `${alarmText(alarm)}${isFalse === null ? '' : isFalse ? ' (false)' : ' (right)'}`;
}

function alarmText({ asset, raisedMs, endMs, breaches }: Alarm): string {
  const rules = [...new Set(breaches.map(({ rule }) => rule))].join(', ');
  const end = Number.isFinite(endMs) ? new Date(endMs).toISOString() : 'open';
  return `${new Date(raisedMs).toISOString()} – ${end} ${asset} ${rules}`;
}

const minutesText = (ms: number) => `${Math.abs(Math.round(ms / 60_000))} min ${ms > 0 ? 'later' : 'earlier'}`;
