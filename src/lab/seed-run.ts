import { makePlanAndTwin } from '../../simulators/plan/plan.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import { workShareOf } from '../../simulators/plan/work.ts';
import { runBlocks } from '../../simulators/run.ts';
import { loadScenario } from '../../simulators/scenario/load.ts';
import { dutiesInReach, isInReach, type Reach } from '../../simulators/truth/reach.ts';
import { TruthRecorder } from '../../simulators/truth/recorder.ts';
import { copyBatch, TwinCargo } from '../../simulators/truth/twin-world.ts';
import type { Running } from '../../simulators/truth/watched-world.ts';
import { climateOf, createWorld, type TrueWorld } from '../../simulators/world/world.ts';
import type { RuleSet } from './engine.ts';
import type { Incident } from './incident.ts';
import { IncidentWatch } from './incident-watch.ts';
import { type Judged, JudgingBench } from './judging-bench.ts';
import { isInShare, type SeedPlans, type SeedShare, wholeSeed } from './seed-share.ts';

/** What one simulated season says of some rule sets: all of it, or what one share of its assets says. */
export interface SeedRun {
  readonly seed: number;
  /** Of the whole season, from the first share; none from the others. */
  readonly incidents: readonly Incident[];
  readonly readings: number;
  /** By rule set, as given. */
  readonly judged: readonly Judged[];
}

/** What a seed is run from. Throws what reading the scenario throws. */
export function seedPlans(scenario: string, seed: number): SeedPlans {
  return makePlanAndTwin(loadScenario(scenario), { seed });
}

/**
 * Simulates one seed of a scenario and lets every rule set judge what its devices measure: plan, world and twin, frames,
 * rules, truth; nothing is sent and nothing is stored. Yields the share of work done after each slice of the world.
 * Throws what reading the scenario throws.
 */
export function* runSeed(scenario: string, seed: number, sets: readonly RuleSet[]): Generator<number, SeedRun> {
  const plans = seedPlans(scenario, seed);
  return yield* runShare(plans, sets, wholeSeed(plans));
}

/**
 * Runs the world, the twin and the devices of one share of the assets, in step with the other shares: they meet when
 * all have done a slice, and once more when the first share has written down what is true.
 * @throws Error where another share has failed
 */
export function* runShare(plans: SeedPlans, sets: readonly RuleSet[], share: SeedShare): Generator<number, SeedRun> {
  const { plan, twin } = plans;
  const isHere = (assetIx: number) => isInShare(share, assetIx);
  const reach = dutiesInReach(plan, twin);
  const weather = climateOf(plan);
  const world = createWorld(plan, { weather, assets: isHere, batches: share.batches });
  const twinWorld = createWorld(twin, {
    weather,
    assets: (assetIx, atMs) => isHere(assetIx) && isInReach(reach, assetIx, atMs),
    batches: share.twinBatches,
  });
  const bench = new JudgingBench(plan, sets, isHere);
  const truth = share.ix === 0 ? truthBooks(plans, share, world, reach) : undefined;
  const workShare = workShareOf(plan);
  let readings = 0;
  for (const block of runBlocks(plan, world, isHere)) {
    twinWorld.beginSlice(block.fromMs);
    twinWorld.endSlice(block.toMs);
    bench.take(block);
    readings += block.readings;
    if (!share.meet()) throw new Error('another thread of this seed has failed');
    truth?.recorder.afterSlice(block.toMs);
    if (!share.meet()) throw new Error('another thread of this seed has failed');
    yield workShare(block.toMs);
  }
  const incidents = truth ? truth.watch.incidents(truth.recorder.end()) : [];
  return { seed: plan.seed, incidents, readings, judged: bench.end(sets.length) };
}

/** All shares of a seed as one, whatever their number. */
export function joinShares(shares: readonly SeedRun[]): SeedRun {
  const [first] = shares;
  return {
    seed: first!.seed,
    incidents: shares.flatMap(({ incidents }) => incidents),
    readings: shares.reduce((sum, { readings }) => sum + readings, 0),
    judged: first!.judged.map((_, set) => ({
      breaches: shares.flatMap(({ judged }) => judged[set]!.breaches),
      armedMs: shares.reduce((sum, { judged }) => sum + judged[set]!.armedMs, 0),
    })),
  };
}

function truthBooks({ plan, twin }: SeedPlans, share: SeedShare, world: TrueWorld, reach: Reach) {
  const watch = new IncidentWatch(plan);
  const running = twinBeside(twin, share, reach);
  return { watch, recorder: new TruthRecorder({ plan, world }, running, { onSlice: watch.onSlice }) };
}

/** The twin as the books see it: its assets are run by all shares; what is out of the faults' reach is copied here. */
function twinBeside(twin: Plan, { batches, twinBatches }: SeedShare, reach: Reach): Running {
  const cargo = new TwinCargo(twin, reach);
  return {
    plan: twin,
    world: {
      batches: twinBatches,
      beginSlice: (fromMs) => cargo.advanceThrough(fromMs),
      advance: () => {},
      read: () => {},
      endSlice: (toMs) =>
        cargo.forEach(toMs, (batchIx, isRun) => {
          if (!isRun) copyBatch(batchIx, batches, twinBatches);
        }),
    },
  };
}
