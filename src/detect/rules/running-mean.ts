/** Six decimals: two pasts that differed long ago come to the same mean, and it is short to write down. */
const PER_UNIT = 1e6;

/**
 * Brings a mean that forgets up to date: over a span, the newer value takes the place of so much of it as the span is of
 * `overMs`, all of it after a longer one. What fruit feels of air that swings about it.
 * @param m the numbers; @param meanAt where the mean is
 * @param beforeMs when it was last brought up to date; 0 where it never was
 */
export function takeIntoMean(
  m: Float64Array,
  meanAt: number,
  value: number,
  beforeMs: number,
  timeMs: number,
  overMs: number,
): void {
  const share = beforeMs === 0 ? 1 : Math.min(1, (timeMs - beforeMs) / overMs);
  m[meanAt] = Math.round((m[meanAt]! + share * (value - m[meanAt]!)) * PER_UNIT) / PER_UNIT;
}

/**
 * The same for one that begins with the first reading of all, when a load is brought in with the door open: it counts
 * no more than any other. Keeps three numbers: the mean, when it began, when it was last brought up to date.
 * @returns the mean
 */
export function takeIntoEvenMean(
  m: Float64Array,
  meanAt: number,
  value: number,
  timeMs: number,
  overMs: number,
): number {
  const fromMs = meanAt + 1;
  const lastMs = meanAt + 2;
  if (m[fromMs] === 0) m[fromMs] = timeMs;
  takeIntoMean(m, meanAt, value, m[lastMs]!, timeMs, Math.min(overMs, timeMs - m[fromMs]!));
  m[lastMs] = timeMs;
  return m[meanAt]!;
}
