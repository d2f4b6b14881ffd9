import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { loadScenario } from '../../../simulators/scenario/load.ts';
import { loadRuleSet } from '../../lab/rule-file.ts';
import { scorecardOf } from '../../lab/scorecard.ts';
import { runSeeds } from '../../lab/seed-pool.ts';
import type { SeedTally } from '../../lab/seed-tally.ts';
import type { SeedRequest } from '../../lab/seed-worker.ts';
import { parseSeeds } from '../../lab/seeds.ts';
import { monotonicMs } from '../../lib/clock.ts';
import { renderScorecard } from '../lab-tables.ts';
import { workersOf } from '../simulate-options.ts';
import { shareText } from '../simulation-progress.ts';
import { StatusLine } from '../status-line.ts';
import { stopSignal } from '../stop-signal.ts';

/** `coldtrail lab`: tries rules on simulated seasons, whose truth is known, and on recorded data. */
export function labCommand(): Command {
  return new Command('lab')
    .description('try rules before a harvest is bet on them')
    .addCommand(runCommand() as unknown as Command);
}

function runCommand() {
  return new Command('run')
    .description('simulate seeds of a scenario, judge them, and score the alarms against the truth')
    .option('-f, --file <scenario>', 'scenario: the name of a shipped one, or a file', 'season-day')
    .option('--rules <name|file>', "rules: a shipped profile, or a file (default: the produce's own)")
    .option('--seeds <list>', 'such as 1..100 or 1,2,7', seedsOf, [1])
    .option('--workers <n>', 'threads (default: one for each core)', workersOf)
    .option('--json', 'every figure with its interval, as JSON')
    .action(async (options) => {
      const set = await loadRuleSet(options.rules ?? loadScenario(options.file).produce);
      const request: SeedRequest = { scenario: options.file, sets: [set], everyRule: true };
      const tallies = await runShown(request, options.seeds, options.workers ?? availableParallelism());
      if (tallies.length === 0) return;
      const card = scorecardOf(options.file, set, tallies);
      process.stdout.write(options.json ? `${JSON.stringify(card, null, 2)}\n` : renderScorecard(card));
    });
}

function seedsOf(text: string): number[] {
  const seeds = parseSeeds(text);
  if (!seeds) throw new InvalidArgumentError('It must be a list of whole numbers, such as 1..100 or 1,2,7.');
  return seeds;
}

/** Runs seeds with progress on stderr. Ctrl-C ends it with the seeds that were done. */
async function runShown(
  request: SeedRequest,
  seeds: readonly number[],
  workers: number,
  onSeed?: (tally: SeedTally) => void,
): Promise<SeedTally[]> {
  const stop = stopSignal();
  const status = new StatusLine(process.stderr);
  const beganMs = monotonicMs();
  const what = `${request.scenario}, ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
  try {
    // Threads take a while to start: what is left is judged from their first word on.
    let heardMs: number | undefined;
    const onProgress = (share: number) => {
      heardMs ??= monotonicMs();
      status.show(shareText(what, share, monotonicMs() - heardMs));
    };
    const tallies = await runSeeds(request, seeds, { workers, signal: stop.signal, onProgress, onSeed });
    status.end();
    if (stop.signal.aborted) process.stderr.write(`stopped: ${tallies.length} of ${seeds.length} seeds were done\n`);
    const readings = tallies.reduce((sum, tally) => sum + tally.readings, 0);
    const seconds = (monotonicMs() - beganMs) / 1000;
    const rate = Math.round(readings / seconds).toLocaleString('en-US');
    process.stderr.write(
      `${readings.toLocaleString('en-US')} readings in ${seconds.toFixed(1)} s, ${rate} readings/s\n`,
    );
    return tallies;
  } finally {
    status.end();
    stop.release();
  }
}
