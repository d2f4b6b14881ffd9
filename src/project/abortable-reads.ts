import type { FrameStore } from '../store/frames/store.ts';

/**
 * The store with reads that end when the signal aborts, whatever the server does: one that accepts a connection and
 * never answers would else hold up the end of the process for as long as the adapter waits. What the server says
 * later is dropped.
 */
export function abortableReads(store: FrameStore, signal: AbortSignal): FrameStore {
  return {
    kind: store.kind,
    append: (batch, own) => store.append(batch, own),
    range: (slices, channels) => itemsUntil(store.range(slices, channels), signal),
    downsample: (slices, channels, bucketMs) => orAborted(store.downsample(slices, channels, bucketMs), signal),
    latest: (devices) => orAborted(store.latest(devices), signal),
    retention: () => orAborted(store.retention(), signal),
    clear: () => store.clear(),
    close: () => store.close(),
    ...(store.publish && { publish: store.publish }),
  };
}

async function* itemsUntil<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await orAborted(iterator.next(), signal);
    if (next.done) return;
    yield next.value;
  }
}

/** Settles with the work, or rejects at once when the signal aborts; leaves no listener behind. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
