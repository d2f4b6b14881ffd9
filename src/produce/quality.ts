import { type Curve, curveValue } from './curve.ts';
import { type ProduceTraits, produceNames, produceTraits, type Range } from './traits.ts';

/**
 * How produce goes off: two clocks that run side by side, and a step. Ripening uses up storage life, the faster the
 * warmer. Chilling injury builds up for weeks in the cold, worst at an own temperature, and shows when the fruit is
 * warmed. Freezing spoils at once. Both clocks count in shares of what a typical lot can bear: 1 is the end.
 */
export interface QualityModel {
  readonly produce: string;
  /** Share of a typical lot's storage life used in a day, by temperature. */
  readonly ripeningPerDay: Curve;
  /** Share of a typical lot's dose to injury taken in a day, by temperature. */
  readonly chillingPerDay: Curve;
  readonly storageDays: Range;
  /** How lots differ in what a temperature does to their ripening, see traits. */
  readonly temperatureShare: Range;
  /** Days to injury at the worst temperature; endless for produce that cold does not harm. */
  readonly injuryDays: Range;
  readonly freezingC: Range;
}

/** What the two clocks show. */
export interface ClocksUsed {
  /** Share of a typical lot's storage life that is used up. */
  readonly ripening: number;
  /** Share of the dose at which half of a typical lot shows chilling injury. */
  readonly chilling: number;
}

/** Days that are left: the estimate, and the ends of what about 19 of 20 lots keep to. */
export interface RemainingLife {
  readonly days: number;
  readonly lowDays: number;
  readonly highDays: number;
}

const models = new Map(produceNames().map((name) => [name, modelOf(produceTraits(name)!)]));

/** The quality model of a produce, or undefined where none is shipped. */
export function qualityModel(produce: string): QualityModel | undefined {
  return models.get(produce);
}

const ENDLESS: Range = { low: Infinity, typical: Infinity, high: Infinity };

function modelOf(traits: ProduceTraits): QualityModel {
  const { ripening, chilling } = traits;
  const perDay = ripening.relativeLife.map(([tempC, life]) => {
    return [tempC, 100 / life / ripening.storageDays.typical] as const;
  });
  const dosePerDay = chilling?.relativeSpeed.map(([tempC, speed]) => {
    return [tempC, speed / chilling.injuryDays.typical] as const;
  });
  return {
    produce: traits.name,
    ripeningPerDay: { scale: 'log', points: perDay },
    chillingPerDay: { scale: 'linear', points: dosePerDay ?? [[0, 0]] },
    storageDays: ripening.storageDays,
    temperatureShare: ripening.temperatureShare,
    injuryDays: chilling?.injuryDays ?? ENDLESS,
    freezingC: traits.freezingC,
  };
}

/**
 * How long produce keeps if it stays at a temperature, by whichever clock runs out first. Freezing is not in it.
 * @param used both clocks as they stand, of a typical lot
 * @param atC where it is kept from now on, °C
 */
export function remainingLife(model: QualityModel, used: ClocksUsed, atC: number): RemainingLife {
  const days = daysOf(model, used, atC, TYPICAL);
  // Each range by itself shifts the estimate by so much; they are independent, so their shifts add as squares.
  const shift = (lot: Partial<Lot>) => days - daysOf(model, used, atC, { ...TYPICAL, ...lot });
  return {
    days,
    lowDays: Math.max(
      0,
      days - Math.hypot(shift({ storage: 'low' }), shift({ felt: 'high' }), shift({ injury: 'low' })),
    ),
    highDays: days + Math.hypot(shift({ storage: 'high' }), shift({ felt: 'low' }), shift({ injury: 'high' })),
  };
}

/** A lot, by the end of each range at which it lies. */
interface Lot {
  readonly storage: keyof Range;
  readonly felt: keyof Range;
  readonly injury: keyof Range;
}

const TYPICAL: Lot = { storage: 'typical', felt: 'typical', injury: 'typical' };

function daysOf(model: QualityModel, used: ClocksUsed, atC: number, lot: Lot): number {
  const feltC = atC * model.temperatureShare[lot.felt];
  return Math.min(
    daysLeft(shareOfTypical(model.storageDays, lot.storage), used.ripening, curveValue(model.ripeningPerDay, feltC)),
    daysLeft(shareOfTypical(model.injuryDays, lot.injury), used.chilling, curveValue(model.chillingPerDay, atC)),
  );
}

/** What a lot at an end of the range bears, in what a typical one bears. */
function shareOfTypical(range: Range, end: keyof Range): number {
  return Number.isFinite(range.typical) ? range[end] / range.typical : 1;
}

function daysLeft(bears: number, used: number, perDay: number): number {
  if (used >= bears) return 0;
  return perDay === 0 ? Infinity : (bears - used) / perDay;
}

/**
 * Share of the fruit that shows chilling injury when warmed: half at a dose of 1. Nothing shows for the first days:
 * 0.5 % after three days at the worst temperature. The steepness is an ESTIMATE.
 */
export function chillingInjury(dose: number): number {
  const steep = dose ** 3;
  return Number.isFinite(steep) ? steep / (1 + steep) : 1;
}

/** Share of lots that freeze at a temperature, °C: by sugar, some freeze where others do not yet. */
export function freezingRisk(model: QualityModel, coldestC: number): number {
  const { low, high } = model.freezingC;
  return Math.min(1, Math.max(0, (high - coldestC) / (high - low)));
}

/**
 * Share of the value that is lost, 0 to 1: what ripened away, what injury spoils of the rest, what froze of that.
 * That value falls evenly as storage life is used is an ESTIMATE.
 * @param frozen share that froze: known in the world, {@link freezingRisk} in an estimate
 */
export function qualityLoss(used: ClocksUsed, frozen: number): number {
  return 1 - (1 - Math.min(1, used.ripening)) * (1 - chillingInjury(used.chilling)) * (1 - frozen);
}
