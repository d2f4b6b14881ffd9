import { saturationPa } from '../../../src/lib/vapour.ts';
import { kmAt } from '../../plan/track.ts';
import type { Duty, Route } from '../../plan/types.ts';
import { humidityRatio } from '../physics/humid-air.ts';
import { solarRiseK } from '../physics/wall.ts';
import type { BodyKind } from './body.ts';

/** Where weather comes from: `Climate`, or a climate chamber. Writes airC, humidityRatio, pressurePa, sunWm2. */
export interface Weather {
  sampleAt(route: Route, km: number, timeMs: number, out: Float64Array): void;
}

/** Two samples are kept and interpolated: at 80 km/h that is one every 40 km. */
const SAMPLE_MS = 30 * 60_000;

/** ESTIMATE of the air in a shop: cooled in summer, half humid. */
const SHOP_C = 24;
const SHOP_HUMIDITY_PCT = 50;

const AIR_C = 0;
const RATIO = 1;
const PRESSURE_PA = 2;
const SUN_RISE_K = 3;
const SIZE = 4;

/** Where figures lie in the row: the sample at FROM_MS, the one half an hour later, and how far the asset had got. */
const FROM_MS = 2 * SIZE;
const KM = FROM_MS + 1;
/** How many numbers these are. */
export const SURROUNDINGS_SIZE = KM + 1;

const sample = new Float64Array(8);

/** What an asset on duty meets outside. */
export class Surroundings {
  readonly #weather: Weather;
  readonly #duty: Duty;
  readonly #kind: BodyKind;
  readonly #row: Float64Array;
  readonly #from: number;

  /** @param row has {@link SURROUNDINGS_SIZE} numbers for these alone, from `at` on */
  constructor(weather: Weather, duty: Duty, kind: BodyKind, row: Float64Array, at: number) {
    this.#weather = weather;
    this.#duty = duty;
    this.#kind = kind;
    this.#row = row;
    this.#from = at;
    row[at + FROM_MS] = duty.fromMs;
    row[at + KM] = kmAt(duty.track, duty.fromMs);
    this.#take(duty.fromMs, 0);
    this.#take(duty.fromMs + SAMPLE_MS, SIZE);
  }

  /** Takes samples until the instant lies between the two kept. Instants do not go back. */
  moveTo(timeMs: number): void {
    const row = this.#row;
    const at = this.#from;
    while (timeMs >= row[at + FROM_MS]! + SAMPLE_MS) {
      row[at + FROM_MS] = row[at + FROM_MS]! + SAMPLE_MS;
      row.copyWithin(at, at + SIZE, at + 2 * SIZE);
      this.#take(row[at + FROM_MS]! + SAMPLE_MS, SIZE);
    }
  }

  airC(timeMs: number): number {
    return this.#at(AIR_C, timeMs);
  }

  /** Mean temperature that the skin is at in the sun. */
  skinC(timeMs: number): number {
    return this.#at(AIR_C, timeMs) + this.#at(SUN_RISE_K, timeMs);
  }

  /** Kilograms of vapour in a kilogram of dry air. */
  humidityRatio(timeMs: number): number {
    return this.#at(RATIO, timeMs);
  }

  pressurePa(timeMs: number): number {
    return this.#at(PRESSURE_PA, timeMs);
  }

  #at(what: number, timeMs: number): number {
    const row = this.#row;
    const at = this.#from + what;
    const from = row[at]!;
    return from + ((timeMs - row[this.#from + FROM_MS]!) / SAMPLE_MS) * (row[at + SIZE]! - from);
  }

  /** @param which 0 or SIZE */
  #take(timeMs: number, which: number): void {
    const row = this.#row;
    const at = this.#from + which;
    const { absorptance, sunlitShare, indoors } = this.#kind;
    const { track } = this.#duty;
    const km = kmAt(track, timeMs);
    // The mean speed of the half hour before: the wind of travel takes most of the sun's warmth off the skin.
    const speedMps = ((km - row[this.#from + KM]!) * 1000) / (SAMPLE_MS / 1000);
    row[this.#from + KM] = km;
    this.#weather.sampleAt(track.route, km, timeMs, sample);
    row[at + AIR_C] = indoors ? SHOP_C : sample[0]!;
    row[at + PRESSURE_PA] = sample[2]!;
    row[at + RATIO] = indoors
      ? humidityRatio((SHOP_HUMIDITY_PCT / 100) * saturationPa(SHOP_C), sample[2]!)
      : sample[1]!;
    row[at + SUN_RISE_K] = solarRiseK(sample[3]!, absorptance, sunlitShare, speedMps);
  }
}
