/** The one file that reads the machine's clock; everything else gets a Clock handed in. */
export interface Clock {
  /** Now, epoch ms. */
  nowMs(): number;
}

export const wallClock: Clock = { nowMs: () => Date.now() };

/** Monotonic milliseconds, for durations and rates only. */
export const monotonicMs = (): number => performance.now();

/** A clock that someone else sets: the simulation's published time. Never runs backwards. */
export class SetClock implements Clock {
  #nowMs: number;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  advanceTo(timeMs: number): void {
    if (timeMs > this.#nowMs) this.#nowMs = timeMs;
  }
}
