import { qualityModel } from '../../src/produce/quality.ts';
import type { Blend, Plan, World } from '../plan/types.ts';
import { CargoBook } from '../world/cargo-book.ts';
import type { TrueWorld } from '../world/world.ts';
import type { Measures } from './attribution.ts';
import { type PulpLimits, pulpLimits } from './limits.ts';
import { type CargoListener, Whereabouts } from './whereabouts.ts';

/** What the world knows of its batches: three zones each (front, middle, rear), by batch. */
export interface BatchTruth {
  readonly pulpC: Float64Array;
  /** Share of life used. */
  readonly ripening: Float64Array;
  readonly chilling: Float64Array;
  /** Share of mass lost, one a batch. */
  readonly weightLoss: Float64Array;
}

/** A plan and the world that it moves. */
export interface Running {
  readonly plan: Plan;
  readonly world: World & { readonly batches: BatchTruth };
}

/** One that tells what its assets take, too. */
export interface Recorded extends Running {
  readonly world: Running['world'] & Pick<TrueWorld, 'energy'>;
}

export const ZONES = 3;
const MINUTE_MS = 60_000;

/**
 * A zone counts as frozen once its pulp stands so far below the batch's own freezing point: first crystals are not the
 * end. ESTIMATE: with Chen's (1985) ice curve a sixth of the water is ice by then.
 */
const FROZEN_BELOW_K = 0.3;
/** Batches freeze at no higher a temperature than this above the published range: four standard deviations. */
const FREEZING_MARGIN_K = 0.5;

/** Follows one world from slice to slice: where the batches are, and for how long they are beyond their limits. */
export class WatchedWorld {
  readonly whereabouts: Whereabouts;
  readonly batches: BatchTruth;
  readonly #plan: Plan;
  readonly #limits: readonly PulpLimits[];
  readonly #alarmMin: Float64Array;
  readonly #criticalMin: Float64Array;
  readonly #frozen: Float64Array;
  /** By batch: one bit for each zone that has frozen in it. */
  readonly #frozenZones: Uint8Array;
  readonly #freezingC = new Map<number, number>();
  readonly #fruits: CargoBook;
  readonly #mayFreezeC: number;

  /** @param listener told of moves and blends as they are taken, after the minutes of a blend's outputs are known */
  constructor({ plan, world }: Running, listener?: CargoListener) {
    this.#plan = plan;
    this.#fruits = new CargoBook(plan);
    this.batches = world.batches;
    this.#alarmMin = new Float64Array(plan.batches.length);
    this.#criticalMin = new Float64Array(plan.batches.length);
    this.#frozen = new Float64Array(plan.batches.length);
    this.#frozenZones = new Uint8Array(plan.batches.length);
    this.#mayFreezeC = (qualityModel(plan.produce)?.freezingC.high ?? -Infinity) + FREEZING_MARGIN_K - FROZEN_BELOW_K;
    this.#limits = plan.assets.map(({ kind }) => pulpLimits(plan.produce, kind));
    this.whereabouts = new Whereabouts(plan, {
      entered: (batchIx, assetIx, timeMs) => listener?.entered(batchIx, assetIx, timeMs),
      left: (batchIx, timeMs) => listener?.left(batchIx, timeMs),
      blending: (blend) => {
        this.#mix(blend);
        listener?.blending(blend);
      },
    });
  }

  /** The world has been brought to the end of a slice. Whereabouts are still those within it. */
  afterSlice(fromMs: number, toMs: number): void {
    const minutes = (toMs - fromMs) / MINUTE_MS;
    for (const batchIx of this.whereabouts.present) {
      const limits = this.#limits[this.whereabouts.assetOf[batchIx]!]!;
      const minC = this.pulpMinC(batchIx);
      const maxC = this.pulpMaxC(batchIx);
      if (minC < limits.alarmLowC || maxC > limits.alarmHighC) {
        this.#alarmMin[batchIx] = this.#alarmMin[batchIx]! + minutes;
      }
      if (minC < limits.criticalLowC || maxC > limits.criticalHighC) {
        this.#criticalMin[batchIx] = this.#criticalMin[batchIx]! + minutes;
      }
      if (minC < this.#mayFreezeC) this.#freeze(batchIx);
    }
  }

  /** Coldest zone, °C. */
  pulpMinC(batchIx: number): number {
    const { pulpC } = this.batches;
    const at = batchIx * ZONES;
    return Math.min(pulpC[at]!, pulpC[at + 1]!, pulpC[at + 2]!);
  }

  /** Warmest zone, °C. */
  pulpMaxC(batchIx: number): number {
    const { pulpC } = this.batches;
    const at = batchIx * ZONES;
    return Math.max(pulpC[at]!, pulpC[at + 1]!, pulpC[at + 2]!);
  }

  /** Share of a batch that has frozen. */
  frozenShare(batchIx: number): number {
    return this.#frozen[batchIx]!;
  }

  /** For how long a batch has stood outside of its alarm limits, minutes. */
  alarmMin(batchIx: number): number {
    return this.#alarmMin[batchIx]!;
  }

  /** Writes what a batch has behind it: life used (share, mean of its zones) and minutes beyond its limits. */
  measure(batchIx: number, out: Measures): void {
    const { ripening, chilling } = this.batches;
    let used = 0;
    for (let at = batchIx * ZONES; at < (batchIx + 1) * ZONES; at++) {
      used += lifeUsed(ripening[at]!, chilling[at]!) / ZONES;
    }
    const frozen = this.#frozen[batchIx]!;
    out[0] = frozen + (1 - frozen) * used;
    out[1] = this.#alarmMin[batchIx]!;
    out[2] = this.#criticalMin[batchIx]!;
  }

  #freeze(batchIx: number): void {
    let freezingC = this.#freezingC.get(batchIx);
    if (freezingC === undefined) {
      ({ freezingC } = this.#fruits.of(batchIx));
      this.#fruits.forget(batchIx);
      this.#freezingC.set(batchIx, freezingC);
    }
    for (let zone = 0; zone < ZONES; zone++) {
      const zones = this.#frozenZones[batchIx]!;
      const isFrozen = (zones & (1 << zone)) !== 0;
      if (isFrozen || this.batches.pulpC[batchIx * ZONES + zone]! >= freezingC - FROZEN_BELOW_K) continue;
      const frozen = this.#frozen[batchIx]!;
      this.#frozen[batchIx] = frozen + (1 - frozen) / (ZONES - bitCount(zones));
      this.#frozenZones[batchIx] = zones | (1 << zone);
    }
  }

  /** Fruit takes along what it has behind it, by mass. */
  #mix({ inputs, outputs }: Blend): void {
    const massKg = inputs.reduce((sum, ix) => sum + this.#plan.batches[ix]!.massKg, 0);
    for (const values of [this.#alarmMin, this.#criticalMin, this.#frozen]) {
      const mean = inputs.reduce((sum, ix) => sum + (values[ix]! * this.#plan.batches[ix]!.massKg) / massKg, 0);
      for (const ix of outputs) values[ix] = mean;
    }
  }
}

const bitCount = (zones: number) => (zones & 1) + ((zones >> 1) & 1) + ((zones >> 2) & 1);

/** Life ends by whichever clock runs out first. */
const lifeUsed = (ripening: number, chilling: number) => Math.max(ripening, chilling);

/** Mean of a batch's three zones. */
export function zoneMean(values: Float64Array, batchIx: number): number {
  const at = batchIx * ZONES;
  return (values[at]! + values[at + 1]! + values[at + 2]!) / ZONES;
}
