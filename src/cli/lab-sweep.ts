import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, Option } from '@commander-js/extra-typings';
import { loadScenario } from '../../simulators/scenario/load.ts';
import { withParams } from '../lab/engine.ts';
import { loadRuleSet } from '../lab/rule-file.ts';
import type { SeedRequest } from '../lab/seed-worker.ts';
import { sweepChart } from '../lab/sweep/chart.ts';
import { sweepCsv } from '../lab/sweep/csv.ts';
import { FinishedSeeds } from '../lab/sweep/finished.ts';
import { AGAINST, recommend, scorePoints } from '../lab/sweep/front.ts';
import { gridOf, gridSize, POINTS_MAX, randomPoints } from '../lab/sweep/space.ts';
import { countOf, paramsOf, seedsOption, shareOf, workersOption } from './lab-options.ts';
import { runSeedsShown } from './lab-seeds.ts';
import { renderSweep } from './lab-tables.ts';
import { svgFileOf } from './simulate-options.ts';

/** `coldtrail lab sweep`: what many values of rule parameters cost. */
export function sweepCommand() {
  const command = new Command('sweep')
    .description('try many values of rule parameters on the same seeds')
    .option('-f, --file <scenario>', 'scenario: the name of a shipped one, or a file', 'season-day')
    .option('--rules <name|file>', "rules: a profile, packs as watch,haccp, or a file (default: the produce's own)")
    .addOption(seedsOption())
    .addOption(workersOption())
    .requiredOption('--param <spec>', 'pulp-high.limitC=0.5..6/0.25 or =1,2,4; may be given several times', paramsOf)
    .option('--random <n>', 'only so many points, drawn from the grid', countOf)
    .addOption(new Option('--against <cost>', 'weighed against false alarms').choices(AGAINST).default(AGAINST[0]))
    .addOption(
      new Option('--format <name>', 'on stdout').choices(['text', 'csv', 'json'] as const).default('text' as const),
    )
    .option('--svg <file.svg>', 'draw all points', svgFileOf)
    .option('--resume <file>', 'keep finished seeds in this file, and go on from it')
    .option('--recommend', 'say which point to take, why, and what it costs')
    .option('--recall <share>', 'what the recommended point must find', shareOf, 0.98);
  return command.action(async (options) => {
    const scenario = loadScenario(options.file);
    const base = await loadRuleSet(options.rules ?? scenario.produce, scenario.produce);
    const seeds = options.seeds ?? [scenario.seed];
    const { param: params, against } = options;
    if (options.random === undefined && gridSize(params) > POINTS_MAX) {
      command.error(`error: the grid has ${gridSize(params)} points, ${POINTS_MAX} at most; --random draws some of it`);
    }
    const drawn = Math.min(options.random ?? POINTS_MAX, POINTS_MAX);
    const points = options.random === undefined ? gridOf(params) : randomPoints(params, drawn, 1);
    const sets = points.map((point) => withParams(base, point));
    const request: SeedRequest = { scenario: options.file, sets, everyRule: false };
    const finished = options.resume === undefined ? undefined : new FinishedSeeds(options.resume, request);
    const before = (finished?.read() ?? []).filter(({ seed }) => seeds.includes(seed));
    const left = seeds.filter((seed) => !before.some((tally) => tally.seed === seed));
    const workers = options.workers ?? availableParallelism();
    const added = await runSeedsShown(request, left, workers, (tally) => finished?.add(tally));
    const tallies = [...before, ...added].sort((a, b) => a.seed - b.seed);
    if (tallies.length === 0) return;
    const scores = scorePoints(points, tallies, against);
    const advice = options.recommend ? recommend(scores, against, options.recall) : undefined;
    if (options.svg) writeFileSync(options.svg, sweepChart(scores, against));
    if (options.format === 'csv') process.stdout.write(sweepCsv(scores));
    else if (options.format === 'json') {
      const told = { scenario: options.file, rules: base.name, seeds: tallies.map(({ seed }) => seed), against };
      process.stdout.write(`${JSON.stringify({ ...told, points: scores, recommended: advice ?? null }, null, 2)}\n`);
    } else process.stdout.write(renderSweep(scores, advice));
  });
}
