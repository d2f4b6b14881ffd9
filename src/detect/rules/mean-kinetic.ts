import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { advanceSpell, clearingLine, KEPT } from '../spell.ts';
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

/** What is kept: the last reading; then, in turn for each bucket, the sum of exp(−ΔH/RT) × ms, and the ms. */
const LAST_MS = KEPT;
const LAST = KEPT + 1;
const BUCKETS_AT = KEPT + 2;

/** The window is as long as the buckets that lie wholly or in part within windowMs before the newest. */
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
      keeps: 2 + 2 * BUCKETS,
      step(m, at, reading) {
        const { timeMs, value } = reading;
        const beforeMs = m[at + LAST_MS]!;
        const before = m[at + LAST]!;
        m[at + LAST_MS] = timeMs;
        m[at + LAST] = value;
        if (beforeMs === 0) return null;
        const bucket = Math.floor(timeMs / bucketMs);
        forget(m, at + BUCKETS_AT, Math.floor(beforeMs / bucketMs), bucket);
        const spanMs = timeMs - beforeMs;
        if (spanMs <= maxGapMs) {
          const into = at + BUCKETS_AT + 2 * (bucket % BUCKETS);
          m[into]! += Math.exp(-ACTIVATION_K / ((before + value) / 2 + ZERO_C_K)) * spanMs;
          m[into + 1]! += spanMs;
        }
        const { mktC, coveredMs } = meanOf(m, at + BUCKETS_AT);
        const full = coveredMs >= windowMs - bucketMs;
        return advanceSpell(m, at, reading, full && mktC > limitC, mktC <= clearC, mktC, 1, 0, maxGapMs);
      },
    };
  },
};

/** Empties the buckets that a newer one takes the place of. */
function forget(m: Float64Array, bucketsAt: number, last: number, newest: number): void {
  for (let bucket = Math.max(last + 1, newest - BUCKETS + 1); bucket <= newest; bucket++) {
    m.fill(0, bucketsAt + 2 * (bucket % BUCKETS), bucketsAt + 2 * (bucket % BUCKETS) + 2);
  }
}

function meanOf(m: Float64Array, bucketsAt: number): { mktC: number; coveredMs: number } {
  let sum = 0;
  let coveredMs = 0;
  for (let b = bucketsAt; b < bucketsAt + 2 * BUCKETS; b += 2) {
    sum += m[b]!;
    coveredMs += m[b + 1]!;
  }
  return { mktC: coveredMs === 0 ? -ZERO_C_K : -ACTIVATION_K / Math.log(sum / coveredMs) - ZERO_C_K, coveredMs };
}
