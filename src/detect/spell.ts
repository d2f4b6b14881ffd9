import { roundTo } from '../contract/channel.ts';
import type { Reading, Spell } from './rule.ts';

/** A rule's spell is the first numbers that it remembers of a channel. No spell: all 0. */
const START = 0;
/** When the dwell time was reached; 0 while it is pending, and no breach yet. */
const RAISED = 1;
/** The last reading that counted; stands still once raised. */
const LAST = 2;
const PEAK = 3;
const PEAK_MS = 4;
/** Where that begins which a rule keeps besides. */
export const KEPT = 5;

/** Whether a spell is there, pending or raised. */
export function inSpell(m: Float64Array, at: number): boolean {
  return m[at + START] !== 0;
}

/** Whether a spell is there that is a breach. */
export function isRaised(m: Float64Array, at: number): boolean {
  return m[at + RAISED] !== 0;
}

/** The raised spell, or null where there is none. */
export function raisedSpell(m: Float64Array, at: number): Spell | null {
  if (m[at + RAISED] === 0) return null;
  return { startMs: m[at + START]!, raisedMs: m[at + RAISED]!, peak: m[at + PEAK]!, peakMs: m[at + PEAK_MS]! };
}

/** Raises a spell that began at an instant. */
export function raiseSpell(m: Float64Array, at: number, startMs: number, timeMs: number, peak: number): void {
  m[at + START] = startMs;
  m[at + RAISED] = timeMs;
  m[at + LAST] = timeMs;
  m[at + PEAK] = peak;
  m[at + PEAK_MS] = timeMs;
}

/** The worst value of the spell that is there. */
export function peakOf(m: Float64Array, at: number): number {
  return m[at + PEAK]!;
}

/** Notes a worse value. */
export function setPeak(m: Float64Array, at: number, peak: number, timeMs: number): void {
  m[at + PEAK] = peak;
  m[at + PEAK_MS] = timeMs;
}

/** For how long the spell that is there has lasted at an instant, ms. */
export function lastedMs(m: Float64Array, at: number, timeMs: number): number {
  return m[at + START] === 0 ? 0 : timeMs - m[at + START]!;
}

/** Ends what is there. @returns the spell where it was raised */
export function endSpell(m: Float64Array, at: number): Spell | null {
  if (m[at + START] === 0) return null;
  const raised = raisedSpell(m, at);
  m.fill(0, at, at + KEPT);
  return raised;
}

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
  m: Float64Array,
  at: number,
  { timeMs, explained }: Reading,
  beyond: boolean,
  inside: boolean,
  value: number,
  sign: 1 | -1,
  dwellMs: number,
  maxGapMs: number,
): Spell | null {
  const startMs = m[at + START]!;
  const pending = m[at + RAISED] === 0;
  if (startMs === 0 || (pending && timeMs - m[at + LAST]! > maxGapMs)) {
    if (!beyond || explained) {
      endSpell(m, at);
      return null;
    }
    raiseSpell(m, at, timeMs, timeMs, value);
    if (dwellMs > 0) m[at + RAISED] = 0;
    return null;
  }
  if (inside) return endSpell(m, at);
  if (sign * (value - m[at + PEAK]!) > 0) setPeak(m, at, value, timeMs);
  if (pending) {
    m[at + LAST] = timeMs;
    if (!explained && timeMs - startMs >= dwellMs) m[at + RAISED] = timeMs;
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
