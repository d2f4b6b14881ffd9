import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { ScenarioData, SeasonData } from '../scenario/schema.ts';
import { zoneOf } from './zone.ts';

/** The harvest of a whole season, load by load. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Fruit comes in from the orchards between these hours of the day. ESTIMATE. */
const FIRST_HOUR = 7;
const LAST_HOUR = 21;
/** How steep the season is: the standard deviation on each side, as a share of that side's length. ESTIMATE. */
const STEEPNESS = 0.45;

/** First day, peak and last day of a season, midnights in the scenario's zone, epoch ms by the scenario's own start. */
export function seasonDays(start: string, season: SeasonData): { fromMs: number; peakMs: number; toMs: number } {
  const midnight = (monthDay: string): number =>
    Date.parse(`${start.slice(0, 4)}-${monthDay}T00:00:00${zoneOf(start)}`);
  return { fromMs: midnight(season.from), peakMs: midnight(season.peak), toMs: midnight(season.to) };
}

/**
 * When each load of the season comes in, ascending: as many as the scenario says, by a bell with its peak on the
 * scenario's day, steeper on the shorter side (ESTIMATE: no daily figures of a harvest were found).
 */
export function harvestTimes(scenario: ScenarioData, seed: number, startMs: number): number[] {
  const season = scenario.trips.season!;
  const days = seasonDays(scenario.start, season);
  // A run may be started at another time than the scenario says: the season moves along.
  const shiftMs = startMs - Date.parse(scenario.start);
  const weights = dayWeights(days);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const times: number[] = [];
  let shareSoFar = 0;
  for (const [d, weight] of weights.entries()) {
    shareSoFar += weight / whole;
    const count = Math.round(shareSoFar * season.loads) - times.length;
    const stream = randomStream(seed, 'harvest-day', String(d));
    const everyMs = ((LAST_HOUR - FIRST_HOUR) * HOUR_MS) / Math.max(1, count);
    const firstMs = days.fromMs + shiftMs + d * DAY_MS + FIRST_HOUR * HOUR_MS;
    for (let n = 0; n < count; n++) times.push(Math.round(firstMs + (n + drawBetween(stream, 0, 1)) * everyMs));
  }
  return times;
}

function dayWeights({ fromMs, peakMs, toMs }: ReturnType<typeof seasonDays>): number[] {
  const days = Math.round((toMs - fromMs) / DAY_MS) + 1;
  const peak = (peakMs - fromMs) / DAY_MS;
  return Array.from({ length: days }, (_, d) => {
    const sideDays = Math.max(1, d < peak ? peak : days - 1 - peak);
    return Math.exp(-0.5 * ((d - peak) / (STEEPNESS * sideDays)) ** 2);
  });
}
