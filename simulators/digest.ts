import { setImmediate as turn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { monotonicMs } from '../src/lib/clock.ts';
import { siblingModule, startWorker } from '../src/lib/ts-worker.ts';
import type { Progress, RunOptions, Summary } from './main.ts';
import { digestOf, runShards, SHARDS, type ShardTotals } from './shard.ts';
import { ShardBarrier } from './shard-barrier.ts';
import type { ShardReport, ShardRequest, ShardStart } from './shard-worker.ts';
import { planOf, type SimulationSource } from './source.ts';
import { errorOf } from './thread-error.ts';
import { BatchState } from './world/batch-state.ts';
import { createWorld } from './world/world.ts';

export interface DigestOptions extends Pick<RunOptions, 'signal' | 'onProgress' | 'record'> {
  /** Threads that run the world, at most {@link SHARDS}. A plan made before is run in this thread. */
  readonly workers: number;
}

/** The digest is null where the run was stopped: that of half a run would look like that of a whole one. */
export type DigestSummary = Summary & { readonly digest: string | null };

/** Longest time this thread is kept busy by a run of its own, ms. */
const BUSY_MS_MAX = 40;

/**
 * Runs a simulation as fast as it goes and writes nothing: all that is measured, before delivery, and all scans end
 * up in one SHA-256, the same for the same plan with any number of workers. Throws what the scenario's reading throws.
 */
export function digestSimulation(source: SimulationSource, options: DigestOptions): Promise<DigestSummary> {
  const beganMs = monotonicMs();
  return 'plan' in source || options.record !== undefined
    ? digestHere(source, options, beganMs)
    : digestInThreads(source, options, beganMs);
}

async function digestHere(source: SimulationSource, options: DigestOptions, beganMs: number): Promise<DigestSummary> {
  const { signal, onProgress, record } = options;
  const plan = planOf(source);
  const world = createWorld(plan);
  const watcher = record?.(plan, world);
  const progress = (totals: ShardTotals) => progressOf(plan, totals, beganMs);
  const run = runShards(
    plan,
    world,
    Array.from({ length: SHARDS }, (_, shard) => shard),
  );
  let totals: ShardTotals = { worldTimeMs: plan.startMs, frames: 0, readings: 0, events: 0 };
  // The first slice is told of at once, so that whoever watches can stop a run however short.
  let turnedMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    const step = run.next();
    if (step.done) return { ...progress(totals), complete: true, digest: digestOf(step.value) };
    totals = step.value;
    watcher?.afterSlice(totals.worldTimeMs);
    if (signal?.aborted) return { ...progress(totals), complete: false, digest: null };
    if (monotonicMs() - turnedMs < BUSY_MS_MAX) continue;
    onProgress?.(progress(totals));
    await turn();
    turnedMs = monotonicMs();
  }
}

/** One thread and what it has reported. */
interface ShardThread {
  readonly worker: Worker;
  planned: Extract<ShardReport, { type: 'planned' }> | undefined;
  totals: ShardTotals | undefined;
  done: Extract<ShardReport, { type: 'done' }> | undefined;
}

/** Every thread makes the plan for itself, which is quicker than handing it over, then all run in step. */
function digestInThreads(source: SimulationSource, options: DigestOptions, beganMs: number): Promise<DigestSummary> {
  const count = Math.max(1, Math.min(SHARDS, options.workers));
  const memory = ShardBarrier.memory();
  const barrier = new ShardBarrier(memory, count);
  return new Promise<DigestSummary>((resolve, reject) => {
    const threads = Array.from({ length: count }, (_, thread): ShardThread => {
      const shards = Array.from({ length: SHARDS }, (_, shard) => shard).filter((shard) => shard % count === thread);
      const request: ShardRequest = { source, shards, barrier: memory, threads: count };
      const worker = startWorker(siblingModule(import.meta.url, './shard-worker'), request);
      return { worker, planned: undefined, totals: undefined, done: undefined };
    });
    const stop = () => barrier.stop();
    if (options.signal?.aborted) stop();
    options.signal?.addEventListener('abort', stop, { once: true });
    const settled = () => options.signal?.removeEventListener('abort', stop);
    const fail = (error: unknown) => {
      settled();
      for (const { worker } of threads) void worker.terminate();
      reject(error);
    };
    for (const thread of threads) {
      thread.worker.on('message', (report: ShardReport) => {
        if (report.type === 'error') return fail(errorOf(report));
        take(thread, report);
        if (report.type === 'planned') startWhenPlanned(threads);
        else if (report.type === 'progress') options.onProgress?.(progressOfAll(threads, beganMs));
        else if (threads.every(({ done }) => done !== undefined)) {
          settled();
          resolve(summaryOfAll(threads, beganMs));
        }
      });
      thread.worker.on('error', fail);
      thread.worker.on('exit', (code) => {
        if (!thread.done) fail(new Error(`a thread of the simulation ended with ${code} before it reported`));
      });
    }
  });
}

function take(thread: ShardThread, report: Exclude<ShardReport, { type: 'error' }>): void {
  if (report.type === 'planned') thread.planned = report;
  else thread.totals = report.totals;
  if (report.type === 'done') thread.done = report;
}

function startWhenPlanned(threads: readonly ShardThread[]): void {
  if (threads.some(({ planned }) => planned === undefined)) return;
  const start: ShardStart = { batches: new SharedArrayBuffer(BatchState.bytes(threads[0]!.planned!.batches)) };
  for (const { worker } of threads) worker.postMessage(start);
}

/** All threads together: they are never more than a slice apart, and the last one counts. */
function progressOfAll(threads: readonly ShardThread[], beganMs: number): Progress {
  const { startMs, endMs } = threads[0]!.planned!;
  const all = { worldTimeMs: endMs, frames: 0, readings: 0, events: 0 };
  for (const { totals } of threads) {
    all.worldTimeMs = Math.min(all.worldTimeMs, totals?.worldTimeMs ?? startMs);
    all.frames += totals?.frames ?? 0;
    all.readings += totals?.readings ?? 0;
    all.events += totals?.events ?? 0;
  }
  return progressOf({ startMs, endMs }, all, beganMs);
}

function summaryOfAll(threads: readonly ShardThread[], beganMs: number): DigestSummary {
  const complete = threads.every(({ done }) => done!.digests !== null);
  const byShard = new Map(threads.flatMap(({ done }) => [...(done!.digests ?? [])]));
  return { ...progressOfAll(threads, beganMs), complete, digest: complete ? digestOf(byShard) : null };
}

/** Nothing is delivered, so that nothing is packed, lost, kept or sent again. */
function progressOf(span: { startMs: number; endMs: number }, totals: ShardTotals, beganMs: number): Progress {
  const { startMs, endMs } = span;
  const undelivered = { packs: 0, retried: 0, framesLost: 0, framesKept: 0 };
  return { startMs, endMs, ...totals, ...undelivered, elapsedMs: monotonicMs() - beganMs };
}
