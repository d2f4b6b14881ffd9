import { monotonicMs } from '../lib/clock.ts';

/** How often a line is written where it cannot be drawn over. */
const PLAIN_EVERY_MS = 5000;
const DRAWN_EVERY_MS = 100;

/** One line of progress: drawn over itself on a terminal, a plain line every few seconds elsewhere. */
export class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  #shownMs = Number.NEGATIVE_INFINITY;
  #drawn = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    const nowMs = monotonicMs();
    if (nowMs - this.#shownMs < (this.#stream.isTTY ? DRAWN_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#shownMs = nowMs;
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[2K${text.slice(0, this.#stream.columns - 1)}`);
      this.#drawn = true;
    } else {
      this.#stream.write(`${text}\n`);
    }
  }

  /** Clears the drawn line, so that what follows starts clean. */
  end(): void {
    if (this.#drawn) this.#stream.write('\r\x1b[2K');
    this.#drawn = false;
  }
}
