import type { BoundRule, Spell } from '../rule.ts';
import { isRaised, KEPT, raiseSpell, setPeak } from '../spell.ts';

/** What is kept: the sum; the last reading; the first reading that counted; the worst, and when. */
const SUM = KEPT;
const LAST_MS = KEPT + 1;
const LAST = KEPT + 2;
const FIRST_MS = KEPT + 3;
const WORST = KEPT + 4;
const WORST_MS = KEPT + 5;

/**
 * The fold of rules that add up while a batch is held: what counts between two readings is `weigh` of both, and the
 * breach begins with the first reading that counted, once the budget is used up. It lasts as long as the arming: what
 * has been suffered is not undone by coming back. Time in an evidence gap counts for nothing.
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
  function add(m: Float64Array, at: number, timeMs: number, value: number): void {
    const beforeMs = m[at + LAST_MS]!;
    const before = m[at + LAST]!;
    m[at + LAST_MS] = timeMs;
    m[at + LAST] = value;
    const spanMs = timeMs - beforeMs;
    const more = beforeMs === 0 || spanMs > maxGapMs ? 0 : weigh(before, value, spanMs);
    if (more <= 0) return;
    if (m[at + SUM] === 0) {
      m[at + FIRST_MS] = beforeMs;
      m[at + WORST] = before;
      m[at + WORST_MS] = beforeMs;
    }
    m[at + SUM]! += more;
    if (worse(value, m[at + WORST]!)) {
      m[at + WORST] = value;
      m[at + WORST_MS] = timeMs;
    }
  }

  return {
    limit,
    keeps: 6,
    lasting: true,
    step(m, at, { timeMs, value }): Spell | null {
      add(m, at, timeMs, value);
      if (isRaised(m, at)) {
        setPeak(m, at, m[at + WORST]!, m[at + WORST_MS]!);
      } else if (m[at + SUM]! >= budget && m[at + SUM]! > 0) {
        raiseSpell(m, at, m[at + FIRST_MS]!, timeMs, m[at + WORST]!);
        setPeak(m, at, m[at + WORST]!, m[at + WORST_MS]!);
      }
      return null;
    },
  };
}
