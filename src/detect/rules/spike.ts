import { z } from 'zod';
import { LEFT_OUT, type Memory, type Reading, type Rule, type Spell } from '../rule.ts';
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

/** What is kept, by index. */
const GOOD = 0;
const GOOD_MS = 1;
const SUSPECT = 2;
const SUSPECTS = 3;
const SPIKES = 4;
const FIRST_MS = 5;
const LAST_MS = 6;

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
    step(memory, reading) {
      const { timeMs, value } = reading;
      const k = memory.kept;
      if (k.length === 0) {
        memory.kept = [value, timeMs, 0, 0, 0, 0, 0];
        return null;
      }
      const reachC = p.jumpC + (p.perHourC * (timeMs - k[GOOD_MS]!)) / HOUR_MS;
      if (Math.abs(value - k[GOOD]!) > reachC) {
        noteJump(memory, reading, p);
        return null;
      }
      return noteGood(memory, timeMs, value, p);
    },
  }),
};

/** A jump that came back was a spike. */
function noteGood(memory: Memory, timeMs: number, value: number, p: Params): Spell | null {
  const k = memory.kept;
  k[GOOD] = value;
  k[GOOD_MS] = timeMs;
  if (k[SUSPECTS]! > 0) {
    k[SUSPECTS] = 0;
    noteSpike(memory, timeMs, k[SUSPECT]!, p);
    return null;
  }
  if (k[SPIKES] === 0 || timeMs - k[LAST_MS]! <= p.windowMs) return null;
  k[SPIKES] = 0;
  const spell = memory.spell;
  memory.spell = null;
  return spell;
}

function noteSpike(memory: Memory, timeMs: number, value: number, p: Params): void {
  const k = memory.kept;
  const { spell } = memory;
  const jumpC = Math.abs(value - k[GOOD]!);
  if (k[SPIKES] === 0 || (spell === null && timeMs - k[LAST_MS]! > p.windowMs)) {
    k[SPIKES] = 0;
    k[FIRST_MS] = timeMs;
  }
  k[SPIKES]!++;
  k[LAST_MS] = timeMs;
  if (spell === null && k[SPIKES]! >= p.spikes) {
    memory.spell = { startMs: k[FIRST_MS]!, raisedMs: timeMs, lastMs: timeMs, peak: jumpC, peakMs: timeMs };
  } else if (spell !== null && jumpC > spell.peak) {
    spell.peak = jumpC;
    spell.peakMs = timeMs;
  }
}

/** A jump is left out until as many readings in a row agree: then it is a new level, and was never a spike. */
function noteJump(memory: Memory, reading: Reading, p: Params): void {
  const { timeMs, value } = reading;
  const k = memory.kept;
  k[SUSPECTS] = k[SUSPECTS]! > 0 && Math.abs(value - k[SUSPECT]!) <= p.jumpC ? k[SUSPECTS]! + 1 : 1;
  k[SUSPECT] = value;
  if (k[SUSPECTS]! < p.agreeing) {
    reading.verdict = LEFT_OUT;
    return;
  }
  k[GOOD] = value;
  k[GOOD_MS] = timeMs;
  k[SUSPECTS] = 0;
}
