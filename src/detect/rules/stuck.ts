import { z } from 'zod';
import { type Reading, type Rule, SENSOR_SICK } from '../rule.ts';
import { endSpell, inSpell, KEPT, raiseSpell } from '../spell.ts';
import { difference, dwell } from './params.ts';

const params = z.strictObject({
  dwellMs: dwell(6 * 3_600_000),
  besideC: difference('how far its siblings must have moved meanwhile, °C; 0 asks for none', 1),
});

/** What is kept: the value, since when, when last; since when siblings are there, and the range of their extremes. */
const VALUE = KEPT;
const SINCE_MS = KEPT + 1;
const LAST_MS = KEPT + 2;
const BESIDE_MS = KEPT + 3;
const LOW_FROM = KEPT + 4;
const LOW_TO = KEPT + 5;
const HIGH_FROM = KEPT + 6;
const HIGH_TO = KEPT + 7;

export const stuck: Rule<typeof params> = {
  name: 'stuck',
  stratum: 'sensor',
  unit: 'difference',
  beside: 'siblings',
  doc:
    'A dead sensor shows one value for ever: raised when it gave exactly the same value for dwellMs without an evidence ' +
    'gap while its siblings moved by besideC. Rules for temperature then no longer see it, and end what they found in ' +
    'it. Cleared by the first other value.',
  params,
  bind: ({ dwellMs, besideC }, { maxGapMs }) => ({
    limit: besideC,
    keeps: 8,
    step(m, at, reading) {
      const { timeMs, value } = reading;
      const isStuck = inSpell(m, at);
      if (value !== m[at + VALUE] || m[at + SINCE_MS] === 0 || (!isStuck && timeMs - m[at + LAST_MS]! > maxGapMs)) {
        m[at + VALUE] = value;
        m[at + SINCE_MS] = timeMs;
        m[at + LAST_MS] = timeMs;
        if (m[at + BESIDE_MS] !== 0) m.fill(0, at + BESIDE_MS, at + HIGH_TO + 1);
        return endSpell(m, at);
      }
      m[at + LAST_MS] = timeMs;
      followBeside(m, at, reading);
      if (!isStuck && timeMs - m[at + SINCE_MS]! >= dwellMs && movedC(m, at) >= besideC) {
        raiseSpell(m, at, m[at + SINCE_MS]!, timeMs, movedC(m, at));
      }
      if (inSpell(m, at)) reading.verdict = SENSOR_SICK;
      return null;
    },
  }),
};

function followBeside(m: Float64Array, at: number, reading: Reading): void {
  reading.lookBeside();
  const { timeMs, lowBeside, highBeside } = reading;
  if (Number.isNaN(lowBeside)) return;
  if (m[at + BESIDE_MS] === 0) {
    m[at + BESIDE_MS] = timeMs;
    m[at + LOW_FROM] = lowBeside;
    m[at + LOW_TO] = lowBeside;
    m[at + HIGH_FROM] = highBeside;
    m[at + HIGH_TO] = highBeside;
    return;
  }
  if (lowBeside < m[at + LOW_FROM]!) m[at + LOW_FROM] = lowBeside;
  if (lowBeside > m[at + LOW_TO]!) m[at + LOW_TO] = lowBeside;
  if (highBeside < m[at + HIGH_FROM]!) m[at + HIGH_FROM] = highBeside;
  if (highBeside > m[at + HIGH_TO]!) m[at + HIGH_TO] = highBeside;
}

/** Both the lowest and the highest sibling must have moved: a sibling that falls silent moves only one of them. */
function movedC(m: Float64Array, at: number): number {
  if (m[at + BESIDE_MS] === 0) return 0;
  return Math.min(m[at + LOW_TO]! - m[at + LOW_FROM]!, m[at + HIGH_TO]! - m[at + HIGH_FROM]!);
}
