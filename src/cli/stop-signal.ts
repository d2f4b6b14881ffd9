import { monotonicMs } from '../lib/clock.ts';

/** A Ctrl-C reaches us from the terminal and once more from npm and tsx, which pass it on: this soon it is the same. */
const SAME_KEY_MS = 1000;

/**
 * Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. Nothing acknowledged is lost either
 * way: what was acknowledged is in the journal.
 */
export function stopSignal(): { readonly stopped: Promise<void>; readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let resolve: () => void = () => {};
  const stopped = new Promise<void>((done) => {
    resolve = done;
  });
  let firstMs = 0;
  const onSignal = () => {
    if (controller.signal.aborted) {
      if (monotonicMs() - firstMs < SAME_KEY_MS) return;
      process.exit(130);
    }
    firstMs = monotonicMs();
    controller.abort();
    resolve();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    stopped,
    signal: controller.signal,
    release: () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
