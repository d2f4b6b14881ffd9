import { loadNetwork } from '../plan/network.ts';
import { TrackCursor } from '../plan/track.ts';
import { type Blend, type CargoMove, FAULTS, type Plan, type PlannedFault, type World } from '../plan/types.ts';
import { randomStream } from '../random-stream.ts';
import { Ageing } from './ageing.ts';
import { AssetRows } from './assets/asset-rows.ts';
import { AssetRun, type SharedSetup } from './assets/asset-run.ts';
import { type BodyKind, drawBody } from './assets/body.ts';
import { Conditions } from './assets/conditions.ts';
import { BODY_KINDS } from './assets/kinds.ts';
import type { Weather } from './assets/surroundings.ts';
import { BatchState } from './batch-state.ts';
import { blendBatches } from './blend.ts';
import { type BatchTruth, CargoBook } from './cargo-book.ts';
import { FruitRates } from './fruit.ts';
import { Climate } from './physics/ambient.ts';
import { ZONES } from './physics/cargo.ts';
import { type EnergyUse, energyUse } from './physics/energy-use.ts';

/**
 * Inner step while nothing but its unit's control acts on an asset, and half of it where a door, a defrost or a fault
 * does or has just done, and where that control acts briskly: air reacts within minutes, cargo within hours. Halving
 * both moves hourly means by less than 0.05 °C.
 */
export const STEP_MS = 60_000;

/** The world as the simulator's own side may see it: what no device can measure, too. */
export interface TrueWorld extends World {
  readonly batches: BatchState;
  /** A batch's hidden parameters. */
  batchTruth(batchIx: number): BatchTruth;
  /** Batches inside an asset, by index, in the order in which they came. */
  contents(assetIx: number): readonly number[];
  /** Heat that steps of an asset have made out of nothing since the start, J: 0 but for rounding. NaN without accounts. */
  imbalanceJ(assetIx: number): number;
  /** What keeping an asset cold has taken since the start. */
  energy(assetIx: number): EnergyUse;
}

export interface WorldOptions {
  readonly stepMs?: number;
  /** Keeps account of the heat that flows, so that {@link TrueWorld.imbalanceJ} can tell of it. */
  readonly keepsAccounts?: boolean;
  /**
   * Which assets this world runs, of all the plan's, and when: whole duties. Others share the batches' state and run
   * the rest.
   */
  readonly assets?: (assetIx: number, atMs: number) => boolean;
  readonly batches?: BatchState;
  /** Instead of the seeded climate of the network's places. */
  readonly weather?: Weather;
  /** Instead of the shipped makes. */
  readonly kinds?: Readonly<Record<string, BodyKind>>;
}

/**
 * Sets the plan's world up at its start. Assets only touch each other through moves of cargo between slices, so each
 * goes through a slice by itself, in inner steps cut at its own edges: the state at an instant does not depend on
 * which instants were asked for before.
 *
 * Worlds that share their batches' state may each run some of the assets, in threads of their own, if all wait for
 * each other after every `endSlice`: then a batch is written to only by the world that runs the asset it is in, or
 * the one it goes to. For that a batch must not move twice at one instant.
 */
export function createWorld(plan: Plan, options: WorldOptions = {}): TrueWorld {
  return new HeatWorld(plan, options);
}

/** The seeded climate of a plan's places: worlds that take the same ways may share it. */
export function climateOf(plan: Plan): Weather {
  return new Climate(loadNetwork(plan.dataDir).places.values(), plan.seed);
}

const NONE: readonly never[] = [];

class HeatWorld implements TrueWorld {
  readonly batches: BatchState;
  readonly #plan: Plan;
  readonly #runsHere: (assetIx: number, atMs: number) => boolean;
  readonly #kinds: Readonly<Record<string, BodyKind>>;
  readonly #shared: SharedSetup;
  readonly #cargo: CargoBook;
  readonly #ageing: Ageing;
  readonly #faults: ReadonlyMap<number, readonly PlannedFault[]>;
  /** By asset, while it is on duty. */
  readonly #runs: (AssetRun | undefined)[];
  readonly #onDuty = new Set<number>();
  /** Every duty, in order of their beginnings: the asset, and which of its duties. */
  readonly #dutyStarts: Uint32Array;
  /** Of duties that are over, by asset. */
  readonly #takenJ: Float64Array;
  readonly #imbalanceJ: Float64Array;
  #timeMs: number;
  #nextDuty = 0;
  #nextMove = 0;
  #nextBlend = 0;

