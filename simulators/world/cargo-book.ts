import type { Plan } from '../plan/types.ts';
import { drawFruit, type Fruit } from './fruit.ts';
import { type CargoBody, drawStacking, ZONES } from './physics/cargo.ts';

/** A batch as world and truth know it. */
export type BatchTruth = Fruit & CargoBody;

/** Where the figures of a batch lie in its row of the book; the last is the first of three. */
export const SPECIFIC_HEAT_JKGK = 0;
const FROZEN_HEAT_JKGK = 1;
const LATENT_JKG = 2;
export const FREEZING_C = 3;
export const RESPIRATION_SHARE = 4;
export const RIPENING_SHARE = 5;
export const RIPENING_TEMP_SHARE = 6;
export const CHILLING_SHARE = 7;
const LIFE_DAYS = 8;
export const TRANSPIRATION_SHARE = 9;
export const ZONE_KG = 10;
export const AIR_SHARE = 11;
const STRIDE = AIR_SHARE + ZONES;

/**
 * Knows each batch's hidden parameters: drawn when a batch is first asked for, kept while it is in the hands of this
 * world, in rows of numbers side by side, since every asset's every segment reads them.
 */
export class CargoBook {
  readonly #plan: Plan;
  #rows = new Float64Array(64 * STRIDE);
  /** Where a batch's row begins, or −1. */
  readonly #at: Int32Array;
  readonly #free: number[] = [];
  #end = 0;
  /** The blend a batch comes out of, or −1. */
  readonly #madeBy: Int32Array;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#at = new Int32Array(plan.batches.length).fill(-1);
    this.#madeBy = new Int32Array(plan.batches.length).fill(-1);
    for (const [ix, blend] of plan.blends.entries()) for (const output of blend.outputs) this.#madeBy[output] = ix;
  }

  /** The rows as they lie until another batch is asked for. */
  get rows(): Float64Array {
    return this.#rows;
  }

  /** Where a batch's row begins in {@link rows}, to be read after this. */
  at(batchIx: number): number {
    const at = this.#at[batchIx]!;
    return at >= 0 ? at : this.#keep(batchIx);
  }

  /** The same as an object: for what is asked for seldom. */
  of(batchIx: number): BatchTruth {
    const at = this.at(batchIx);
    const row = this.#rows;
    return {
      specificHeatJkgK: row[at + SPECIFIC_HEAT_JKGK]!,
      frozenHeatJkgK: row[at + FROZEN_HEAT_JKGK]!,
      latentJkg: row[at + LATENT_JKG]!,
      freezingC: row[at + FREEZING_C]!,
      respirationShare: row[at + RESPIRATION_SHARE]!,
      ripeningShare: row[at + RIPENING_SHARE]!,
      ripeningTempShare: row[at + RIPENING_TEMP_SHARE]!,
      chillingShare: row[at + CHILLING_SHARE]!,
      lifeDays: row[at + LIFE_DAYS]!,
      transpirationShare: row[at + TRANSPIRATION_SHARE]!,
      zoneKg: row[at + ZONE_KG]!,
      airShare: [row[at + AIR_SHARE]!, row[at + AIR_SHARE + 1]!, row[at + AIR_SHARE + 2]!],
    };
  }

  forget(batchIx: number): void {
    const at = this.#at[batchIx]!;
    if (at < 0) return;
    this.#free.push(at);
    this.#at[batchIx] = -1;
  }

  #keep(batchIx: number): number {
    const { seed, batches } = this.#plan;
    const { id, massKg } = batches[batchIx]!;
    const fruit = this.#fruit(batchIx);
    const at = this.#free.pop() ?? this.#grow();
    const row = this.#rows;
    row[at + SPECIFIC_HEAT_JKGK] = fruit.specificHeatJkgK;
    row[at + FROZEN_HEAT_JKGK] = fruit.frozenHeatJkgK;
    row[at + LATENT_JKG] = fruit.latentJkg;
    row[at + FREEZING_C] = fruit.freezingC;
    row[at + RESPIRATION_SHARE] = fruit.respirationShare;
    row[at + RIPENING_SHARE] = fruit.ripeningShare;
    row[at + RIPENING_TEMP_SHARE] = fruit.ripeningTempShare;
    row[at + CHILLING_SHARE] = fruit.chillingShare;
    row[at + LIFE_DAYS] = fruit.lifeDays;
    row[at + TRANSPIRATION_SHARE] = fruit.transpirationShare;
    row[at + ZONE_KG] = massKg / ZONES;
    row.set(drawStacking(seed, id), at + AIR_SHARE);
    this.#at[batchIx] = at;
    return at;
  }

  #grow(): number {
    const at = this.#end;
    this.#end += STRIDE;
    if (this.#end > this.#rows.length) {
      const rows = new Float64Array(this.#rows.length * 2);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    return at;
  }

  /** Drawn for what is harvested. What is blended has the mean of what went in: a share of a lot is like the lot. */
  #fruit(batchIx: number): Fruit {
    const { produce, seed, batches, blends } = this.#plan;
    const madeBy = this.#madeBy[batchIx]!;
    if (madeBy < 0) return drawFruit(produce, seed, batches[batchIx]!.id);
    const { inputs } = blends[madeBy]!;
    const fruits = inputs.map((input) => this.#fruit(input));
    const masses = inputs.map((input) => batches[input]!.massKg);
    return meanFruit(fruits, masses);
  }
}

function meanFruit(fruits: readonly Fruit[], masses: readonly number[]): Fruit {
  const allKg = masses.reduce((sum, kg) => sum + kg, 0);
  const mean = (of: (fruit: Fruit) => number): number =>
    fruits.reduce((sum, fruit, i) => sum + of(fruit) * masses[i]!, 0) / allKg;
  return {
    specificHeatJkgK: mean((f) => f.specificHeatJkgK),
    frozenHeatJkgK: mean((f) => f.frozenHeatJkgK),
    latentJkg: mean((f) => f.latentJkg),
    freezingC: mean((f) => f.freezingC),
    respirationShare: mean((f) => f.respirationShare),
    ripeningShare: mean((f) => f.ripeningShare),
    ripeningTempShare: mean((f) => f.ripeningTempShare),
    chillingShare: mean((f) => f.chillingShare),
    lifeDays: mean((f) => f.lifeDays),
    transpirationShare: mean((f) => f.transpirationShare),
  };
}
