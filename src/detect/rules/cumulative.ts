import type { BoundRule, Reading } from '../rule.ts';

/**
 * The fold of rules that add up while a batch is held: what counts between two readings is `weigh` of both, and the
 * breach begins with the first reading that counted, once the budget is used up. It lasts as long as the arming: what
 * has been suffered is not undone by coming back. Time in an evidence gap counts for nothing.
 * Kept: the sum, the last reading's time and value, the first counted time, the worst value and its time.
 * @param weigh what `spanMs` between two readings adds; both are in the channel's unit
 * @param worse whether the first value is worse than the second
 */
export function cumulativeRule(
  limit: number,
  budget: number,
  maxGapMs: number,
  weigh: (before: number, now: number, spanMs: number) => number,
  worse: (a: number, b: number) => boolean,
): BoundRule {
  function add({ kept }: { kept: number[] }, { timeMs, value }: Reading): void {
    const spanMs = timeMs - kept[1]!;
    const more = spanMs > maxGapMs ? 0 : weigh(kept[2]!, value, spanMs);
    if (more > 0) {
      if (kept[0] === 0) {
        kept[3] = kept[1]!;
        kept[4] = kept[2]!;
        kept[5] = kept[1]!;
      }
      kept[0]! += more;
      if (worse(value, kept[4]!)) {
        kept[4] = value;
        kept[5] = timeMs;
      }
    }
    kept[1] = timeMs;
    kept[2] = value;
  }

  return {
    limit,
    lasting: true,
    step(memory, reading) {
      const { kept } = memory;
      if (kept.length === 0) {
        memory.kept = [0, reading.timeMs, reading.value, 0, 0, 0];
        return null;
      }
      add(memory, reading);
      if (memory.spell !== null) {
        memory.spell.peak = kept[4]!;
        memory.spell.peakMs = kept[5]!;
      } else if (kept[0]! >= budget && kept[0]! > 0) {
        const { timeMs } = reading;
        memory.spell = { startMs: kept[3]!, raisedMs: timeMs, lastMs: timeMs, peak: kept[4]!, peakMs: kept[5]! };
      }
      return null;
    },
  };
}
