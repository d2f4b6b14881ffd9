import { FAULTS, type Plan, SLICE_MS } from '../plan/types.ts';
import { CargoBook } from '../world/cargo-book.ts';
import { trueAssets } from './asset-book.ts';
import { Attribution, MEASURES, type Measures } from './attribution.ts';
import { BatchBook } from './batch-book.ts';
import { FaultBook } from './fault-book.ts';
import type { DamagePart, TrueTemperature, TruthRecord } from './record.ts';
import { type Recorded, type Running, WatchedWorld, ZONES, zoneMean } from './watched-world.ts';
import type { Whereabouts } from './whereabouts.ts';

export interface TruthOptions {
  /** Takes the true temperatures of every batch in the world, ascending in time. */
  readonly onTemperature?: (row: TrueTemperature) => void;
  /** How often, ms: a multiple of the slice. */
  readonly everyMs?: number;
  /** Told at the end of each slice, before cargo changes hands: for those who follow what a fault does while it acts. */
  readonly onSlice?: (toMs: number, view: TruthView) => void;
}

/** A run beside its twin, at the end of a slice. */
export interface TruthView {
  readonly whereabouts: Whereabouts;
  /** What a batch has behind it beyond its twin; null where that cannot be told. Overwritten by the next call. */
  differenceOf(batchIx: number): Measures | null;
  /** For how long it has stood outside of its alarm limits, minutes: its own, whether it has a twin or not. */
  alarmMinOf(batchIx: number): number;
  /** How far its pulp is from its twin's, in the zone where that is most, K; 0 where the twin does not have it. */
  pulpApartK(batchIx: number): number;
}

/** Resolution of true temperatures where none is asked for. */
export const TRUTH_EVERY_MS = 15 * 60_000;

/**
 * Runs beside a simulation and writes down the truth. Whoever runs the world calls {@link afterSlice} at the end of
 * each slice, all of them in order; the twin is run here, in step.
 */
export class TruthRecorder {
  readonly #plan: Plan;
  readonly #world: Recorded['world'];
  readonly #real: WatchedWorld;
  readonly #twin: Running;
  readonly #watchedTwin: WatchedWorld;
  readonly #options: TruthOptions;
  readonly #attribution: Attribution;
  readonly #book: BatchBook;
  readonly #faults: FaultBook;
  /** Batches that came into the world at this very instant: the world has not given them a state yet. */
  readonly #fresh = new Set<number>();
  readonly #difference = new Float64Array(MEASURES);
  readonly #twinMeasures = new Float64Array(MEASURES);
  /** By batch: 1 once it was blended into others. Then its account is settled: the twin may blend it later. */
  readonly #blended: Uint8Array;
  readonly #view: TruthView;
  #timeMs: number;

