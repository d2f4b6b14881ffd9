import type { Plan } from '../../simulators/plan/types.ts';
import { ShardBarrier } from '../../simulators/shard-barrier.ts';
import { BatchState } from '../../simulators/world/batch-state.ts';

/** Memory that all threads of one seed share: the truth of its batches and of their twins, and where they meet. */
export interface SharedMemory {
  readonly batches: SharedArrayBuffer;
  readonly twinBatches: SharedArrayBuffer;
  readonly barrier: SharedArrayBuffer;
}

/** Which of a seed's assets a thread runs, beside how many others, and what they have in common. */
export interface SeedShare {
  /** The first share keeps the books: it writes the truth record of all. */
  readonly ix: number;
  readonly count: number;
  readonly batches: BatchState;
  readonly twinBatches: BatchState;
  /** Waits for all others, blocking. False where the seed is to end here, as when another thread has failed. */
  readonly meet: () => boolean;
}

/** A plan and the plan of its twin: the same season in which nothing goes wrong. */
export interface SeedPlans {
  readonly plan: Plan;
  readonly twin: Plan;
}

/** Assets are dealt out in turn, so that shares are of one size. */
export const isInShare = ({ ix, count }: SeedShare, assetIx: number): boolean => assetIx % count === ix;

/** One thread runs it all. */
export function wholeSeed({ plan, twin }: SeedPlans): SeedShare {
  const [batches, twinBatches] = [plan, twin].map((of) => BatchState.local(of.batches.length)) as [
    BatchState,
    BatchState,
  ];
  return { ix: 0, count: 1, batches, twinBatches, meet: () => true };
}

/** Makes the memory that threads of a seed share. */
export function sharedMemory({ plan, twin }: SeedPlans): SharedMemory {
  const bytes = (of: Plan) => new SharedArrayBuffer(BatchState.bytes(of.batches.length));
  return { batches: bytes(plan), twinBatches: bytes(twin), barrier: ShardBarrier.memory() };
}

/** The share of one of several threads. */
export function seedShare({ plan, twin }: SeedPlans, ix: number, count: number, memory: SharedMemory): SeedShare {
  const barrier = new ShardBarrier(memory.barrier, count);
  return {
    ix,
    count,
    batches: new BatchState(memory.batches, plan.batches.length),
    twinBatches: new BatchState(memory.twinBatches, twin.batches.length),
    meet: () => barrier.arrive(),
  };
}
