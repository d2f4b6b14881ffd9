import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell, clearingLine } from '../spell.ts';
import { difference, lasting, level } from './params.ts';

/** ΔH/R of USP: 83.144 kJ/mol over 8.3144e-3 kJ/mol·K. */
const ACTIVATION_K = 10_000;
const ZERO_C_K = 273.15;
const BUCKETS = 12;

const params = z.strictObject({
  limitC: level('the highest mean kinetic temperature borne, °C'),
  hysteresisC: difference('how far below the limit it must come to end it, °C', 0.2),
  windowMs: lasting('over how long it is taken, in twelve buckets, ms', 24 * 3_600_000, 12 * 60_000),
});

/**
 * Kept: the last reading's time and value, then for each bucket its number, the sum of exp(−ΔH/RT) × ms, and the ms.
 * The window is as long as the buckets that lie wholly or in part within windowMs before the newest.
 */
export const meanKinetic: Rule<typeof params> = {
  name: 'mean-kinetic',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Mean kinetic temperature (USP) over a window: raised when it is above limitC and the window is full, evidence gaps ' +
    'left out. Cleared at limitC − hysteresisC. It treats colder as better: not for produce that cold harms or freezes.',
  params,
  bind: ({ limitC, hysteresisC, windowMs }, { maxGapMs }) => {
    const bucketMs = windowMs / BUCKETS;
    const clearC = clearingLine(limitC, hysteresisC, 1);
    return {
      limit: limitC,
      step(memory, reading) {
        const { timeMs, value } = reading;
        const k = memory.kept;
        if (k.length === 0) {
          memory.kept = [timeMs, value];
          return null;
        }
        const spanMs = timeMs - k[0]!;
        if (spanMs <= maxGapMs) addTo(k, Math.floor(timeMs / bucketMs), (k[1]! + value) / 2, spanMs);
        while (k.length > 2 && k[2]! <= Math.floor(timeMs / bucketMs) - BUCKETS) k.splice(2, 3);
        k[0] = timeMs;
        k[1] = value;
        const { mktC, coveredMs } = meanOf(k);
        const full = coveredMs >= windowMs - bucketMs;
        return advanceSpell(memory, reading, full && mktC > limitC, mktC <= clearC, mktC, 1, 0, maxGapMs);
      },
    };
  },
};

function addTo(k: number[], bucket: number, valueC: number, spanMs: number): void {
  if (k.length === 2 || k.at(-3) !== bucket) k.push(bucket, 0, 0);
  k[k.length - 2]! += Math.exp(-ACTIVATION_K / (valueC + ZERO_C_K)) * spanMs;
  k[k.length - 1]! += spanMs;
}

function meanOf(k: readonly number[]): { mktC: number; coveredMs: number } {
  let sum = 0;
  let coveredMs = 0;
  for (let b = 2; b < k.length; b += 3) {
    sum += k[b + 1]!;
    coveredMs += k[b + 2]!;
  }
  return { mktC: coveredMs === 0 ? -ZERO_C_K : -ACTIVATION_K / Math.log(sum / coveredMs) - ZERO_C_K, coveredMs };
}