  /** @param twin the same scenario and seed, planned without faults: see `twinRunning` */
  constructor(real: Recorded, twin: Running, options: TruthOptions = {}) {
    this.#plan = real.plan;
    this.#world = real.world;
    this.#twin = twin;
    this.#options = options;
    this.#attribution = new Attribution(real.plan.batches);
    this.#watchedTwin = new WatchedWorld(twin);
    this.#faults = new FaultBook(real.plan);
    this.#book = new BatchBook(real.plan);
    this.#blended = new Uint8Array(real.plan.batches.length);
    this.#real = new WatchedWorld(real, {
      entered: (batchIx, assetIx, timeMs) => {
        this.#fresh.add(batchIx);
        this.#book.entered(batchIx, assetIx, timeMs);
      },
      left: (batchIx, timeMs) => this.#book.left(batchIx, timeMs, this.#real),
      blending: (blend) => {
        this.#attribution.blend(blend, (batchIx) => this.#differenceOf(batchIx)?.slice() ?? null);
        this.#book.blending(blend);
        for (const batchIx of blend.inputs) this.#blended[batchIx] = 1;
      },
    });
    this.#view = {
      whereabouts: this.#real.whereabouts,
      differenceOf: (batchIx) => this.#differenceOf(batchIx),
      alarmMinOf: (batchIx) => this.#real.alarmMin(batchIx),
      pulpApartK: (batchIx) => this.#pulpApartK(batchIx),
    };
    this.#timeMs = real.plan.startMs;
    this.#cross(this.#timeMs);
  }

  /** The world has been brought to the end of a slice. */
  afterSlice(toMs: number): void {
    const fromMs = this.#timeMs;
    this.#twin.world.beginSlice(fromMs);
    this.#twin.world.endSlice(toMs);
    this.#watchedTwin.afterSlice(fromMs, toMs);
    this.#real.afterSlice(fromMs, toMs);
    this.#fresh.clear();
    for (const batchIx of this.#real.whereabouts.present) {
      this.#book.pulp(batchIx, this.#real.pulpMinC(batchIx), this.#real.pulpMaxC(batchIx));
    }
    this.#faults.pulp(this.#real);
    const { everyMs = TRUTH_EVERY_MS, onTemperature, onSlice } = this.#options;
    onSlice?.(toMs, this.#view);
    if (onTemperature && (toMs - this.#plan.startMs) % everyMs === 0) this.#tellTemperatures(toMs, onTemperature);
    this.#timeMs = toMs;
    this.#cross(toMs);
  }

  /** Closes the record where the run has ended. */
  end(): TruthRecord {
    const plan = this.#plan;
    const fruits = new CargoBook(plan);
    const batches = plan.batches.map((_, batchIx) => {
      const { lifeDays } = fruits.of(batchIx);
      fruits.forget(batchIx);
      const parts: DamagePart[] = [];
      const difference = this.#blended[batchIx] ? null : this.#differenceOf(batchIx);
      for (const [faultIx, measures] of this.#attribution.partsOf(batchIx, difference)) {
        parts.push({
          faultIx: faultIx < 0 ? null : faultIx,
          lossDays: measures[0]! * lifeDays,
          alarmMin: measures[1]!,
          criticalMin: measures[2]!,
        });
      }
      return this.#book.close(batchIx, parts, this.#timeMs, this.#real);
    });
    return {
      scenario: plan.scenario,
      seed: plan.seed,
      produce: plan.produce,
      startMs: plan.startMs,
      endMs: this.#timeMs,
      faults: this.#faults.close(batches),
      batches,
      assets: trueAssets(plan, batches, (assetIx) => this.#world.energy(assetIx), this.#timeMs),
    };
  }

  /** Cargo changes hands at a slice's edge, and other faults may be at work from here on. */
  #cross(timeMs: number): void {
    this.#watchedTwin.whereabouts.advanceThrough(timeMs);
    this.#faults.beginSlice(timeMs, Math.min(timeMs + SLICE_MS, this.#plan.endMs));
    this.#real.whereabouts.advanceThrough(timeMs);
    const reached = this.#faults.reach(this.#real.whereabouts);
    for (const [batchIx, faults] of reached) {
      const struck = faults.filter((ix) => STRIKES_FRUIT.has(FAULTS[this.#plan.faults[ix]!.kind].target));
      if (struck.length > 0) this.#attribution.strike(batchIx, struck, this.#differenceOf(batchIx));
    }
  }

  /** What a batch has behind it beyond its twin; null where either does not have it yet. Overwritten by the next. */
  #differenceOf(batchIx: number): Measures | null {
    const isThere = this.#real.whereabouts.begun[batchIx] && this.#watchedTwin.whereabouts.begun[batchIx];
    if (!isThere || this.#fresh.has(batchIx)) return null;
    this.#real.measure(batchIx, this.#difference);
    this.#watchedTwin.measure(batchIx, this.#twinMeasures);
    for (let m = 0; m < MEASURES; m++) this.#difference[m] = this.#difference[m]! - this.#twinMeasures[m]!;
    return this.#difference;
  }

  #pulpApartK(batchIx: number): number {
    if (!this.#watchedTwin.whereabouts.begun[batchIx]) return 0;
    let apartK = 0;
    for (let at = batchIx * ZONES; at < (batchIx + 1) * ZONES; at++) {
      apartK = Math.max(apartK, Math.abs(this.#real.batches.pulpC[at]! - this.#watchedTwin.batches.pulpC[at]!));
    }
    return apartK;
  }

  #tellTemperatures(timeMs: number, tell: (row: TrueTemperature) => void): void {
    const { batches, whereabouts } = this.#real;
    for (const batchIx of whereabouts.present) {
      const at = batchIx * ZONES;
      tell({
        timeMs,
        batch: this.#plan.batches[batchIx]!.id,
        asset: this.#plan.assets[whereabouts.assetOf[batchIx]!]!.key,
        pulpFrontC: batches.pulpC[at]!,
        pulpMiddleC: batches.pulpC[at + 1]!,
        pulpRearC: batches.pulpC[at + 2]!,
        ripening: zoneMean(batches.ripening, batchIx),
        chilling: zoneMean(batches.chilling, batchIx),
        weightLoss: batches.weightLoss[batchIx]!,
      });
    }
  }
}

const STRIKES_FRUIT: ReadonlySet<string> = new Set(['asset', 'loading']);
