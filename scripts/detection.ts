import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { listScenarios, loadScenario } from '../simulators/scenario/load.ts';
import { BASELINES } from '../src/lab/baselines.ts';
import { loadRuleSet } from '../src/lab/rule-file.ts';
import { runSeeds } from '../src/lab/seed-pool.ts';
import type { SeedRequest } from '../src/lab/seed-worker.ts';
import { type Versus, versus } from '../src/lab/versus.ts';
import { detectionPage } from './docs/detection.ts';

/**
 * Measures and writes docs/detection.md: `npm run docs:detection -- --yardstick 100`. Long, so not part of `npm run docs`.
 * `--seeds` are scored of each scenario, `--yardstick` of season-day, which has the most trips; as many others tune the
 * baselines (20 at most: a sweep is a hundred rule sets); `--scenarios` names some only; `season` takes part where it
 * is named.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    yardstick: { type: 'string', default: '100' },
    scenarios: { type: 'string' },
  },
});
const seeds = countOf('--seeds', values.seeds);
const yardstick = countOf('--yardstick', values.yardstick);

/** The whole harvest takes minutes a seed. */
const SEASON = 'season';
const YARDSTICK = 'season-day';
/** Tuning seeds are not scored, nor the other way round. */
const TUNING_SEEDS_MAX = 20;
const FIRST_TUNING_SEED = 10_001;

const names = values.scenarios?.split(',') ?? listScenarios().flatMap(({ name }) => (name === SEASON ? [] : [name]));
const pack = await loadRuleSet('prune');
const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${option} must be a whole number, 1 or more`);
  return count;
}

async function run(request: SeedRequest, some: readonly number[]) {
  const tallies = await runSeeds(request, some, { workers: availableParallelism() });
  process.stderr.write(`${request.scenario}: ${some.length} seeds, ${request.sets.length} rule sets\n`);
  return tallies;
}

const measured: Versus[] = [];
for (const scenario of names) {
  // Asked before the long work: a name that is wrong is told at once.
  loadScenario(scenario);
  const count = scenario === SEASON ? 1 : scenario === YARDSTICK ? yardstick : seeds;
  const tuneOn = from(FIRST_TUNING_SEED, Math.min(count, TUNING_SEEDS_MAX));
  measured.push(await versus({ scenario, pack, baselines: BASELINES, tuneOn, scoreOn: from(1, count) }, run));
}
const page = detectionPage(pack, measured, `npm run docs:detection -- --seeds ${seeds} --yardstick ${yardstick}`);
writeFileSync(new URL('../docs/detection.md', import.meta.url), page);
