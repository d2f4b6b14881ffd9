import { ColdtrailError } from '../../src/lib/errors.ts';
import { nearest } from '../../src/lib/nearest.ts';
import type { Plan } from '../plan/types.ts';
import type { TruthRecord } from '../truth/record.ts';
import type { TruthOptions } from '../truth/recorder.ts';
import { truthSlices } from '../truth/truth.ts';
import { twinRunning } from '../truth/twin-world.ts';
import { createWorld } from '../world/world.ts';
import { choiceFor, worstOf } from './choose.ts';
import type { Panel } from './panel.ts';
import { type PlotChoice, sampleSlices } from './sample.ts';

/** What a plot shows, and the truth by which it was chosen. */
export interface Plot {
  readonly panels: readonly Panel[];
  readonly truth: TruthRecord;
}

/** The truth runs world and twin to the end, the plot both again for a part: of the work, the first is so much. */
const TRUTH_SHARE = 0.6;

/**
 * Draws up the panels for one asset and a batch that it held. Yields the share of the work that is done.
 * @param twin the same scenario and seed, planned with `faults: false`
 * @param assetKey null: the asset with the fault that cost most, or the first vehicle with cargo
 * @throws ColdtrailError UNKNOWN_NAME
 */
export function* plotSlices(
  plan: Plan,
  twin: Plan,
  assetKey: string | null,
  options: TruthOptions = {},
): Generator<number, Plot> {
  const asked = assetKey === null ? null : assetIxOf(plan, assetKey);
  const truth = yield* shares(truthSlices(plan, twin, options), plan, 0, TRUTH_SHARE);
  const choice = (asked === null ? worstOf(plan, truth) : null) ?? choiceFor(plan, asked ?? firstLoaded(plan), truth);
  const panels = yield* shares(sampled(plan, twin, choice), plan, TRUTH_SHARE, 1);
  return { panels, truth };
}

function sampled(plan: Plan, twin: Plan, choice: PlotChoice) {
  const real = { plan, world: createWorld(plan) };
  return sampleSlices(real, twinRunning(real, twin), choice);
}

/** Turns world times into shares of the work. */
function* shares<T>(slices: Generator<number, T>, plan: Plan, from: number, to: number): Generator<number, T> {
  for (;;) {
    const next = slices.next();
    if (next.done) return next.value;
    yield from + ((to - from) * (next.value - plan.startMs)) / (plan.endMs - plan.startMs);
  }
}

function assetIxOf(plan: Plan, key: string): number {
  const ix = plan.assets.findIndex((asset) => asset.key === key);
  if (ix >= 0) return ix;
  const keys = plan.assets.map((asset) => asset.key);
  throw new ColdtrailError('UNKNOWN_NAME', `no asset is called ${key}${nearest(key, keys)}`, {
    hint: `assets of this scenario: ${keys.slice(0, 8).join(', ')}${keys.length > 8 ? ' …' : ''}`,
  });
}

/** A scenario in which nothing goes wrong: a vehicle says most. */
function firstLoaded({ assets, moves }: Plan): number {
  const vehicle = moves.find(({ toAssetIx }) => toAssetIx !== null && VEHICLES.has(assets[toAssetIx]!.kind));
  return vehicle?.toAssetIx ?? 0;
}

const VEHICLES: ReadonlySet<string> = new Set(['reefer-truck', 'rail-reefer-box']);
