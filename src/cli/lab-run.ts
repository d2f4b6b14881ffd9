import { availableParallelism } from 'node:os';
import { Command, Option } from '@commander-js/extra-typings';
import { loadScenario } from '../../simulators/scenario/load.ts';
import { loadRuleSet } from '../lab/rule-file.ts';
import { scorecardOf } from '../lab/scorecard.ts';
import type { SeedRequest } from '../lab/seed-worker.ts';
import { seedsOption, workersOption } from './lab-options.ts';
import { runSeedsShown } from './lab-seeds.ts';
import { renderExplained, renderScorecard } from './lab-tables.ts';

/** `coldtrail lab run`: how right the alarms are. */
export function runCommand() {
  return new Command('run')
    .description('simulate seeds of a scenario, judge them, and score the alarms against the truth')
    .option('-f, --file <scenario>', 'scenario: the name of a shipped one, or a file', 'season-day')
    .addOption(new Option('--season', 'the whole harvest: the same as -f season').conflicts('file'))
    .option('--rules <name|file>', "rules: a profile, packs as watch,haccp, or a file (default: the produce's own)")
    .addOption(seedsOption())
    .addOption(workersOption())
    .option('--explain', 'name the faults that were missed, and the false alarms')
    .option('--json', 'every figure with its interval, as JSON')
    .action(async (options) => {
      const file = options.season ? 'season' : options.file;
      const scenario = loadScenario(file);
      const set = await loadRuleSet(options.rules ?? scenario.produce, scenario.produce);
      const explain = options.explain ?? false;
      const request: SeedRequest = { scenario: file, sets: [set], everyRule: true, explain };
      const workers = options.workers ?? availableParallelism();
      const tallies = await runSeedsShown(request, options.seeds ?? [scenario.seed], workers);
      if (tallies.length === 0) return;
      const card = scorecardOf(file, set, tallies);
      const explained = tallies.flatMap((tally) => tally.explained ?? []);
      if (options.json) {
        process.stdout.write(`${JSON.stringify(explain ? { ...card, explained } : card, null, 2)}\n`);
        return;
      }
      process.stdout.write(renderScorecard(card));
      if (explain) process.stdout.write(renderExplained(explained));
    });
}
