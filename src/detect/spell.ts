import { roundTo } from '../contract/channel.ts';
import type { Memory, Reading, Spell } from './rule.ts';

/**
 * The state machine that rules share:
 *
 *     none ──beyond──► pending ──dwell reached──► raised ──inside──► none
 *                        └──inside──► none
 *
 * A reading that is neither beyond nor inside keeps a spell going but starts none. While pending, a gap longer than
 * `maxGapMs` throws the dwell away, since nobody knows what happened in it: neither good nor bad. Once raised, only a
 * reading can end it. A reading that a door or a defrost explains starts no spell and raises none; one that began
 * before goes on through it, so that doors opened often do not hide a failing unit.
 * @param value of which the worst is kept as peak
 * @param sign 1 where higher is worse, −1 where lower is
 * @returns the raised spell that the reading has ended
 */
export function advanceSpell(
  memory: Memory,
  reading: Reading,
  beyond: boolean,
  inside: boolean,
  value: number,
  sign: 1 | -1,
  dwellMs: number,
  maxGapMs: number,
): Spell | null {
  const { timeMs, explained } = reading;
  const spell = memory.spell;
  if (spell === null || (spell.raisedMs === null && timeMs - spell.lastMs > maxGapMs)) {
    memory.spell =
      beyond && !explained
        ? { startMs: timeMs, raisedMs: dwellMs === 0 ? timeMs : null, lastMs: timeMs, peak: value, peakMs: timeMs }
        : null;
    return null;
  }
  if (inside) {
    memory.spell = null;
    return spell.raisedMs === null ? null : spell;
  }
  if (sign * (value - spell.peak) > 0) {
    spell.peak = value;
    spell.peakMs = timeMs;
  }
  if (spell.raisedMs === null) {
    spell.lastMs = timeMs;
    if (!explained && timeMs - spell.startMs >= dwellMs) spell.raisedMs = timeMs;
  }
  return null;
}

/**
 * The line at which a spell ends, `hysteresis` inside the limit. Rounded, since 0.3 − 0.1 in doubles is not the 0.2
 * that a channel reports; channels keep three decimals.
 * @param sign 1 where too high is wrong, −1 where too low is
 */
export function clearingLine(limit: number, hysteresis: number, sign: 1 | -1): number {
  return roundTo(limit - sign * hysteresis, 3);
}
