import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { FrameBatchBuilder } from '../contract/frame-batch-builder.ts';
import { type Clock, monotonicMs } from '../lib/clock.ts';
import { siblingModule, startWorker } from '../lib/ts-worker.ts';
import { encodeRecord, type JournalDocument } from './record.ts';
import type { FromJournal, JournalWorkerData, ToJournal } from './worker.ts';

export interface JournalOptions {
  readonly file: string;
  readonly fsync: boolean;
  /** Above this much unprojected input nothing more is committed, so nothing more is acknowledged. */
  readonly maxBytes: number;
  /** Projected records beyond this much, or older than `keepMs`, are trimmed. */
  readonly keepBytes: number;
  readonly keepMs: number;
  readonly wall: Clock;
  /** The clock in force. */
  readonly clock: Clock;
  /** Each commit, once durable. */
  readonly onCommit: (offset: number) => void;
  /** The journal can no longer keep its promise: stop the process. */
  readonly onFailure: (error: Error) => void;
}

/** How long acknowledgements may hold the event loop, and after how many the time is looked at. */
const RELEASE_MS_MAX = 2;
const ACKS_BETWEEN_LOOKS = 8;

/**
 * The accepting end of the journal with its group commit. Input is added to {@link frames} and {@link add};
 * everything added within one turn of the event loop, or while a commit is under way, makes one record.
 * An acknowledgement given to {@link whenDurable} is called after the record is fsynced, and never if it is not.
 */
export class Journal {
  /** The frames of the next record: decoders append here. */
  readonly frames = new FrameBatchBuilder();
  #documents: JournalDocument[] = [];
  #acks: (() => void)[] = [];
  #acksInFlight: (() => void)[] = [];
  /** Acknowledgements that may go out, by commit; of the first, so many went already. */
  readonly #durable: (() => void)[][] = [];
  #released = 0;
  #releasing = false;
  #committing = false;
  #scheduled = false;
  #failed = false;
  #unprojectedBytes = 0;
  #projectedOffset = 0;
  #headOffset = 0;
  #idle: (() => void)[] = [];
  readonly #options: JournalOptions;
  readonly #worker: Worker;

  private constructor(options: JournalOptions, worker: Worker) {
    this.#options = options;
    this.#worker = worker;
  }

  /** Starts the journal's thread and opens the file. */
  static async open(options: JournalOptions): Promise<Journal> {
    const data: JournalWorkerData = {
      file: options.file,
      fsync: options.fsync,
      keepBytes: options.keepBytes,
      keepMs: options.keepMs,
    };
    const worker = startWorker(siblingModule(import.meta.url, './worker'), data);
    const [ready] = (await once(worker, 'message')) as [FromJournal];
    if (ready.type === 'failed') throw new Error(ready.message);
    const journal = new Journal(options, worker);
    if (ready.type === 'ready') {
      journal.#unprojectedBytes = ready.unprojectedBytes;
      journal.#headOffset = ready.offset;
    }
    worker.on('message', (message: FromJournal) => journal.#onMessage(message));
    worker.on('error', (error) => journal.#fail(error));
    return journal;
  }

  /** Adds an event or a refusal to the next record. */
  add(document: JournalDocument): void {
    this.#documents.push(document);
  }

  /** Calls back once everything added so far is durable. */
  whenDurable(ack: () => void): void {
    this.#acks.push(ack);
    this.#schedule();
  }

  /**
   * Calls back for input that leaves nothing to keep: at once, or after the acknowledgements that wait, since a client
   * is owed its own in the order of its publishes [MQTT-4.6.0-2].
   */
  inOrder(ack: () => void): void {
    if (this.#acks.length > 0) this.#acks.push(ack);
    else if (this.#acksInFlight.length > 0) this.#acksInFlight.push(ack);
    else if (this.#durable.length > 0) this.#durable.at(-1)!.push(ack);
    else ack();
  }

  /** Tells how far every projection has come: frees space, and lets a full journal go on. */
  projected(offset: number): void {
    this.#projectedOffset = offset;
    this.#send({ type: 'projected', offset });
  }

  /** True while the bound is reached and acknowledgements are held. */
  get full(): boolean {
    return this.#unprojectedBytes >= this.#options.maxBytes && this.#projectedOffset < this.#headOffset;
  }

  /** Offset of the newest durable record. */
  get headOffset(): number {
    return this.#headOffset;
  }

  /**
   * Commits what is pending and ends the thread. Input that a full journal holds back stays unacknowledged, and so does
   * what a journal that has failed did not commit.
   */
  async close(): Promise<void> {
    while (this.#releasing || (!this.#failed && (this.#committing || (this.#acks.length > 0 && !this.full)))) {
      await new Promise<void>((resolve) => {
        this.#idle.push(resolve);
        this.#schedule();
      });
    }
    if (this.#failed) {
      await this.#worker.terminate();
      return;
    }
    const exit = once(this.#worker, 'exit');
    this.#send({ type: 'close' });
    await exit;
  }

  #schedule(): void {
    if (this.#scheduled || this.#committing) return;
    this.#scheduled = true;
    // Everything that the sockets deliver in this turn joins the record.
    setImmediate(() => {
      this.#scheduled = false;
      this.#commit();
    });
  }

  #commit(): void {
    if (this.#failed || this.#committing || this.#acks.length === 0 || this.full) return;
    this.#committing = true;
    this.#acksInFlight = this.#acks;
    this.#acks = [];
    const frames = this.frames.take();
    const body = encodeRecord(frames, this.#documents);
    this.#documents = [];
    const meta = {
      arrivedMs: this.#options.wall.nowMs(),
      clockMs: this.#options.clock.nowMs(),
      frames: frames.size,
    };
    this.#send({ type: 'append', meta, body }, [body.buffer]);
  }

  #onMessage(message: FromJournal): void {
    switch (message.type) {
      case 'appended': {
        this.#unprojectedBytes = message.unprojectedBytes;
        this.#headOffset = message.offset;
        this.#committing = false;
        this.#durable.push(this.#acksInFlight);
        this.#acksInFlight = [];
        this.#options.onCommit(message.offset);
        // The next commit starts before the acknowledgements of this one go out: the disk does not wait for them.
        this.#commit();
        if (!this.#releasing) this.#release();
        break;
      }
      case 'trimmed': {
        this.#unprojectedBytes = message.unprojectedBytes;
        if (!this.full) this.#schedule();
        break;
      }
      case 'failed': {
        this.#fail(new Error(`journal: ${message.message}`));
        break;
      }
      case 'ready':
      case 'closed':
        break;
    }
  }

  /**
   * Gives acknowledgements out, oldest first, for a few milliseconds at a time: each lets its client's next packets in,
   * and with hundreds of clients a whole commit of them would hold the event loop for too long.
   */
  #release(): void {
    this.#releasing = true;
    const untilMs = monotonicMs() + RELEASE_MS_MAX;
    for (let acks = this.#durable[0]; acks; acks = this.#durable[0]) {
      while (this.#released < acks.length) {
        acks[this.#released++]!();
        if (this.#released % ACKS_BETWEEN_LOOKS === 0 && monotonicMs() > untilMs) {
          setImmediate(() => this.#release());
          return;
        }
      }
      this.#durable.shift();
      this.#released = 0;
    }
    this.#releasing = false;
    this.#notifyIdle();
  }

  /** Nothing is committed any more, so nothing more is acknowledged. */
  #fail(error: Error): void {
    this.#failed = true;
    this.#options.onFailure(error);
    if (!this.#releasing) this.#notifyIdle();
  }

  #notifyIdle(): void {
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  #send(message: ToJournal, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
