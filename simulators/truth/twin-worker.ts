import { givenWorkerData } from '../../src/lib/ts-worker.ts';
import { runSlices } from '../run.ts';
import { ShardBarrier } from '../shard-barrier.ts';
import { type ScenarioSource, twinOf } from '../source.ts';
import { BatchState } from '../world/batch-state.ts';
import { createWorld } from '../world/world.ts';
import { isInReach, type Reach } from './reach.ts';

/** What the twin's thread is given. */
export interface TwinRequest {
  readonly source: ScenarioSource;
  /** The duties that it runs. */
  readonly reach: Reach;
  readonly batches: SharedArrayBuffer;
  readonly barrier: SharedArrayBuffer;
}

/** Runs the twin in step with the thread that records: they meet when a slice is done, and once more when each has what it needs of the other. */
function runTwin({ source, reach, batches, barrier: memory }: TwinRequest): void {
  const barrier = new ShardBarrier(memory, 2);
  try {
    const plan = twinOf(source);
    const state = new BatchState(batches, plan.batches.length);
    const world = createWorld(plan, { assets: (assetIx, atMs) => isInReach(reach, assetIx, atMs), batches: state });
    for (const _ of runSlices(plan, world, () => {})) if (!barrier.arrive() || !barrier.arrive()) return;
  } catch (error) {
    barrier.abandon();
    throw error;
  }
}

runTwin(givenWorkerData<TwinRequest>());
