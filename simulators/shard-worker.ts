import { once } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { monotonicMs } from '../src/lib/clock.ts';
import { givenWorkerData } from '../src/lib/ts-worker.ts';
import { workShareOf } from './plan/work.ts';
import { runShards, type ShardTotals, shardOf } from './shard.ts';
import { ShardBarrier } from './shard-barrier.ts';
import { planOf, type SimulationSource } from './source.ts';
import { type ErrorReport, errorReport } from './thread-error.ts';
import { BatchState } from './world/batch-state.ts';
import { createWorld } from './world/world.ts';

/** What a thread that runs some of the shards is given. */
export interface ShardRequest {
  readonly source: SimulationSource;
  readonly shards: readonly number[];
  readonly barrier: SharedArrayBuffer;
  readonly threads: number;
}

/** What it reports: `planned` first, `done` or `error` last. */
export type ShardReport =
  | { readonly type: 'planned'; readonly startMs: number; readonly endMs: number; readonly batches: number }
  | { readonly type: 'progress'; readonly totals: ShardTotals; readonly doneShare: number }
  | { readonly type: 'done'; readonly totals: ShardTotals; readonly digests: ReadonlyMap<number, string> | null }
  | ErrorReport;

/** What it is told once all have planned: the memory of the batches, which all share. */
export interface ShardStart {
  readonly batches: SharedArrayBuffer;
}

const PROGRESS_EVERY_MS = 200;

async function simulate(port: MessagePort): Promise<void> {
  const { source, shards, barrier: memory, threads } = givenWorkerData<ShardRequest>();
  const barrier = new ShardBarrier(memory, threads);
  const report = (message: ShardReport) => port.postMessage(message);
  try {
    const plan = planOf(source);
    report({ type: 'planned', startMs: plan.startMs, endMs: plan.endMs, batches: plan.batches.length });
    const [start] = (await once(port, 'message')) as [ShardStart];
    const world = createWorld(plan, {
      assets: (assetIx) => shards.includes(shardOf(assetIx)),
      batches: new BatchState(start.batches, plan.batches.length),
    });
    const shareOf = workShareOf(plan);
    const run = runShards(plan, world, shards);
    let totals: ShardTotals = { worldTimeMs: plan.startMs, frames: 0, readings: 0, events: 0 };
    let reportedMs = monotonicMs();
    for (;;) {
      const step = run.next();
      if (step.done) {
        report({ type: 'done', totals, digests: step.value });
        return;
      }
      totals = step.value;
      if (!barrier.arrive()) {
        report({ type: 'done', totals, digests: null });
        return;
      }
      if (monotonicMs() - reportedMs < PROGRESS_EVERY_MS) continue;
      reportedMs = monotonicMs();
      report({ type: 'progress', totals, doneShare: shareOf(totals.worldTimeMs) });
    }
  } catch (error) {
    report(errorReport(error));
    barrier.abandon();
  } finally {
    port.close();
  }
}

if (parentPort) await simulate(parentPort);
