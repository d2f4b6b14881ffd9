import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { curveValue } from '../../src/produce/curve.ts';
import { type QualityModel, qualityModel } from '../../src/produce/quality.ts';
import { respirationWkg } from '../../src/produce/respiration.ts';
import { thermalOf } from '../../src/produce/thermal.ts';
import { type ProduceTraits, produceTraits, type Range } from '../../src/produce/traits.ts';
import { weightLossPerDay } from '../../src/produce/transpiration.ts';
import { drawNormal } from '../draw.ts';
import { randomStream } from '../random-stream.ts';

/**
 * What one batch truly is, drawn around the published means. Nobody in the processor sees it: estimates are made of
 * the means, and so are never the truth itself.
 */
export interface Fruit {
  readonly specificHeatJkgK: number;
  readonly frozenHeatJkgK: number;
  readonly latentJkg: number;
  readonly freezingC: number;
  /** Factor on {@link FruitRates.respirationWkg}. */
  readonly respirationShare: number;
  /** Factor on {@link FruitRates.ripeningPerDay}: the typical storage life divided by its own. */
  readonly ripeningShare: number;
  /**
   * How far from 0 °C a temperature feels when it ripens: a batch with 1.1 ripens at 10 °C as the typical one at
   * 11 °C. Multiply the temperature with it before {@link FruitRates.ripeningPerDay}.
   */
  readonly ripeningTempShare: number;
  /** Factor on {@link FruitRates.chillingPerDay}: how susceptible it is. */
  readonly chillingShare: number;
  /** Its own storage life where it is stored best. */
  readonly lifeDays: number;
  /** Factor on {@link FruitRates.weightLossPerDay}. */
  readonly transpirationShare: number;
}

/**
 * Draws the hidden truth of a batch.
 * @param batchId names the random stream
 * @throws RangeError for produce without traits
 */
export function drawFruit(produce: string, seed: number, batchId: string): Fruit {
  const { traits, model } = published(produce);
  const stream = randomStream(seed, 'fruit', batchId);
  // Sugar takes the place of water: a sweet batch freezes later, holds less heat and has less to freeze. The 1 % is
  // an ESTIMATE, a little over half a percentage point of water.
  const sweetness = drawNormal(stream, 0, 1);
  const heatShare = 1 - 0.01 * sweetness;
  const thermal = thermalOf(traits);
  const lifeDays = drawIn(stream, traits.ripening.storageDays);
  return {
    specificHeatJkgK: thermal.specificHeatJkgK * heatShare,
    frozenHeatJkgK: thermal.frozenHeatJkgK,
    latentJkg: thermal.latentJkg * heatShare,
    freezingC: traits.freezingC.typical - spread(traits.freezingC) * sweetness,
    respirationShare: drawIn(stream, traits.respirationShare),
    ripeningShare: traits.ripening.storageDays.typical / lifeDays,
    ripeningTempShare: drawIn(stream, traits.ripening.temperatureShare),
    chillingShare: drawSusceptibility(stream, model.injuryDays),
    lifeDays,
    transpirationShare: drawIn(stream, traits.transpirationShare),
  };
}

/** Traits give the range of about 19 of 20 lots: two standard deviations to either side. */
const spread = (range: Range): number => (range.high - range.low) / 4;

const drawIn = (stream: RandomGenerator, range: Range): number => drawNormal(stream, range.typical, spread(range));

/** Log-normal: some batches bear many times what others do. */
function drawSusceptibility(stream: RandomGenerator, { low, high }: Range): number {
  return Number.isFinite(high) ? Math.exp(drawNormal(stream, 0, Math.log(high / low) / 4)) : 1;
}

function published(produce: string): { traits: ProduceTraits; model: QualityModel } {
  const traits = produceTraits(produce);
  const model = qualityModel(produce);
  if (!traits || !model) throw new RangeError(`nothing is published of the produce ${produce}`);
  return { traits, model };
}

const FROM_C = -10;
const STEPS_PER_K = 20;
const LAST = (50 - FROM_C) * STEPS_PER_K;

/**
 * What the typical fruit of a produce does at a temperature, from tables of 0.05 K between −10 and 50 °C, flat beyond:
 * the world asks for it at every step of every zone. Straight within a cell, which is within 10⁻⁴ of the exact curve.
 */
export class FruitRates {
  readonly #respirationWkg: Float64Array;
  readonly #ripeningPerDay: Float64Array;
  readonly #chillingPerDay: Float64Array;
  /** What dry air around would take, per day: it is proportional to the saturation pressure. */
  readonly #weightLossPerDay: Float64Array;

  /** @throws RangeError for produce without traits */
  constructor(produce: string) {
    const { traits, model } = published(produce);
    this.#respirationWkg = tabulate((tempC) => respirationWkg(traits, tempC));
    this.#ripeningPerDay = tabulate((tempC) => curveValue(model.ripeningPerDay, tempC));
    this.#chillingPerDay = tabulate((tempC) => curveValue(model.chillingPerDay, tempC));
    this.#weightLossPerDay = tabulate((tempC) => weightLossPerDay(traits, tempC, tempC, 0));
  }

  /** Heat of respiration, W per kg. */
  respirationWkg(pulpC: number): number {
    return lookUp(this.#respirationWkg, pulpC);
  }

  /** Share of storage life used in a day. */
  ripeningPerDay(pulpC: number): number {
    return lookUp(this.#ripeningPerDay, pulpC);
  }

  /** Share of the dose to chilling injury taken in a day. */
  chillingPerDay(pulpC: number): number {
    return lookUp(this.#chillingPerDay, pulpC);
  }

  /** Share of the weight lost in a day to air of a temperature and a humidity. */
  weightLossPerDay(pulpC: number, airC: number, humidityPct: number): number {
    const table = this.#weightLossPerDay;
    return Math.max(0, lookUp(table, pulpC) - (humidityPct / 100) * lookUp(table, airC));
  }
}

function tabulate(rate: (tempC: number) => number): Float64Array {
  return Float64Array.from({ length: LAST + 1 }, (_, i) => rate(FROM_C + i / STEPS_PER_K));
}

function lookUp(table: Float64Array, tempC: number): number {
  const at = (tempC - FROM_C) * STEPS_PER_K;
  if (at <= 0) return table[0]!;
  if (at >= LAST) return table[LAST]!;
  const cell = at | 0;
  const low = table[cell]!;
  return low + (at - cell) * (table[cell + 1]! - low);
}
