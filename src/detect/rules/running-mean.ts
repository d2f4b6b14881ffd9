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
  m[meanAt] = m[meanAt]! + share * (value - m[meanAt]!);
}
