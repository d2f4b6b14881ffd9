import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell, inSpell, KEPT } from '../spell.ts';
import { ahead, difference, dwell, lasting, level } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  limitC: level('the limit that is going to be passed, °C'),
  horizonMs: ahead('how far ahead it looks, ms', 4 * HOUR_MS),
  halfLifeMs: lasting('after how long a reading counts half, ms', HOUR_MS, 60_000),
  confidence: z.number().min(0).max(6).default(3).describe('how many standard errors the slope is taken less steep'),
  fromC: level('below this nothing is predicted: there is time to look again, °C').default(-60),
  noiseC: difference("the sensor's least noise, so that a rounded reading is not taken for certain, °C", 0.1),
  dwellMs: dwell(),
});

/** What is kept: the last time, weight, mean time before it in hours, mean value, and the sums of squares. */
const LAST_MS = KEPT;
const WEIGHT = KEPT + 1;
const MEAN_T = KEPT + 2;
const MEAN_V = KEPT + 3;
const TT = KEPT + 4;
const TV = KEPT + 5;
const VV = KEPT + 6;

/**
 * A straight line through the last readings, older ones forgotten by halves (weighted least squares, West's update:
 * Communications of the ACM 22(9), 1979).
 */
export const predicted: Rule<typeof params> = {
  name: 'predicted',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Going to be too warm: raised when a line through the last readings, its slope taken less steep by confidence ' +
    'standard errors, passes limitC within horizonMs, for dwellMs. Cleared when it no longer does within twice the ' +
    'horizon. Starts nothing above limitC, where `high` speaks; what it foretold stays with it.',
  params,
  bind: (p, { maxGapMs }) => {
    const fadeOver = fading(p.halfLifeMs);
    return {
      limit: p.limitC,
      keeps: 7,
      step(m, at, reading) {
        const { timeMs, value } = reading;
        const spanMs = timeMs - m[at + LAST_MS]!;
        if (spanMs > maxGapMs) {
          m.fill(0, at + KEPT, at + KEPT + 7);
          m[at + LAST_MS] = timeMs;
          m[at + WEIGHT] = 1;
          m[at + MEAN_V] = value;
          return null;
        }
        takeIn(m, at, timeMs, value, fadeOver(spanMs));
        const speaks = value >= p.fromC && value <= p.limitC;
        // The usual case, made short: nothing is predicted here, as before.
        if (!speaks && !inSpell(m, at)) return null;
        const aheadMs = hoursToLimit(m, at, p.limitC, p.confidence, p.noiseC) * HOUR_MS;
        const inside = value <= p.limitC && aheadMs > 2 * p.horizonMs;
        return advanceSpell(m, at, reading, speaks && aheadMs <= p.horizonMs, inside, value, 1, p.dwellMs, maxGapMs);
      },
    };
  },
};

/** How much of its weight a reading keeps over a span. Devices report at regular times: the last span's is kept. */
function fading(halfLifeMs: number): (spanMs: number) => number {
  let lastMs = 0;
  let last = 1;
  return (spanMs) => {
    if (spanMs !== lastMs) {
      lastMs = spanMs;
      last = 2 ** (-spanMs / halfLifeMs);
    }
    return last;
  };
}

/** Takes a reading into the line. */
function takeIn(m: Float64Array, at: number, timeMs: number, value: number, fade: number): void {
  const weight = m[at + WEIGHT]! * fade + 1;
  // Time counts from the newest reading: the mean lies before it.
  const meanAgo = m[at + MEAN_T]! - (timeMs - m[at + LAST_MS]!) / HOUR_MS;
  const dt = -meanAgo;
  const dv = value - m[at + MEAN_V]!;
  const meanT = meanAgo + dt / weight;
  const meanV = m[at + MEAN_V]! + dv / weight;
  m[at + LAST_MS] = timeMs;
  m[at + WEIGHT] = rounded(weight);
  m[at + MEAN_T] = rounded(meanT);
  m[at + MEAN_V] = rounded(meanV);
  m[at + TT] = rounded(m[at + TT]! * fade + dt * -meanT);
  m[at + TV] = rounded(m[at + TV]! * fade + dt * (value - meanV));
  m[at + VV] = rounded(m[at + VV]! * fade + dv * (value - meanV));
}

/** What fades by halves never quite goes: below this it does, so that lines of other beginnings become one. */
const rounded = (number: number) => Math.round(number * 1e9) / 1e9;

/** Hours until the careful line passes the limit; Infinity where it never does. */
function hoursToLimit(m: Float64Array, at: number, limitC: number, confidence: number, noiseC: number): number {
  const weight = m[at + WEIGHT]!;
  const tt = m[at + TT]!;
  // Fewer than three readings' weight is no line.
  if (weight < 3 || tt <= 0) return Number.POSITIVE_INFINITY;
  const slope = m[at + TV]! / tt;
  const variance = Math.max(m[at + VV]! - slope * m[at + TV]!, 0) / (weight - 2);
  const slopeError = Math.sqrt(Math.max(variance, noiseC * noiseC) / tt);
  const careful = slope - confidence * slopeError;
  if (careful <= 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, (limitC - (m[at + MEAN_V]! - slope * m[at + MEAN_T]!)) / careful);
}
