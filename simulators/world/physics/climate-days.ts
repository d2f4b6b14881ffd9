import { dewPointC, saturationPa } from '../../../src/lib/vapour.ts';
import type { Place } from '../../plan/network.ts';
import { seasonAt, seasonOf, yearMonthsOf } from './season.ts';
import { type SunDay, sunOfDay, sunriseH } from './sun.ts';
import { Weather } from './weather.ts';

/** Day-to-day spread of a daily mean, K: winter's fronts are the sharper ones. ESTIMATES. */
const WEATHER_SD_K = { winter: 3, summer: 1.8 } as const;
/** Day-to-day spread of the share of sunshine. ESTIMATE. */
const SUNSHINE_SD = 0.25;
/** Clear days have the greater daily range: by this share of it for each unit of sunshine. ESTIMATE. */
const RANGE_PER_SUNSHINE = 0.6;
/** Warm spells are moister, but less than their temperature would allow. ESTIMATE. */
const DEW_FOLLOWS = 0.5;

/** How many values a place has for a day. */
export const DAY_VALUES = 5;

/** One day at all places. */
export interface PlaceDay {
  /** By place: daily mean °C, half the daily range K, dew point °C, share of sunshine, sunrise (h by the sundial). */
  readonly values: Float64Array;
  readonly sun: SunDay;
}

const DAY_MS = 86_400_000;

interface Seasons {
  readonly meanC: Float64Array;
  readonly rangeC: Float64Array;
  readonly dewC: Float64Array;
  readonly sunshine: number;
  readonly sinLat: number;
  readonly cosLat: number;
}

/** Climate and weather by day, worked out when first asked for. */
export class ClimateDays {
  readonly #seasons: readonly Seasons[];
  readonly #weather: Weather;
  readonly #days = new Map<number, PlaceDay>();

  constructor(places: readonly Place[], seed: number) {
    this.#weather = new Weather(seed, places);
    this.#seasons = places.map(({ lat, climate }) => {
      const dewC = climate.humidityPct.map((pct, month) =>
        dewPointC((pct / 100) * saturationPa(climate.meanC[month]!)),
      );
      return {
        meanC: seasonOf(climate.meanC),
        rangeC: seasonOf(climate.rangeC),
        dewC: seasonOf(dewC),
        sunshine: climate.sunshine,
        sinLat: Math.sin((lat * Math.PI) / 180),
        cosLat: Math.cos((lat * Math.PI) / 180),
      };
    });
  }

  /** @param day since 1970; its values are those of its noon */
  of(day: number): PlaceDay {
    let found = this.#days.get(day);
    if (!found) {
      found = this.#make(day);
      this.#days.set(day, found);
    }
    return found;
  }

  #make(day: number): PlaceDay {
    const noonMs = (day + 0.5) * DAY_MS;
    const months = yearMonthsOf(noonMs);
    // 1 in the middle of January, 0 in the middle of July.
    const winter = (1 + Math.cos((2 * Math.PI * (months - 0.5)) / 12)) / 2;
    const spreadK = winter * WEATHER_SD_K.winter + (1 - winter) * WEATHER_SD_K.summer;
    const weather = this.#weather.ofDay(day);
    const sun = sunOfDay(noonMs);
    const values = new Float64Array(DAY_VALUES * this.#seasons.length);
    for (const [i, season] of this.#seasons.entries()) {
      const warmerK = spreadK * weather[2 * i]!;
      const sunshine = Math.min(1, Math.max(0.02, season.sunshine + SUNSHINE_SD * weather[2 * i + 1]!));
      const clearer = sunshine - season.sunshine;
      const at = DAY_VALUES * i;
      values[at] = seasonAt(season.meanC, months) + warmerK;
      values[at + 1] = (seasonAt(season.rangeC, months) / 2) * (1 + RANGE_PER_SUNSHINE * clearer);
      values[at + 2] = seasonAt(season.dewC, months) + DEW_FOLLOWS * warmerK;
      values[at + 3] = sunshine;
      values[at + 4] = sunriseH(sun, season.sinLat, season.cosLat);
    }
    return { values, sun };
  }
}
