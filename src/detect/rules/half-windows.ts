import { KEPT } from '../spell.ts';

/** A rise is measured from the older of two readings, half a window apart. */
const OLDER_MS = KEPT;
const OLDER = KEPT + 1;
const NEWER_MS = KEPT + 2;
const NEWER = KEPT + 3;
const LAST_MS = KEPT + 4;

/** How many numbers it keeps. */
export const HALF_WINDOWS_KEEP = 5;

/**
 * Takes a reading in. An evidence gap starts the window again.
 * @returns the rise per ms over between half of the window and all of it; NaN where that is not known yet
 */
export function risePerMs(
  m: Float64Array,
  at: number,
  timeMs: number,
  value: number,
  windowMs: number,
  maxGapMs: number,
): number {
  if (timeMs - m[at + LAST_MS]! > maxGapMs) {
    m[at + OLDER_MS] = timeMs;
    m[at + OLDER] = value;
    m[at + NEWER_MS] = timeMs;
    m[at + NEWER] = value;
    m[at + LAST_MS] = timeMs;
    return Number.NaN;
  }
  m[at + LAST_MS] = timeMs;
  const spanMs = timeMs - m[at + OLDER_MS]!;
  const rise = value - m[at + OLDER]!;
  // By the calendar, not by the first reading: what began otherwise long ago is the same now.
  if (Math.floor(timeMs / (windowMs / 2)) > Math.floor(m[at + NEWER_MS]! / (windowMs / 2))) {
    m[at + OLDER_MS] = m[at + NEWER_MS]!;
    m[at + OLDER] = m[at + NEWER]!;
    m[at + NEWER_MS] = timeMs;
    m[at + NEWER] = value;
  }
  return spanMs < windowMs / 2 ? Number.NaN : rise / spanMs;
}

/** Starts the window again with the next reading. */
export function forgetRise(m: Float64Array, at: number): void {
  if (m[at + LAST_MS] !== 0) m.fill(0, at + KEPT, at + KEPT + HALF_WINDOWS_KEEP);
}
