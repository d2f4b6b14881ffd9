import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell } from '../spell.ts';
import { difference, dwell, lasting, level } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  limitC: level('the limit that is going to be passed, °C'),
  horizonMs: lasting('how far ahead it looks, ms', 4 * HOUR_MS),
  halfLifeMs: lasting('after how long a reading counts half, ms', HOUR_MS, 60_000),
  confidence: z.number().min(0).max(6).default(3).describe('how many standard errors the slope is taken less steep'),
  fromC: level('below this nothing is predicted: there is time to look again, °C').default(-60),
  noiseC: difference("the sensor's least noise, so that a rounded reading is not taken for certain, °C", 0.1),
  dwellMs: dwell(),
});

/**
 * A straight line through the last readings, older ones forgotten by halves (weighted least squares, West's update:
 * Communications of the ACM 22(9), 1979). Kept: the last time, weight, mean time before it in hours, mean value, and
 * the sums of squares tt, tv, vv.
 */
export const predicted: Rule<typeof params> = {
  name: 'predicted',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Going to be too warm: raised when a line through the last readings, its slope taken less steep by confidence ' +
    'standard errors, passes limitC within horizonMs, for dwellMs. Cleared when it no longer does within twice the ' +
    'horizon. Says nothing above limitC, where `high` speaks.',
  params,
  bind: (p, { maxGapMs }) => ({
    limit: p.limitC,
    step(memory, reading) {
      const { timeMs, value } = reading;
      const k = memory.kept;
      if (k.length === 0 || timeMs - k[0]! > maxGapMs) {
        memory.kept = [timeMs, 1, 0, value, 0, 0, 0];
        if (memory.spell?.raisedMs == null) memory.spell = null;
        return null;
      }
      takeIn(k, timeMs, value, p.halfLifeMs);
      const hours = hoursToLimit(k, p.limitC, p.confidence, p.noiseC);
      const beyond = value >= p.fromC && value <= p.limitC && hours * HOUR_MS <= p.horizonMs;
      const inside = value <= p.limitC && hours * HOUR_MS > 2 * p.horizonMs;
      return advanceSpell(memory, reading, beyond, inside, value, 1, p.dwellMs, maxGapMs);
    },
  }),
};

/** Takes a reading into the line. */
function takeIn(k: number[], timeMs: number, value: number, halfLifeMs: number): void {
  const spanMs = timeMs - k[0]!;
  const fade = 2 ** (-spanMs / halfLifeMs);
  const weight = k[1]! * fade + 1;
  // Time counts from the newest reading: the mean lies before it.
  const meanAgo = k[2]! - spanMs / HOUR_MS;
  const dt = -meanAgo;
  const dv = value - k[3]!;
  const meanT = meanAgo + dt / weight;
  const meanV = k[3]! + dv / weight;
  k[0] = timeMs;
  k[1] = weight;
  k[2] = meanT;
  k[3] = meanV;
  k[4] = k[4]! * fade + dt * -meanT;
  k[5] = k[5]! * fade + dt * (value - meanV);
  k[6] = k[6]! * fade + dv * (value - meanV);
}

/** Hours until the careful line passes the limit; Infinity where it never does. */
function hoursToLimit(k: readonly number[], limitC: number, confidence: number, noiseC: number): number {
  const [, weight, meanT, meanV, tt, tv, vv] = k as [number, number, number, number, number, number, number];
  // Fewer than three readings' weight is no line.
  if (weight < 3 || tt <= 0) return Number.POSITIVE_INFINITY;
  const slope = tv / tt;
  const variance = Math.max(vv - slope * tv, 0) / (weight - 2);
  const slopeError = Math.sqrt(Math.max(variance, noiseC * noiseC) / tt);
  const careful = slope - confidence * slopeError;
  if (careful <= 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, (limitC - (meanV - slope * meanT)) / careful);
}
