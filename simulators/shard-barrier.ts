const ARRIVED = 0;
const ROUND = 1;
const STOP_ASKED = 2;
const ENDED = 3;

/** Where threads wait for each other at the end of each slice. */
export class ShardBarrier {
  readonly #cells: Int32Array;
  readonly #threads: number;

  /** Memory for one barrier, to be shared by its threads. */
  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT);
  }

  /** @param threads how many arrive in each round */
  constructor(memory: SharedArrayBuffer, threads: number) {
    this.#cells = new Int32Array(memory);
    this.#threads = threads;
  }

  /** Waits, blocking, until all have arrived. False, for all alike, when the run is to end here. */
  arrive(): boolean {
    const cells = this.#cells;
    const round = Atomics.load(cells, ROUND);
    if (Atomics.add(cells, ARRIVED, 1) + 1 === this.#threads) {
      Atomics.store(cells, ARRIVED, 0);
      // The last to arrive decides for all, so that none goes on alone.
      if (Atomics.load(cells, STOP_ASKED) === 1) Atomics.store(cells, ENDED, 1);
      Atomics.add(cells, ROUND, 1);
      Atomics.notify(cells, ROUND);
    } else {
      while (Atomics.load(cells, ROUND) === round && Atomics.load(cells, ENDED) === 0)
        Atomics.wait(cells, ROUND, round);
    }
    return Atomics.load(cells, ENDED) === 0;
  }

  /** Asks all to end when they have arrived next. */
  stop(): void {
    Atomics.store(this.#cells, STOP_ASKED, 1);
  }

  /** Lets nobody wait for a thread that has failed. */
  abandon(): void {
    Atomics.store(this.#cells, ENDED, 1);
    Atomics.add(this.#cells, ROUND, 1);
    Atomics.notify(this.#cells, ROUND);
  }
}
