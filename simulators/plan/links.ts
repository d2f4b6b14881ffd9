import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Interval } from '../../src/contract/words.ts';
import { randomStream, uniform } from '../random-stream.ts';
import type { ScenarioData } from '../scenario/schema.ts';
import { isVehicle } from './devices.ts';
import type { FleetAsset } from './fleet.ts';
import { clipped, merged, overlap } from './intervals.ts';

const DAY_MS = 86_400_000;

/**
 * When the devices of an asset reach no broker: while the broker is away, and at random for what drives; the yard's
 * link is wired. @param duties what does not touch one of these is left out: nobody reports then
 */
export function outagesOf(
  asset: FleetAsset,
  duties: readonly Interval[],
  { links }: Pick<ScenarioData, 'links'>,
  seed: number,
  run: Interval,
): readonly Interval[] {
  const broker = links.brokerOutages.map(({ at, for: lengthMs }) => ({
    fromMs: run.fromMs + at,
    toMs: run.fromMs + at + lengthMs,
  }));
  if (!isVehicle(asset.kind)) return clipped(merged(broker), run);
  const stream = randomStream(seed, 'outages', asset.key);
  const drawn = drawOutages(stream, run.fromMs, run.toMs, links.outagesPerDay, links.meanOutage);
  return clipped(merged([...whileOnDuty(drawn, duties), ...broker]), run);
}

/** Those of an ascending list that touch an interval of another. */
function whileOnDuty(outages: readonly Interval[], duties: readonly Interval[]): Interval[] {
  let d = 0;
  return outages.filter((outage) => {
    while (d < duties.length && duties[d]!.toMs <= outage.fromMs) d++;
    return d < duties.length && overlap(outage, duties[d]!);
  });
}

/**
 * Draws when one device's link is away: up and down times both exponential (an alternating renewal process), so
 * outages never touch each other. Ascending; cut off at the end of the run.
 * @param ratePerDay outages for a day of working link; 0 for none
 * @param meanMs mean length of an outage
 */
function drawOutages(
  stream: RandomGenerator,
  startMs: number,
  endMs: number,
  ratePerDay: number,
  meanMs: number,
): Interval[] {
  const outages: Interval[] = [];
  if (ratePerDay <= 0 || meanMs <= 0) return outages;
  const exponentialMs = (mean: number) => Math.max(1, Math.round(-mean * Math.log(uniform(stream))));
  let fromMs = startMs + exponentialMs(DAY_MS / ratePerDay);
  while (fromMs < endMs) {
    const toMs = Math.min(fromMs + exponentialMs(meanMs), endMs);
    outages.push({ fromMs, toMs });
    fromMs = toMs + exponentialMs(DAY_MS / ratePerDay);
  }
  return outages;
}
