import { setImmediate as turn } from 'node:timers/promises';
import { monotonicMs } from '../lib/clock.ts';

/** Longest time the thread is kept busy before signals and output get their turn, ms. */
const BUSY_MS_MAX = 40;

/**
 * Runs long work step by step without holding up the event loop.
 * @param onStep told what was yielded last, every few steps
 * @returns undefined where the signal ended it
 */
export async function inTurns<Step, Result>(
  work: Generator<Step, Result>,
  signal: AbortSignal,
  onStep: (step: Step) => void,
): Promise<Result | undefined> {
  let turnedMs = monotonicMs();
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    if (monotonicMs() - turnedMs < BUSY_MS_MAX) continue;
    onStep(next.value);
    await turn();
    if (signal.aborted) return undefined;
    turnedMs = monotonicMs();
  }
}
