import type { Writable } from 'node:stream';

/** Writes text, or its bytes, to a stream no faster than it is read. A reader that went away (EPIPE) ends it quietly. */
export class TextSink {
  readonly #stream: Writable;
  #error: NodeJS.ErrnoException | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    // Stays for good: a broken pipe may be reported after the last write.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#error ??= error;
    });
  }

  /** False once the reader is gone: nobody wants more. Throws on any other error of the stream. */
  async write(text: string | Uint8Array): Promise<boolean> {
    if (!this.#isOpen()) return false;
    if (text.length > 0 && !this.#stream.write(text)) await this.#drained();
    return this.#isOpen();
  }

  /** Waits until all is handed to the operating system; leaves the stream open. */
  async flush(): Promise<void> {
    if (this.#isOpen()) await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
    this.#isOpen();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const events = ['drain', 'close', 'error'];
      const done = () => {
        for (const event of events) this.#stream.off(event, done);
        resolve();
      };
      for (const event of events) this.#stream.on(event, done);
    });
  }

  #isOpen(): boolean {
    if (this.#error && this.#error.code !== 'EPIPE') throw this.#error;
    return !this.#error && !this.#stream.destroyed;
  }
}
