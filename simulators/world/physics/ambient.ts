import { saturationPa } from '../../../src/lib/vapour.ts';
import type { Place } from '../../plan/network.ts';
import type { Route } from '../../plan/types.ts';
import { ClimateDays, DAY_VALUES, type PlaceDay } from './climate-days.ts';
import { humidityRatio } from './humid-air.ts';
import { type Knots, KnotsOfRoutes, PLACES_PER_KNOT } from './route-knots.ts';
import { clearSkyWm2, sinOfHeight, solarHour } from './sun.ts';

/**
 * The outside, as a simple documented model and not a forecast: each place's climate by month, seeded weather around
 * it, places in between by distance and altitude, a day's course with the sun. ESTIMATES, but for the sun.
 */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Warmest at about three in the afternoon by the sundial, coldest at sunrise. */
const WARMEST_SOLAR_H = 15;
/** Free air: International Standard Atmosphere. */
const LAPSE_KM = 6.5 / 1000;
/** The dew point of rising air falls by less (textbook value for unsaturated air). */
const DEW_LAPSE_KM = 1.8 / 1000;

/** How many values {@link Climate.sampleAt} writes. */
export const AMBIENT_VALUES = 4;

/** The seeded climate of all places and of the ways between them. */
export class Climate {
  readonly #knots: KnotsOfRoutes;
  readonly #days: ClimateDays;
  /** What the places around a point make of it, in the order of {@link PlaceDay}'s values. */
  readonly #blend = new Float64Array(DAY_VALUES);

  constructor(places: Iterable<Place>, seed: number) {
    const list = [...places];
    this.#knots = new KnotsOfRoutes(list);
    this.#days = new ClimateDays(list, seed);
  }

  /**
   * What it is like outside at a kilometre of a route.
   * @param out is given: air temperature (°C), humidity ratio (kg/kg), pressure (Pa), sunshine on level ground (W/m²)
   */
  sampleAt(route: Route, km: number, timeMs: number, out: Float64Array): void {
    const knots = this.#knots.of(route);
    const x = Math.min(Math.max(km * knots.perKm, 0), knots.last);
    const knot = Math.min(Math.floor(x), Math.max(knots.last - 1, 0));
    const share = x - knot;
    const lonDeg = between(knots.lonDeg, knot, share);

    // A day's values hold at noon, mean solar time, and pass over into the next one's from noon to noon.
    const noons = (timeMs + (lonDeg / 15) * HOUR_MS) / DAY_MS - 0.5;
    const day = Math.floor(noons);
    const today = this.#days.of(day);
    const tomorrow = this.#days.of(day + 1);
    const sinceNoon = noons - day;
    const passed = sinceNoon * sinceNoon * (3 - 2 * sinceNoon);
    const blend = this.#blend;
    blend.fill(0);
    addKnot(blend, knots, knot, (1 - share) * (1 - passed), today, (1 - share) * passed, tomorrow);
    if (share > 0) addKnot(blend, knots, knot + 1, share * (1 - passed), today, share * passed, tomorrow);

    const { sun } = sinceNoon < 0.5 ? today : tomorrow;
    const hour = solarHour(sun, 12 + 24 * sinceNoon);
    const riseM = between(knots.riseM, knot, share);
    const airC = blend[0]! - LAPSE_KM * riseM + blend[1]! * dayCourse(hour, blend[4]!);
    const dewC = Math.min(blend[2]! - DEW_LAPSE_KM * riseM, airC);
    const pressure = between(knots.pressurePa, knot, share);
    const sinHeight = sinOfHeight(sun, between(knots.sinLat, knot, share), between(knots.cosLat, knot, share), hour);
    out[0] = airC;
    out[1] = humidityRatio(saturationPa(dewC), pressure);
    out[2] = pressure;
    out[3] = sinHeight <= 0 ? 0 : sunshineShare(blend[3]!) * clearSkyWm2(sinHeight);
  }
}

/** Adds the climate of a knot's places, weighted for two days that follow each other. */
function addKnot(
  blend: Float64Array,
  knots: Knots,
  knot: number,
  now: number,
  today: PlaceDay,
  then: number,
  tomorrow: PlaceDay,
): void {
  const a = today.values;
  const b = tomorrow.values;
  for (let i = knot * PLACES_PER_KNOT; i < (knot + 1) * PLACES_PER_KNOT; i++) {
    const at = DAY_VALUES * knots.place[i]!;
    const wa = now * knots.weight[i]!;
    const wb = then * knots.weight[i]!;
    for (let v = 0; v < DAY_VALUES; v++) blend[v] = blend[v]! + wa * a[at + v]! + wb * b[at + v]!;
  }
}

/** −1 at sunrise, 1 at the warmest hour, and on average 0: two halves of a cosine, the falling one the longer. */
function dayCourse(solarH: number, coldestH: number): number {
  const sinceColdestH = solarH < coldestH ? solarH + 24 - coldestH : solarH - coldestH;
  const risingH = WARMEST_SOLAR_H - coldestH;
  if (sinceColdestH < risingH) return -Math.cos((Math.PI * sinceColdestH) / risingH);
  return Math.cos((Math.PI * (sinceColdestH - risingH)) / (24 - risingH));
}

/**
 * Share of the clear sky's radiation that comes through, by the day's share of sunshine: Ångström's line with the
 * coefficients of FAO 56 (eq. 35: 0.25 + 0.50 n/N), over its own value for a clear day.
 */
function sunshineShare(sunshine: number): number {
  return (0.25 + 0.5 * sunshine) / 0.75;
}

function between(values: Float64Array, i: number, share: number): number {
  return share > 0 ? (1 - share) * values[i]! + share * values[i + 1]! : values[i]!;
}
