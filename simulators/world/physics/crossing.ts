/**
 * When a temperature crosses a limit on its way through a step: whole milliseconds, from 1 to the step's length. Two
 * straight lines: through where the step ends, and through where it would be when the first one crosses.
 * @param startC, endC of the step, on either side of the limit
 * @param afterC the temperature after a part of the step, in milliseconds
 */
export function crossedWithinMs(
  stepMs: number,
  startC: number,
  endC: number,
  limitC: number,
  afterC: (ms: number) => number,
): number {
  const cutMs = crossedAfterMs(stepMs, startC, endC, limitC);
  const refinedMs = crossedAfterMs(cutMs, startC, afterC(cutMs), limitC);
  // Air does not move in a straight line: the second may cross after the step's end, or lead away from the limit.
  return Math.min(refinedMs, stepMs);
}

/** When a straight line, from a start through where it is after `spanMs`, crosses a limit; Infinity if it never does. */
function crossedAfterMs(spanMs: number, startC: number, thenC: number, limitC: number): number {
  const spans = (limitC - startC) / (thenC - startC);
  return spans < 0 ? Infinity : Math.max(1, Math.round(spanMs * spans));
}
