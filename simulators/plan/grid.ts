import { SLICE_MS } from './types.ts';

/** The slice grid: cargo changes hands only at whole slices after the plan's start. */
export class Grid {
  readonly #startMs: number;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** The grid's instant nearest to a time. */
  nearest(timeMs: number): number {
    return this.#startMs + Math.round((timeMs - this.#startMs) / SLICE_MS) * SLICE_MS;
  }

  /** The last instant of the grid at or before a time. */
  before(timeMs: number): number {
    return this.#startMs + Math.floor((timeMs - this.#startMs) / SLICE_MS) * SLICE_MS;
  }

  /** The first instant of the grid at or after a time. */
  after(timeMs: number): number {
    return this.#startMs + Math.ceil((timeMs - this.#startMs) / SLICE_MS) * SLICE_MS;
  }
}