  constructor(plan: Plan, options: WorldOptions) {
    this.#plan = plan;
    this.#runsHere = options.assets ?? (() => true);
    this.#kinds = options.kinds ?? BODY_KINDS;
    this.batches = options.batches ?? BatchState.local(plan.batches.length);
    const rates = new FruitRates(plan.produce);
    this.#cargo = new CargoBook(plan);
    this.#ageing = new Ageing(this.batches, this.#cargo, rates);
    this.#shared = {
      weather: options.weather ?? climateOf(plan),
      startMs: plan.startMs,
      stepMs: options.stepMs ?? STEP_MS,
      keepsAccounts: options.keepsAccounts ?? false,
      pulpC: this.batches.pulpC,
      cargo: this.#cargo,
      rows: new AssetRows(),
      conditions: new Conditions(),
      rates,
      cursor: new TrackCursor(),
    };
    this.#faults = faultsByAsset(plan);
    this.#runs = new Array(plan.assets.length);
    this.#dutyStarts = dutyStarts(plan, this.#runsHere);
    this.#takenJ = new Float64Array(plan.assets.length);
    this.#imbalanceJ = new Float64Array(plan.assets.length);
    this.#timeMs = plan.startMs;
  }

  beginSlice(fromMs: number): void {
    if (fromMs !== this.#timeMs) throw new RangeError('slices are run in order, all of them');
    this.#beginDuties(fromMs);
    this.#blendUpTo(fromMs);
    const { moves } = this.#plan;
    while (this.#nextMove < moves.length && moves[this.#nextMove]!.timeMs <= fromMs)
      this.#move(moves[this.#nextMove++]!);
    for (const assetIx of this.#onDuty) {
      const run = this.#runs[assetIx]!;
      if (run.toMs <= fromMs) this.#endDuty(assetIx, run);
      else this.#ageing.begin(run);
    }
  }

  advance(assetIx: number, timeMs: number): void {
    this.#runs[assetIx]?.advanceTo(timeMs);
  }

  read(assetIx: number, out: Float64Array): void {
    this.#runs[assetIx]?.read(out);
  }

  endSlice(toMs: number): void {
    for (const assetIx of this.#onDuty) {
      const run = this.#runs[assetIx]!;
      run.advanceTo(toMs);
      this.#ageing.end(run, toMs - this.#timeMs);
    }
    this.#timeMs = toMs;
    // Blends of the next slice's beginning: done before other worlds may take an output away.
    this.#blendUpTo(toMs);
  }

  batchTruth(batchIx: number): BatchTruth {
    return this.#cargo.of(batchIx);
  }

  contents(assetIx: number): readonly number[] {
    return this.#runs[assetIx]?.contents ?? NONE;
  }

  imbalanceJ(assetIx: number): number {
    return this.#imbalanceJ[assetIx]! + (this.#runs[assetIx]?.imbalanceJ ?? 0);
  }

  energy(assetIx: number): EnergyUse {
    const takenJ = this.#takenJ[assetIx]! + (this.#runs[assetIx]?.takenJ ?? 0);
    return energyUse(this.#kinds[this.#plan.assets[assetIx]!.kind]!.unit.power, takenJ);
  }

  #beginDuties(timeMs: number): void {
    for (; this.#nextDuty < this.#dutyStarts.length; this.#nextDuty += 2) {
      const assetIx = this.#dutyStarts[this.#nextDuty]!;
      const asset = this.#plan.assets[assetIx]!;
      const duty = asset.duties[this.#dutyStarts[this.#nextDuty + 1]!]!;
      if (duty.fromMs > timeMs) return;
      const setup = {
        body: drawBody(this.#kinds[asset.kind]!, randomStream(this.#plan.seed, 'body', asset.key)),
        setPointC: asset.setPointC,
        duty,
        faults: this.#faults.get(assetIx) ?? NONE,
      };
      const run = new AssetRun(setup, this.#shared);
      this.#runs[assetIx] = run;
      this.#onDuty.add(assetIx);
    }
  }

  #endDuty(assetIx: number, run: AssetRun): void {
    this.#takenJ[assetIx] = this.#takenJ[assetIx]! + run.takenJ;
    this.#imbalanceJ[assetIx] = this.#imbalanceJ[assetIx]! + run.imbalanceJ;
    for (const batchIx of run.contents) this.#cargo.forget(batchIx);
    run.end();
    this.#runs[assetIx] = undefined;
    this.#onDuty.delete(assetIx);
  }

  #blendUpTo(timeMs: number): void {
    const { blends } = this.#plan;
    while (this.#nextBlend < blends.length && blends[this.#nextBlend]!.timeMs <= timeMs) {
      const blend = blends[this.#nextBlend++]!;
      const run = this.#runOnDuty(blend.assetIx, blend.timeMs);
      if (run) this.#blend(run, blend);
    }
  }

  #blend(run: AssetRun, blend: Blend): void {
    blendBatches(this.#plan, blend, this.batches, this.#cargo);
    for (const input of blend.inputs) {
      run.unload(input);
      this.#cargo.forget(input);
    }
    for (const output of blend.outputs) run.load(output);
  }

  #move({ batchIx, timeMs, fromAssetIx, toAssetIx, warmerK }: CargoMove): void {
    const from = fromAssetIx === null ? undefined : this.#runs[fromAssetIx];
    const to = toAssetIx === null ? undefined : this.#runOnDuty(toAssetIx, timeMs);
    if (from) {
      from.unload(batchIx);
      if (!to) this.#cargo.forget(batchIx);
    }
    if (!to) return;
    const { pulpC } = this.batches;
    const [first, end] = [batchIx * ZONES, (batchIx + 1) * ZONES];
    if (fromAssetIx === null) pulpC.fill(this.#plan.batches[batchIx]!.harvestPulpC, first, end);
    for (let at = first; at < end; at++) pulpC[at] = pulpC[at]! + warmerK;
    to.load(batchIx);
  }

  /** Undefined where the duty is run by others. */
  #runOnDuty(assetIx: number, timeMs: number): AssetRun | undefined {
    const run = this.#runs[assetIx];
    if (run || !this.#runsHere(assetIx, timeMs)) return run;
    const { key } = this.#plan.assets[assetIx]!;
    throw new Error(`the plan brings cargo to ${key} at ${new Date(timeMs).toISOString()}, when it is not on duty`);
  }
}

/** The asset of every duty, and which of its duties it is, in order of their beginnings. */
function dutyStarts(plan: Plan, runsHere: (assetIx: number, atMs: number) => boolean): Uint32Array {
  const starts: { readonly assetIx: number; readonly dutyIx: number; readonly fromMs: number }[] = [];
  for (const [assetIx, { duties }] of plan.assets.entries()) {
    for (const [dutyIx, { fromMs }] of duties.entries()) {
      if (runsHere(assetIx, fromMs)) starts.push({ assetIx, dutyIx, fromMs });
    }
  }
  starts.sort((a, b) => a.fromMs - b.fromMs || a.assetIx - b.assetIx);
  return Uint32Array.from(starts.flatMap(({ assetIx, dutyIx }) => [assetIx, dutyIx]));
}

function faultsByAsset(plan: Plan): Map<number, PlannedFault[]> {
  const byAsset = new Map<number, PlannedFault[]>();
  for (const fault of plan.faults) {
    if (FAULTS[fault.kind].target !== 'asset') continue;
    const faults = byAsset.get(fault.assetIx);
    if (faults) faults.push(fault);
    else byAsset.set(fault.assetIx, [fault]);
  }
  return byAsset;
}
