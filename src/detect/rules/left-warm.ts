import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { KEPT } from '../spell.ts';
import { lasting, level } from './params.ts';

const params = z.strictObject({
  limitC: level('the warmest that fruit may be when it goes on, °C'),
  pulledMs: lasting('how long before it goes probes may already hang in the air, ms', 30 * 60_000),
});

/** What is kept: the last reading, and the coldest of the current and of the previous stretch of pulledMs. */
const LAST_MS = KEPT;
const COLDEST = KEPT + 1;
const COLDEST_BEFORE = KEPT + 2;

/**
 * A room that cools fruit shows nothing wrong while it cools: that it was not given the time shows when the fruit
 * goes. In the store that it goes to, its warmth may drown in that of all other fruit.
 *
 * Its last reading is often not of fruit: the door stands open, the probes are pulled out, and only then the fruit is
 * scanned. Fruit that is being cooled is at its coldest when it goes, and warms by tenths of a degree in half an hour:
 * so the coldest of the last readings is the fruit's own.
 */
export const leftWarm: Rule<typeof params> = {
  name: 'left-warm',
  stratum: 'condition',
  unit: 'channel',
  doc:
    'Gone on too warm: raised, and over, at the instant at which the last produce left, where even the coldest reading of ' +
    'the last pulledMs (or somewhat longer, twice that at most) was above limitC, and the last no older than an evidence gap.',
  params,
  bind: ({ limitC, pulledMs }, { maxGapMs }) => ({
    limit: limitC,
    keeps: 3,
    step(m, at, { timeMs, value }) {
      const passed = Math.floor(timeMs / pulledMs) - Math.floor(m[at + LAST_MS]! / pulledMs);
      if (passed > 0) {
        // A stretch without readings has no coldest: then only the newest counts.
        m[at + COLDEST_BEFORE] = passed === 1 ? m[at + COLDEST]! : value;
        m[at + COLDEST] = value;
      } else if (value < m[at + COLDEST]!) m[at + COLDEST] = value;
      m[at + LAST_MS] = timeMs;
      return null;
    },
    left(m, at, endMs) {
      const readMs = m[at + LAST_MS]!;
      const peak = Math.min(m[at + COLDEST]!, m[at + COLDEST_BEFORE]!);
      if (readMs === 0 || endMs - readMs > maxGapMs || peak <= limitC) return null;
      return { startMs: endMs, raisedMs: endMs, peak, peakMs: readMs };
    },
  }),
};
