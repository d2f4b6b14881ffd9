import { errorOf } from '../../simulators/thread-error.ts';
import { siblingModule, startWorker } from '../lib/ts-worker.ts';
import type { SeedTally } from './seed-tally.ts';
import type { SeedReport, SeedRequest } from './seed-worker.ts';

export interface SeedPoolOptions {
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** Share of all seeds done. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Told of each seed as it is done, in no order. */
  readonly onSeed?: ((tally: SeedTally) => void) | undefined;
}

/**
 * Simulates and scores seeds in threads, a seed at a time in each. The result is in the order of the seeds, whichever
 * thread did them. Aborting ends it at once, with the seeds that were done. @throws what a thread threw
 */
export function runSeeds(
  request: SeedRequest,
  seeds: readonly number[],
  { workers, signal, onProgress, onSeed }: SeedPoolOptions,
): Promise<SeedTally[]> {
  const done = new Map<number, SeedTally>();
  const shares = new Map<number, number>();
  const threads: ReturnType<typeof startWorker>[] = [];
  const result = () => seeds.flatMap((seed) => done.get(seed) ?? []);
  if (seeds.length === 0 || signal?.aborted) return Promise.resolve([]);
  let next = 0;
  return new Promise<SeedTally[]>((resolve, reject) => {
    const settle = (end: () => void) => {
      signal?.removeEventListener('abort', stop);
      for (const thread of threads) void thread.terminate();
      end();
    };
    const stop = () => settle(() => resolve(result()));
    signal?.addEventListener('abort', stop, { once: true });
    for (let i = 0; i < Math.min(workers, seeds.length); i++) {
      const thread = startWorker(siblingModule(import.meta.url, './seed-worker'), request);
      threads.push(thread);
      const ask = () => thread.postMessage(seeds[next++]!);
      thread.on('error', (error) => settle(() => reject(error)));
      thread.on('message', (report: SeedReport) => {
        if (report.type === 'error') return settle(() => reject(errorOf(report)));
        if (report.type === 'progress') shares.set(i, report.share);
        else {
          shares.delete(i);
          done.set(report.tally.seed, report.tally);
          onSeed?.(report.tally);
        }
        const begun = [...shares.values()].reduce((sum, share) => sum + share, 0);
        onProgress?.((done.size + begun) / seeds.length);
        if (done.size === seeds.length) settle(() => resolve(result()));
        else if (report.type === 'done' && next < seeds.length) ask();
      });
      ask();
    }
  });
}
