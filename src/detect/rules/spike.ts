import { z } from 'zod';
import { LEFT_OUT, type Reading, type Rule, type Spell } from '../rule.ts';
import { endSpell, inSpell, KEPT, peakOf, raiseSpell, setPeak } from '../spell.ts';
import { difference, lasting } from './params.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  jumpC: difference('the farthest a value may jump between two readings, °C', 3),
  perHourC: difference('what an hour between them adds to that, °C', 4),
  agreeing: z.int().min(2).max(20).default(3).describe('so many readings in a row at a new level make it true'),
  spikes: z.int().min(1).max(100).default(3).describe('so many spikes within windowMs are a breach'),
  windowMs: lasting('how long a spike is remembered, ms', 2 * HOUR_MS),
});
type Params = z.output<typeof params>;

/** What is kept: the last good reading; the jump in doubt, and how many bear it out; the spikes, first and last. */
const GOOD = KEPT;
const GOOD_MS = KEPT + 1;
const SUSPECT = KEPT + 2;
const SUSPECTS = KEPT + 3;
const SPIKES = KEPT + 4;
const FIRST_MS = KEPT + 5;
const LAST_MS = KEPT + 6;

export const spike: Rule<typeof params> = {
  name: 'spike',
  stratum: 'sensor',
  unit: 'difference',
  doc:
    'Spikes: no other rule sees a reading that jumps farther from the last good one than jumpC (+ perHourC for the time ' +
    'between), until `agreeing` readings in a row bear it out. Raised when the spikes, jumps that came back, are ' +
    '`spikes` within windowMs. Cleared by the first reading after windowMs without one.',
  params,
  bind: (p) => ({
    limit: p.jumpC,
    keeps: 7,
    step(m, at, reading) {
      const { timeMs, value } = reading;
      const goodMs = m[at + GOOD_MS]!;
      const reachC = p.jumpC + (p.perHourC * (timeMs - goodMs)) / HOUR_MS;
      if (goodMs !== 0 && Math.abs(value - m[at + GOOD]!) > reachC) {
        noteJump(m, at, reading, p);
        return null;
      }
      return noteGood(m, at, timeMs, value, p);
    },
  }),
};

/** A jump that came back was a spike. */
function noteGood(m: Float64Array, at: number, timeMs: number, value: number, p: Params): Spell | null {
  m[at + GOOD] = value;
  m[at + GOOD_MS] = timeMs;
  if (m[at + SUSPECTS]! > 0) {
    noteSpike(m, at, timeMs, Math.abs(m[at + SUSPECT]! - value), p);
    m[at + SUSPECTS] = 0;
    m[at + SUSPECT] = 0;
    return null;
  }
  if (m[at + SPIKES] === 0 || timeMs - m[at + LAST_MS]! <= p.windowMs) return null;
  m.fill(0, at + SPIKES, at + LAST_MS + 1);
  return endSpell(m, at);
}

function noteSpike(m: Float64Array, at: number, timeMs: number, jumpC: number, p: Params): void {
  const isSick = inSpell(m, at);
  if (m[at + SPIKES] === 0 || (!isSick && timeMs - m[at + LAST_MS]! > p.windowMs)) {
    m[at + SPIKES] = 0;
    m[at + FIRST_MS] = timeMs;
  }
  m[at + SPIKES]!++;
  m[at + LAST_MS] = timeMs;
  if (!isSick && m[at + SPIKES]! >= p.spikes) raiseSpell(m, at, m[at + FIRST_MS]!, timeMs, jumpC);
  else if (isSick && jumpC > peakOf(m, at)) setPeak(m, at, jumpC, timeMs);
}

/** A jump is left out until as many readings in a row agree: then it is a new level, and was never a spike. */
function noteJump(m: Float64Array, at: number, reading: Reading, p: Params): void {
  const { timeMs, value } = reading;
  const agrees = m[at + SUSPECTS]! > 0 && Math.abs(value - m[at + SUSPECT]!) <= p.jumpC;
  m[at + SUSPECTS] = agrees ? m[at + SUSPECTS]! + 1 : 1;
  m[at + SUSPECT] = value;
  if (m[at + SUSPECTS]! < p.agreeing) {
    reading.verdict = LEFT_OUT;
    return;
  }
  m[at + GOOD] = value;
  m[at + GOOD_MS] = timeMs;
  m[at + SUSPECTS] = 0;
  m[at + SUSPECT] = 0;
}
