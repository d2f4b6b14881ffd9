import { setImmediate as turn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { monotonicMs } from '../src/lib/clock.ts';
import { siblingModule, startWorker } from '../src/lib/ts-worker.ts';
import type { Progress, RunOptions, Summary } from './main.ts';
import { workShareOf } from './plan/work.ts';
import { loadScenario } from './scenario/load.ts';
import { digestOf, runShards, SHARDS, type ShardTotals } from './shard.ts';
import { ShardBarrier } from './shard-barrier.ts';
import type { ShardReport, ShardRequest, ShardStart } from './shard-worker.ts';
import { planOf, type ScenarioSource, type SimulationSource } from './source.ts';
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
  const shareOf = workShareOf(plan);
  const runningSinceMs = monotonicMs();
  const progress = (totals: ShardTotals) =>
    progressOf(plan, totals, shareOf(totals.worldTimeMs), { beganMs, runningSinceMs });
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

/** When a run was asked for, and when its first slice began. */
interface Times {
  readonly beganMs: number;
  readonly runningSinceMs: number;
}

/** One thread and what it has reported. */
interface ShardThread {
  readonly worker: Worker;
  planned: Extract<ShardReport, { type: 'planned' }> | undefined;
  totals: ShardTotals | undefined;
  doneShare: number;
  done: Extract<ShardReport, { type: 'done' }> | undefined;
}

/** Every thread makes the plan for itself, which is quicker than handing it over, then all run in step. */
function digestInThreads(source: ScenarioSource, options: DigestOptions, beganMs: number): Promise<DigestSummary> {
  const count = Math.max(1, Math.min(SHARDS, options.workers));
  const memory = ShardBarrier.memory();
  const barrier = new ShardBarrier(memory, count);
  return new Promise<DigestSummary>((resolve, reject) => {
    const threads = Array.from({ length: count }, (_, thread): ShardThread => {
      const shards = Array.from({ length: SHARDS }, (_, shard) => shard).filter((shard) => shard % count === thread);
      const request: ShardRequest = { source, shards, barrier: memory, threads: count };
      const worker = startWorker(siblingModule(import.meta.url, './shard-worker'), request);
      return { worker, planned: undefined, totals: undefined, doneShare: 0, done: undefined };
    });
    let runningSinceMs: number | null = null;
    const times = () => ({ beganMs, runningSinceMs: runningSinceMs ?? monotonicMs() });
    const stop = () => {
      if (runningSinceMs !== null) return barrier.stop();
      // Still planning, which goes on for seconds in a season and listens to nothing: nothing has been done yet.
      for (const { worker } of threads) void worker.removeAllListeners('exit').terminate();
      settled();
      Promise.resolve()
        .then(() => summaryOfNone(source, times()))
        .then(resolve, reject);
    };
    const settled = () => options.signal?.removeEventListener('abort', stop);
    if (options.signal?.aborted) return stop();
    options.signal?.addEventListener('abort', stop, { once: true });
    const fail = (error: unknown) => {
      settled();
      for (const { worker } of threads) void worker.terminate();
      reject(error);
    };
    for (const thread of threads) {
      thread.worker.on('message', (report: ShardReport) => {
        if (report.type === 'error') return fail(errorOf(report));
        take(thread, report);
        if (report.type === 'planned') {
          if (startWhenPlanned(threads)) runningSinceMs = monotonicMs();
        } else if (report.type === 'progress') options.onProgress?.(progressOfAll(threads, times()));
        else if (threads.every(({ done }) => done !== undefined)) {
          settled();
          resolve(summaryOfAll(threads, times()));
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
  if (report.type === 'progress') thread.doneShare = report.doneShare;
  if (report.type === 'done') {
    thread.done = report;
    thread.doneShare = 1;
  }
}

/** @returns whether they run now */
function startWhenPlanned(threads: readonly ShardThread[]): boolean {
  if (threads.some(({ planned }) => planned === undefined)) return false;
  const start: ShardStart = { batches: new SharedArrayBuffer(BatchState.bytes(threads[0]!.planned!.batches)) };
  for (const { worker } of threads) worker.postMessage(start);
  return true;
}

/** All threads together: they are never more than a slice apart, and the last one counts. */
function progressOfAll(threads: readonly ShardThread[], times: Times): Progress {
  const { startMs, endMs } = threads[0]!.planned!;
  const all = { worldTimeMs: endMs, frames: 0, readings: 0, events: 0 };
  for (const { totals } of threads) {
    all.worldTimeMs = Math.min(all.worldTimeMs, totals?.worldTimeMs ?? startMs);
    all.frames += totals?.frames ?? 0;
    all.readings += totals?.readings ?? 0;
    all.events += totals?.events ?? 0;
  }
  return progressOf({ startMs, endMs }, all, Math.min(...threads.map(({ doneShare }) => doneShare)), times);
}

function summaryOfAll(threads: readonly ShardThread[], times: Times): DigestSummary {
  const complete = threads.every(({ done }) => done!.digests !== null);
  const byShard = new Map(threads.flatMap(({ done }) => [...(done!.digests ?? [])]));
  return { ...progressOfAll(threads, times), complete, digest: complete ? digestOf(byShard) : null };
}

/** Stopped before there was a plan. */
function summaryOfNone({ scenario: name, startMs }: ScenarioSource, times: Times): DigestSummary {
  const scenario = loadScenario(name);
  const fromMs = startMs ?? scenario.startMs;
  const span = { startMs: fromMs, endMs: fromMs + scenario.duration };
  const totals = { worldTimeMs: fromMs, frames: 0, readings: 0, events: 0 };
  return { ...progressOf(span, totals, 0, times), complete: false, digest: null };
}

/** Nothing is delivered, so that nothing is packed, lost, kept or sent again. */
function progressOf(
  { startMs, endMs }: { startMs: number; endMs: number },
  totals: ShardTotals,
  doneShare: number,
  { beganMs, runningSinceMs }: Times,
): Progress {
  const nowMs = monotonicMs();
  const undelivered = { packs: 0, retried: 0, framesLost: 0, framesKept: 0 };
  const elapsed = { elapsedMs: nowMs - beganMs, runningMs: nowMs - runningSinceMs };
  return { startMs, endMs, ...totals, ...undelivered, doneShare, ...elapsed };
}
