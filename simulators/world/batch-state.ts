import { ZONES } from './physics/cargo.ts';

/** Float64 numbers of one batch: pulp, ripening and chilling of three zones, and its weight loss. */
const PER_BATCH = 3 * ZONES + 1;

/**
 * What batches truly are, by `batchIx × 3 + zone`: it may lie in shared memory, for worker threads that each run some
 * of the assets. A batch is in one asset at a time, and threads wait for each other between slices: no locks.
 * A batch that has not entered the world yet, or has left it, keeps its first or last state.
 */
export class BatchState {
  readonly pulpC: Float64Array;
  /** Share of storage life used up. */
  readonly ripening: Float64Array;
  /** Share of the dose that does chilling injury to typical fruit. */
  readonly chilling: Float64Array;
  /** Share of its weight lost, by batch. */
  readonly weightLoss: Float64Array;

  /** @param buffer of `BatchState.bytes(batches)`, zeros to begin with */
  constructor(buffer: ArrayBufferLike, batches: number) {
    const column = (n: number, size: number): Float64Array =>
      new Float64Array(buffer, n * batches * ZONES * Float64Array.BYTES_PER_ELEMENT, size);
    this.pulpC = column(0, batches * ZONES);
    this.ripening = column(1, batches * ZONES);
    this.chilling = column(2, batches * ZONES);
    this.weightLoss = column(3, batches);
  }

  static bytes(batches: number): number {
    return batches * PER_BATCH * Float64Array.BYTES_PER_ELEMENT;
  }

  static local(batches: number): BatchState {
    return new BatchState(new ArrayBuffer(BatchState.bytes(batches)), batches);
  }

  /** In memory that other threads can make theirs: `new BatchState(state.buffer, batches)`. */
  static shared(batches: number): BatchState {
    return new BatchState(new SharedArrayBuffer(BatchState.bytes(batches)), batches);
  }

  get buffer(): ArrayBufferLike {
    return this.pulpC.buffer;
  }
}
