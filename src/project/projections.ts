import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { ColdtrailError } from '../lib/errors.ts';
import { siblingModule, startWorker } from '../lib/ts-worker.ts';
import type { CycleReport } from './projector.ts';
import type { FromProject, ToProject } from './worker.ts';

export interface ProjectionEvents {
  readonly onCycle: (report: CycleReport) => void;
  /** The frame store did not take a write; it is tried again after the wait. */
  readonly onAway: (message: string, waitMs: number) => void;
  /** The thread ended by itself: a store refused, a file is damaged. */
  readonly onFailure: (error: Error) => void;
}

/** The projections as the main thread sees them: a thread that follows the journal. */
export class Projections {
  readonly #worker: Worker;
  readonly #stopped: Promise<void>;
  /** Where they stood when they started. */
  readonly startOffset: number;

  private constructor(worker: Worker, startOffset: number, stopped: Promise<void>) {
    this.#worker = worker;
    this.startOffset = startOffset;
    this.#stopped = stopped;
  }

  /**
   * Starts the thread; it opens ledger and frame store and goes on where it stood.
   */
  static async start(config: Config, { onCycle, onAway, onFailure }: ProjectionEvents): Promise<Projections> {
    const worker = startWorker(siblingModule(import.meta.url, './worker'), { config });
    const first = await firstAnswer(worker, onAway);
    if (first.type === 'failed') throw failure(first);
    const stopped = new Promise<void>((resolve) => {
      worker.once('exit', () => resolve());
    });
    worker.on('message', (message: FromProject) => {
      if (message.type === 'cycle') onCycle(message.report);
      else if (message.type === 'away') onAway(message.message, message.waitMs);
      else if (message.type === 'failed') onFailure(failure(message));
    });
    worker.on('error', onFailure);
    return new Projections(worker, first.type === 'ready' ? first.offset : 0, stopped);
  }

  /** Tells that the journal has grown. */
  grown(): void {
    this.#send({ type: 'grown' });
  }

  /** Tells how far a simulation's clock has come, once all that came in before is in the journal. */
  clock(timeMs: number): void {
    this.#send({ type: 'clock', timeMs });
  }

  /** Ends the thread once it has reached the journal's head, or after `graceMs` where a store keeps it waiting. */
  async stop(graceMs: number): Promise<void> {
    this.#send({ type: 'stop', drain: true });
    const timer = setTimeout(() => this.#send({ type: 'stop', drain: false }), graceMs);
    await this.#stopped;
    clearTimeout(timer);
  }

  #send(message: ToProject): void {
    this.#worker.postMessage(message);
  }
}

/** The thread's first word of success or failure; a server that is away at the start is told of meanwhile. */
async function firstAnswer(worker: Worker, onAway: ProjectionEvents['onAway']): Promise<FromProject> {
  for (;;) {
    const [message] = (await once(worker, 'message')) as [FromProject];
    if (message.type !== 'away') return message;
    onAway(message.message, message.waitMs);
  }
}

function failure({ code, message, hint }: Extract<FromProject, { type: 'failed' }>): Error {
  return code ? new ColdtrailError(code, message, hint === null ? {} : { hint }) : new Error(message);
}
