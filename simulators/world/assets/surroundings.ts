import { kmAt } from '../../plan/track.ts';
import type { Duty, Route } from '../../plan/types.ts';
import { humidityRatio, saturationPa } from '../physics/humid-air.ts';
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

const sample = new Float64Array(8);

/** What an asset on duty meets outside. */
export class Surroundings {
  readonly #weather: Weather;
  readonly #duty: Duty;
  readonly #kind: BodyKind;
  /** The samples at `#fromMs` and half an hour later. */
  readonly #row = new Float64Array(2 * SIZE);
  #fromMs: number;
  #km: number;

  constructor(weather: Weather, duty: Duty, kind: BodyKind) {
    this.#weather = weather;
    this.#duty = duty;
    this.#kind = kind;
    this.#fromMs = duty.fromMs;
    this.#km = kmAt(duty.track, duty.fromMs);
    this.#take(duty.fromMs, 0);
    this.#take(duty.fromMs + SAMPLE_MS, SIZE);
  }

  /** Takes samples until the instant lies between the two kept. Instants do not go back. */
  moveTo(timeMs: number): void {
    while (timeMs >= this.#fromMs + SAMPLE_MS) {
      this.#fromMs += SAMPLE_MS;
      this.#row.copyWithin(0, SIZE);
      this.#take(this.#fromMs + SAMPLE_MS, SIZE);
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
    const from = this.#row[what]!;
    return from + ((timeMs - this.#fromMs) / SAMPLE_MS) * (this.#row[SIZE + what]! - from);
  }

  #take(timeMs: number, at: number): void {
    const { absorptance, sunlitShare, indoors } = this.#kind;
    const { track } = this.#duty;
    const km = kmAt(track, timeMs);
    // The mean speed of the half hour before: the wind of travel takes most of the sun's warmth off the skin.
    const speedMps = ((km - this.#km) * 1000) / (SAMPLE_MS / 1000);
    this.#km = km;
    this.#weather.sampleAt(track.route, km, timeMs, sample);
    this.#row[at + AIR_C] = indoors ? SHOP_C : sample[0]!;
    this.#row[at + PRESSURE_PA] = sample[2]!;
    this.#row[at + RATIO] = indoors
      ? humidityRatio((SHOP_HUMIDITY_PCT / 100) * saturationPa(SHOP_C), sample[2]!)
      : sample[1]!;
    this.#row[at + SUN_RISE_K] = solarRiseK(sample[3]!, absorptance, sunlitShare, speedMps);
  }
}
