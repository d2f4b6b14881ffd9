import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Interval } from '../../src/contract/words.ts';
import { uniform } from '../random-stream.ts';

const DAY_MS = 86_400_000;

/**
 * Draws when one device's link is away: up and down times both exponential (an alternating renewal process), so
 * outages never touch each other. Ascending; cut off at the end of the run.
 * @param ratePerDay outages for a day of working link; 0 for none
 * @param meanMs mean length of an outage
 */
export function drawOutages(
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
