import { drawNormal } from '../../draw.ts';
import type { Place } from '../../plan/network.ts';
import { positionAt } from '../../plan/track.ts';
import type { WayPoint } from '../../plan/types.ts';
import { randomStream } from '../../random-stream.ts';
import { humidityRatio, pressurePa, saturationPa } from './humid-air.ts';

/**
 * The outside, as a simple documented model and not a forecast: seasonal and daily cosines through each place's
 * figures, weather as a smooth seeded day-to-day anomaly, places in between by inverse distance. ESTIMATES.
 */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** One point of an asset's ambient series every half hour: at 80 km/h that is a point every 40 km. */
const AMBIENT_STEP_MS = HOUR_MS / 2;

/** Coldest around 20 January on the continent. */
const COLDEST_DAY = 20;
/** Warmest at about three in the afternoon, solar time. */
const WARMEST_SOLAR_HOUR = 15;
/** Day-to-day spread of a daily mean in summer. */
const WEATHER_SD_K = 1.8;
/** International standard atmosphere. */
const LAPSE_KM = 6.5 / 1000;

/** What an asset meets outside, sampled every {@link AMBIENT_STEP_MS} from `startMs`. */
export interface AmbientSeries {
  readonly startMs: number;
  readonly airC: Float64Array;
  /** Temperature the body's skin sees: air plus what the sun adds. */
  readonly skinC: Float64Array;
  readonly humidityRatio: Float64Array;
  readonly pressurePa: Float64Array;
}

/** The seeded climate of all places. */
export class Climate {
  readonly #places: readonly Place[];
  readonly #seed: number;
  /** By day: one anomaly for each place. */
  readonly #anomalies = new Map<number, Float64Array>();
  readonly #weights: Float64Array;

  constructor(places: Iterable<Place>, seed: number) {
    this.#places = [...places];
    this.#seed = seed;
    this.#weights = new Float64Array(this.#places.length);
  }

  /** The series of an asset that moves along a track. @param solarRiseK skin above air with the sun overhead */
  along(track: readonly WayPoint[], startMs: number, endMs: number, solarRiseK: number): AmbientSeries {
    const size = Math.floor((endMs - startMs) / AMBIENT_STEP_MS) + 3;
    const series = {
      startMs,
      airC: new Float64Array(size),
      skinC: new Float64Array(size),
      humidityRatio: new Float64Array(size),
      pressurePa: new Float64Array(size),
    };
    for (let i = 0; i < size; i++) {
      const timeMs = startMs + i * AMBIENT_STEP_MS;
      const at = positionAt(track, timeMs);
      const pressure = pressurePa(at.altitudeM);
      const { airC, dewC } = this.at(at, timeMs);
      series.airC[i] = airC;
      series.skinC[i] = airC + solarRiseK * sineOfSun(at, timeMs);
      series.humidityRatio[i] = humidityRatio(saturationPa(dewC), pressure);
      series.pressurePa[i] = pressure;
    }
    return series;
  }

  /** Air temperature and dew point at a point and instant, °C. */
  at(point: WayPoint, timeMs: number): { airC: number; dewC: number } {
    const year = seasonShare(timeMs);
    let airC = 0;
    let dewC = 0;
    let rangeC = 0;
    let altitudeM = 0;
    this.#weigh(point);
    // The day's anomaly is eased from noon to noon (UTC), so that temperature has no step at midnight.
    const days = timeMs / DAY_MS - 0.5;
    const day = Math.floor(days);
    const eased = (1 - Math.cos(Math.PI * (days - day))) / 2;
    const today = this.#anomaliesOf(day);
    const tomorrow = this.#anomaliesOf(day + 1);
    for (let i = 0; i < this.#places.length; i++) {
      const weight = this.#weights[i]!;
      if (weight < 1e-4) continue;
      const place = this.#places[i]!;
      const anomaly = (1 - eased) * today[i]! + eased * tomorrow[i]!;
      const { januaryC, julyC, dailyRangeC, dewJanuaryC, dewJulyC } = place.climate;
      airC += weight * (januaryC + year * (julyC - januaryC) + anomaly);
      dewC += weight * (dewJanuaryC + year * (dewJulyC - dewJanuaryC));
      rangeC += weight * dailyRangeC;
      altitudeM += weight * place.altitudeM;
    }
    const hoursFromWarmest = solarHour(point, timeMs) - WARMEST_SOLAR_HOUR;
    airC += (rangeC / 2) * Math.cos((2 * Math.PI * hoursFromWarmest) / 24) - LAPSE_KM * (point.altitudeM - altitudeM);
    return { airC, dewC: Math.min(dewC, airC) };
  }

  /** Inverse-cube distance weights; a place within a few hundred metres takes all. */
  #weigh(point: WayPoint): void {
    let sum = 0;
    const eastWest = Math.cos((point.latDeg * Math.PI) / 180);
    for (let i = 0; i < this.#places.length; i++) {
      const place = this.#places[i]!;
      const squared = (place.lat - point.latDeg) ** 2 + ((place.lon - point.lonDeg) * eastWest) ** 2;
      const weight = 1 / ((squared + 1e-5) * Math.sqrt(squared + 1e-5));
      this.#weights[i] = weight;
      sum += weight;
    }
    for (let i = 0; i < this.#weights.length; i++) this.#weights[i] = this.#weights[i]! / sum;
  }

  /** The anomalies of one day, drawn when first asked for. */
  #anomaliesOf(day: number): Float64Array {
    let anomalies = this.#anomalies.get(day);
    if (!anomalies) {
      anomalies = Float64Array.from(this.#places, ({ name }) =>
        drawNormal(randomStream(this.#seed, 'weather', name, String(day)), 0, WEATHER_SD_K),
      );
      this.#anomalies.set(day, anomalies);
    }
    return anomalies;
  }
}

/** A point of a series by linear interpolation; flat beyond its ends. */
export function seriesAt(series: AmbientSeries, values: Float64Array, timeMs: number): number {
  const x = (timeMs - series.startMs) / AMBIENT_STEP_MS;
  const i = Math.min(Math.max(Math.floor(x), 0), values.length - 2);
  const share = Math.min(Math.max(x - i, 0), 1);
  return values[i]! + share * (values[i + 1]! - values[i]!);
}

/** 0 in the coldest time of the year, 1 in the warmest. */
function seasonShare(timeMs: number): number {
  const day = (timeMs / DAY_MS) % 365.2425;
  return (1 - Math.cos((2 * Math.PI * (day - COLDEST_DAY)) / 365.2425)) / 2;
}

function solarHour(point: WayPoint, timeMs: number): number {
  return (timeMs % DAY_MS) / HOUR_MS + point.lonDeg / 15;
}

/** Sine of the sun's height, 0 at night (declination by Cooper 1969). */
function sineOfSun(point: WayPoint, timeMs: number): number {
  const day = (timeMs / DAY_MS) % 365.2425;
  const declination = ((23.45 * Math.PI) / 180) * Math.sin((2 * Math.PI * (284 + day + 1)) / 365);
  const latitude = (point.latDeg * Math.PI) / 180;
  const hourAngle = ((solarHour(point, timeMs) - 12) * Math.PI) / 12;
  return Math.max(
    0,
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle),
  );
}
