import type { Worker } from 'node:worker_threads';
import { siblingModule, startWorker } from '../../src/lib/ts-worker.ts';
import type { Plan } from '../plan/types.ts';
import { ShardBarrier } from '../shard-barrier.ts';
import type { ScenarioSource } from '../source.ts';
import { BatchState } from '../world/batch-state.ts';
import type { Reach } from './reach.ts';
import type { TwinRequest } from './twin-worker.ts';
import { copyBatch, TwinCargo } from './twin-world.ts';
import type { Running } from './watched-world.ts';

/**
 * The twin of a running world in a thread of its own, which runs a slice while this one runs the real one: the same
 * as `twinRunning`, sooner. At the end of each slice the two meet, and hand over what the other needs.
 */
export class TwinThread {
  /** Its slices are waited for, not run: blocking, but for no longer than the twin lags behind. */
  readonly running: Running;
  readonly #worker: Worker;
  readonly #barrier: ShardBarrier;

  /** @param source where both plans come from: the thread makes the twin's again, quicker than it is handed over */
  constructor(source: ScenarioSource, real: Running, twin: Plan, reach: Reach) {
    const cargo = new TwinCargo(twin, reach);
    // The thread's own, and what is known here: a run that is stopped must not show half of the thread's next slice.
    const there = BatchState.shared(twin.batches.length);
    const here = BatchState.local(twin.batches.length);
    const exchange = (batchIx: number, isInReach: boolean) => {
      if (!isInReach) copyBatch(batchIx, real.world.batches, there);
      copyBatch(batchIx, there, here);
    };
    const memory = ShardBarrier.memory();
    this.#barrier = new ShardBarrier(memory, 2);
    const request: TwinRequest = {
      source,
      reach,
      batches: there.buffer as SharedArrayBuffer,
      barrier: memory,
    };
    this.#worker = startWorker(siblingModule(import.meta.url, './twin-worker'), request);
    // What it fails of is told at the next meeting; it neither ends the process nor keeps it.
    this.#worker.on('error', () => {});
    this.#worker.unref();
    this.running = {
      plan: twin,
      world: {
        batches: here,
        beginSlice: (fromMs) => cargo.advanceThrough(fromMs),
        advance: () => {},
        read: () => {},
        endSlice: (toMs) => {
          if (!this.#barrier.arrive()) throw new Error('the thread that runs the twin for the truth record has failed');
          cargo.forEach(toMs, exchange);
          this.#barrier.arrive();
        },
      },
    };
  }

  close(): void {
    this.#barrier.abandon();
    void this.#worker.terminate();
  }
}
