/**
 * How long a restarted processor listens before it lets time pass: what devices kept while it was away, or what the
 * journal still holds, is no silence. By the wall. ESTIMATE: clients come back within a minute.
 */
export const LISTENS_FIRST_MS = 120_000;

/** The time that detection goes by: the clock in force, but it never runs back, and stands still after a restart. */
export class Watermark {
  readonly #heldUntilMs: number;
  #asOfMs: number;

  /**
   * @param asOfMs where it stood when it was last kept; 0 for a beginning, where there is nothing to wait for
   * @param wallMs now, by the wall
   */
  constructor(asOfMs: number, wallMs: number) {
    this.#asOfMs = asOfMs;
    this.#heldUntilMs = asOfMs === 0 ? wallMs : wallMs + LISTENS_FIRST_MS;
  }

  get asOfMs(): number {
    return this.#asOfMs;
  }

  /** Lets the time pass up to the clock in force. @returns where it stands now */
  advanceTo(clockMs: number, wallMs: number): number {
    if (wallMs >= this.#heldUntilMs) this.#asOfMs = Math.max(this.#asOfMs, clockMs);
    return this.#asOfMs;
  }
}
