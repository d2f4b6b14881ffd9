import { Command, Option } from '@commander-js/extra-typings';
import { ASSET_KINDS } from '../contract/words.ts';
import { diffAlarms } from '../lab/diff.ts';
import { ruleNames } from '../lab/engine.ts';
import { type Alarm, alarmsOf } from '../lab/match.ts';
import { readLabels, readRecording } from '../lab/recording.ts';
import { replay } from '../lab/replay.ts';
import { loadRuleSet } from '../lab/rule-file.ts';
import { scorecardOf } from '../lab/scorecard.ts';
import { tallySeed } from '../lab/seed-tally.ts';
import { renderScorecard } from './lab-tables.ts';

const kindOption = () =>
  new Option('--asset-kind <kind>', 'what the devices were on').choices(ASSET_KINDS).default(ASSET_KINDS[0]);

/** `coldtrail lab replay`: what the rules say of recorded data, and how right that is where labels are given. */
export function replayCommand() {
  return new Command('replay')
    .description('let the rules judge recorded data; with labels, score them')
    .requiredOption('--data <file>', 'CSV or NDJSON: time, device, and a column for each channel')
    .option('--labels <file>', 'CSV or NDJSON: device, from, to, kind of what truly went wrong')
    .option('--rules <name|file>', 'a shipped profile, or a file', 'prune')
    .addOption(kindOption())
    .option('--json', 'breaches and score as JSON')
    .action(async (options) => {
      const set = await loadRuleSet(options.rules);
      const [judged] = replay(readRecording(options.data), [set], options.assetKind);
      const alarms = alarmsOf(judged!.breaches);
      const incidents = options.labels === undefined ? null : readLabels(options.labels);
      const run = { seed: 0, readings: 0, incidents: incidents ?? [], judged: [judged!] };
      const card = incidents && { ...scorecardOf(options.data, set, [tallySeed(run, [set], true)]), seeds: [] };
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ breaches: judged!.breaches, score: card }, null, 2)}\n`);
        return;
      }
      process.stdout.write(alarms.map((alarm) => `${alarmText(alarm)}\n`).join(''));
      process.stdout.write(
        card ? renderScorecard(card) : `${alarms.length} alarms of ${ruleNames(set).length} rules\n`,
      );
    });
}

/** `coldtrail lab diff A B`: what two rule sets say differently of recorded data. */
export function diffCommand() {
  return new Command('diff')
    .description('what two rule sets say differently of recorded data')
    .argument('<a>', 'rules: a shipped profile, or a file')
    .argument('<b>', 'the others')
    .requiredOption('--data <file>', 'CSV or NDJSON: time, device, and a column for each channel')
    .addOption(kindOption())
    .option('--json', 'as JSON')
    .action(async (a, b, options) => {
      const sets = [await loadRuleSet(a), await loadRuleSet(b)];
      const [saidA, saidB] = replay(readRecording(options.data), sets, options.assetKind);
      const diff = diffAlarms(saidA!.breaches, saidB!.breaches);
      if (options.json) {
        process.stdout.write(`${JSON.stringify(diff, null, 2)}\n`);
        return;
      }
      const lines = [
        ...diff.onlyA.map((alarm) => `- only ${a}: ${alarmText(alarm)}`),
        ...diff.onlyB.map((alarm) => `+ only ${b}: ${alarmText(alarm)}`),
        ...diff.moved.map((both) => `~ ${minutesText(both.laterMs)} with ${b}: ${alarmText(both.a)}`),
        `${diff.same} alarms are the same`,
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}

function alarmText({ asset, raisedMs, endMs, breaches }: Alarm): string {
  const rules = [...new Set(breaches.map(({ rule }) => rule))].join(', ');
  const end = Number.isFinite(endMs) ? new Date(endMs).toISOString() : 'open';
  return `${new Date(raisedMs).toISOString()} – ${end} ${asset} ${rules}`;
}

const minutesText = (ms: number) => `${Math.abs(Math.round(ms / 60_000))} min ${ms > 0 ? 'later' : 'earlier'}`;
