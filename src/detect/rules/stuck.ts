import { z } from 'zod';
import { type Reading, type Rule, SENSOR_SICK } from '../rule.ts';
import { difference, dwell } from './params.ts';

const params = z.strictObject({
  dwellMs: dwell(6 * 3_600_000),
  besideC: difference('how far its siblings must have moved meanwhile, °C; 0 asks for none', 1),
});

/** Kept: the value, since when, when last, and the range of the lowest and of the highest sibling since. */
const VALUE = 0;
const SINCE_MS = 1;
const LAST_MS = 2;

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
    step(memory, reading) {
      const { timeMs, value } = reading;
      const { kept, spell } = memory;
      if (kept.length === 0 || value !== kept[VALUE] || (spell === null && timeMs - kept[LAST_MS]! > maxGapMs)) {
        memory.kept = [value, timeMs, timeMs];
        memory.spell = null;
        return spell;
      }
      kept[LAST_MS] = timeMs;
      followBeside(kept, reading);
      if (spell === null && timeMs - kept[SINCE_MS]! >= dwellMs && movedC(kept) >= besideC) {
        const startMs = kept[SINCE_MS]!;
        memory.spell = { startMs, raisedMs: timeMs, lastMs: timeMs, peak: movedC(kept), peakMs: timeMs };
      }
      if (memory.spell !== null) reading.verdict = SENSOR_SICK;
      return null;
    },
  }),
};

function followBeside(kept: number[], { lowBeside, highBeside }: Reading): void {
  if (Number.isNaN(lowBeside)) return;
  if (kept.length === 3) {
    kept.push(lowBeside, lowBeside, highBeside, highBeside);
    return;
  }
  if (lowBeside < kept[3]!) kept[3] = lowBeside;
  if (lowBeside > kept[4]!) kept[4] = lowBeside;
  if (highBeside < kept[5]!) kept[5] = highBeside;
  if (highBeside > kept[6]!) kept[6] = highBeside;
}

/** Both the lowest and the highest sibling must have moved: a sibling that falls silent moves only one of them. */
function movedC(kept: readonly number[]): number {
  return kept.length === 3 ? 0 : Math.min(kept[4]! - kept[3]!, kept[6]! - kept[5]!);
}
