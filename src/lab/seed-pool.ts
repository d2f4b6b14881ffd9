import { errorOf } from '../../simulators/thread-error.ts';
import { siblingModule, startWorker } from '../lib/ts-worker.ts';
import { joinShares, type SeedRun } from './seed-run.ts';
import { type SeedTally, tallySeed } from './seed-tally.ts';
import type { SeedOrder, SeedReport, SeedRequest, SeedThread } from './seed-worker.ts';

export interface SeedPoolOptions {
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** Share of all seeds done. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Told of each seed as it is done, in no order. */
  readonly onSeed?: ((tally: SeedTally) => void) | undefined;
}

/**
 * Simulates and scores seeds in threads: a seed at a time in each, or, where there are more threads than seeds, in
 * several that share its assets. The result is in the order of the seeds and the same however many threads did them.
 * Aborting ends it at once, with the seeds that were done. @throws what a thread threw
 */
export function runSeeds(
  request: SeedRequest,
  seeds: readonly number[],
  { workers, signal, onProgress, onSeed }: SeedPoolOptions,
): Promise<SeedTally[]> {
  const done = new Map<number, SeedTally>();
  const shares = new Map<number, number>();
  const groups: SeedGroup[] = [];
  const result = () => seeds.flatMap((seed) => done.get(seed) ?? []);
  if (seeds.length === 0 || signal?.aborted) return Promise.resolve([]);
  let next = 0;
  return new Promise<SeedTally[]>((resolve, reject) => {
    const settle = (end: () => void) => {
      signal?.removeEventListener('abort', stop);
      for (const group of groups) group.terminate();
      end();
    };
    const stop = () => settle(() => resolve(result()));
    signal?.addEventListener('abort', stop, { once: true });
    const size = Math.min(workers, seeds.length);
    const told = () => {
      const begun = [...shares.values()].reduce((sum, share) => sum + share, 0);
      onProgress?.((done.size + begun) / seeds.length);
    };
    for (let i = 0; i < size; i++) {
      const group = new SeedGroup(request, Math.floor(workers / size), {
        failed: (error) => settle(() => reject(error)),
        progress: (share) => {
          shares.set(i, share);
          told();
        },
        done: (tally) => {
          shares.delete(i);
          done.set(tally.seed, tally);
          onSeed?.(tally);
          told();
          if (done.size === seeds.length) settle(() => resolve(result()));
          else if (next < seeds.length) group.begin(seeds[next++]!);
        },
      });
      groups.push(group);
      group.begin(seeds[next++]!);
    }
  });
}

interface GroupListener {
  readonly progress: (share: number) => void;
  readonly done: (tally: SeedTally) => void;
  readonly failed: (error: Error) => void;
}

/** The threads that do one seed after the other, each its share of it. */
class SeedGroup {
  readonly #request: SeedRequest;
  readonly #threads: readonly ReturnType<typeof startWorker>[];
  readonly #listener: GroupListener;
  #shares: SeedRun[] = [];

  constructor(request: SeedRequest, count: number, listener: GroupListener) {
    this.#request = request;
    this.#listener = listener;
    this.#threads = Array.from({ length: count }, (_, ix) => {
      const given: SeedThread = { request, ix, count };
      const thread = startWorker(siblingModule(import.meta.url, './seed-worker'), given);
      thread.on('error', listener.failed);
      thread.on('message', (report: SeedReport) => this.#hear(ix, report));
      return thread;
    });
  }

  begin(seed: number): void {
    this.#tell(this.#threads, { type: 'seed', seed });
  }

  terminate(): void {
    for (const thread of this.#threads) void thread.terminate();
  }

  #hear(ix: number, report: SeedReport): void {
    if (report.type === 'error') this.#listener.failed(errorOf(report));
    else if (report.type === 'progress') this.#listener.progress(report.share);
    else if (report.type === 'memory') this.#tell(this.#threads.slice(1), report);
    else if (report.type === 'done') this.#listener.done(report.tally);
    else {
      this.#shares[ix] = report.run;
      if (this.#shares.filter(Boolean).length < this.#threads.length) return;
      const run = joinShares(this.#shares);
      this.#shares = [];
      this.#listener.done(tallySeed(run, this.#request.sets, this.#request));
    }
  }

  #tell(threads: readonly ReturnType<typeof startWorker>[], order: SeedOrder): void {
    for (const thread of threads) thread.postMessage(order);
  }
}
