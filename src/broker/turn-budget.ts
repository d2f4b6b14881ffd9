import { monotonicMs } from '../lib/clock.ts';

/**
 * Shares the event loop out among the connections: work runs at once while the turn has time left, otherwise in the
 * turns that follow, first come first served. What waits is bounded by who asks: one entry per connection.
 */
export class TurnBudget {
  readonly #turnMsMax: number;
  readonly #nowMs: () => number;
  readonly #waiting: (() => void)[] = [];
  #untilMs = 0;
  #turnOpen = false;

  /** @param turnMsMax how long the work of one turn may take; the last piece of it may run over */
  constructor(turnMsMax: number, nowMs: () => number = monotonicMs) {
    this.#turnMsMax = turnMsMax;
    this.#nowMs = nowMs;
  }

  /** True while this turn has time left and nobody waits. */
  get left(): boolean {
    if (!this.#turnOpen) this.#openTurn();
    return this.#waiting.length === 0 && this.#nowMs() < this.#untilMs;
  }

  /** Runs the work in a later turn, after what waits already. */
  later(work: () => void): void {
    if (!this.#turnOpen) this.#openTurn();
    this.#waiting.push(work);
  }

  /** Runs the work now if this turn has time left, otherwise later. */
  run(work: () => void): void {
    if (this.left) work();
    else this.later(work);
  }

  #openTurn(): void {
    this.#turnOpen = true;
    this.#untilMs = this.#nowMs() + this.#turnMsMax;
    setImmediate(() => this.#nextTurn());
  }

  #nextTurn(): void {
    this.#turnOpen = false;
    if (this.#waiting.length === 0) return;
    this.#openTurn();
    let done = 0;
    while (done < this.#waiting.length && (done === 0 || this.#nowMs() < this.#untilMs)) this.#waiting[done++]!();
    this.#waiting.splice(0, done);
  }
}
