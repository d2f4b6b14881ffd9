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
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
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
