import { type ThermalProduce, thermalProduce } from '../../src/produce/respiration.ts';
import { loadNetwork } from '../plan/network.ts';
import type { CargoMove, Plan, World } from '../plan/types.ts';
import { randomStream } from '../random-stream.ts';
import { AssetRun } from './assets/asset-run.ts';
import { drawBody } from './assets/body.ts';
import { conditionsOf } from './assets/conditions.ts';
import { BODY_KINDS } from './assets/kinds.ts';
import { Climate } from './physics/ambient.ts';
import { type CargoBody, drawCargo, ZONES } from './physics/cargo.ts';
import { HeatNetwork } from './physics/heat-network.ts';

/** Inner step: air reacts within minutes, cargo within hours. */
export const STEP_MS = 20_000;

/** The world as the simulator's own side may see it: what no device can measure, too. */
export interface TrueWorld extends World {
  /** True pulp of a batch at the end of its last inner step, by zone (front, middle, rear). */
  batchPulpC(batchIx: number, zone: number): number;
  /** Heat held by an asset minus all that went in and out of it since the start, J: 0 but for rounding. */
  imbalanceJ(assetIx: number): number;
}

/**
 * Sets the plan's world up at its start. Assets only touch each other through moves of cargo, so each goes through
 * time by itself, in inner steps cut at its own edges, and two meet at a move: the state at an instant does not
 * depend on which instants were asked for before.
 */
export function createWorld(plan: Plan, options: { readonly stepMs?: number } = {}): TrueWorld {
  return new HeatWorld(plan, options.stepMs ?? STEP_MS);
}

class HeatWorld implements TrueWorld {
  readonly #plan: Plan;
  readonly #assets: AssetRun[];
  readonly #pulpC: Float64Array;
  #nextMove = 0;
  #timeMs: number;

  constructor(plan: Plan, stepMs: number) {
    this.#plan = plan;
    this.#timeMs = plan.startMs;
    // A plan does not name its produce yet: prunes are the only one with thermal data.
    const produce = thermalProduce('prune')!;
    const cargo = plan.batches.map((b) => drawCargo(produce, plan.seed, b.id, b.massKg));
    this.#pulpC = new Float64Array(plan.batches.length * ZONES);
    this.#assets = makeAssets(plan, stepMs, produce, cargo, this.#pulpC);
    this.advanceTo(plan.startMs);
  }

  get timeMs(): number {
    return this.#timeMs;
  }

  advanceTo(timeMs: number): void {
    if (timeMs < this.#timeMs) throw new RangeError('the world does not run backwards');
    const { moves } = this.#plan;
    while (this.#nextMove < moves.length && moves[this.#nextMove]!.timeMs <= timeMs) {
      this.#move(moves[this.#nextMove++]!);
    }
    for (const asset of this.#assets) asset.advancePast(timeMs);
    this.#timeMs = timeMs;
  }

  read(assetIx: number, out: Float64Array): void {
    this.#assets[assetIx]!.read(this.#timeMs, out);
  }

  batchPulpC(batchIx: number, zone: number): number {
    return this.#pulpC[batchIx * ZONES + zone]!;
  }

  imbalanceJ(assetIx: number): number {
    return this.#assets[assetIx]!.imbalanceJ();
  }

  #move(move: CargoMove): void {
    const { batchIx, timeMs } = move;
    const from = move.fromAssetIx === null ? undefined : this.#assets[move.fromAssetIx];
    const to = move.toAssetIx === null ? undefined : this.#assets[move.toAssetIx];
    from?.advanceUpTo(timeMs);
    to?.advanceUpTo(timeMs);
    const at = batchIx * ZONES;
    if (from) from.unload(batchIx);
    else this.#pulpC.fill(this.#plan.batches[batchIx]!.harvestPulpC, at, at + ZONES);
    if (!to) return;
    // Warm loading: the load comes warmer than it left, as if it had stood on the dock.
    const warmerK = warmLoadingK(this.#plan, move);
    for (let zone = 0; zone < ZONES; zone++) this.#pulpC[at + zone] = this.#pulpC[at + zone]! + warmerK;
    to.load(batchIx);
  }
}

function warmLoadingK(plan: Plan, move: CargoMove): number {
  let warmerK = 0;
  for (const fault of plan.faults) {
    if (fault.kind !== 'warm-loading' || fault.assetIx !== move.toAssetIx) continue;
    if (fault.fromMs <= move.timeMs && move.timeMs < fault.toMs) warmerK += fault.severity;
  }
  return warmerK;
}

function makeAssets(
  plan: Plan,
  stepMs: number,
  produce: ThermalProduce,
  cargo: readonly CargoBody[],
  pulpC: Float64Array,
): AssetRun[] {
  const climate = new Climate(loadNetwork().places.values(), plan.seed);
  const network = new HeatNetwork();
  return plan.assets.map((asset, ix) => {
    const body = drawBody(BODY_KINDS[asset.kind], randomStream(plan.seed, 'body', asset.key));
    const track = plan.tracks[ix]!;
    const moveTimes = plan.moves.filter((m) => m.fromAssetIx === ix || m.toAssetIx === ix).map((m) => m.timeMs);
    return new AssetRun({
      body,
      track,
      conditions: conditionsOf(plan, ix, body.restsWhenEmpty),
      moveTimesMs: [...new Set(moveTimes)],
      ambient: climate.along(track, plan.startMs, plan.endMs, body.solarRiseK),
      startMs: plan.startMs,
      stepMs,
      produce,
      cargo,
      pulpC,
      network,
    });
  });
}
