import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { alertsTopic } from '../contract/topics.ts';
import { siblingModule, startWorker } from '../lib/ts-worker.ts';
import type { AlertMessage } from './message.ts';
import type { FromNotify, NotifyWorkerData, ToNotify } from './worker.ts';

/** What the notifiers need of the main thread. */
export interface NotifyPorts {
  readonly log: (message: AlertMessage) => void;
  readonly publish: (topic: string, payload: string) => Promise<void>;
  readonly onWarning: (notifier: string, message: string) => void;
  readonly onFailure: (error: Error) => void;
}

/** The notifiers as the main thread sees them: a thread that follows the spool. */
export class Notify {
  readonly #worker: Worker;
  readonly #stopped: Promise<void>;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#stopped = new Promise((resolve) => {
      worker.once('exit', () => resolve());
    });
  }

  /** Starts the thread; a notifier goes on where it stopped. */
  static async start(data: NotifyWorkerData, ports: NotifyPorts): Promise<Notify> {
    const worker = startWorker(siblingModule(import.meta.url, './worker'), data);
    const notify = new Notify(worker);
    const [first] = (await once(worker, 'message')) as [FromNotify];
    if (first.type === 'failed') throw new Error(first.message);
    worker.on('message', (message: FromNotify) => {
      if (message.type === 'warning') ports.onWarning(message.notifier, message.message);
      else if (message.type === 'failed') ports.onFailure(new Error(message.message));
      else if (message.type === 'tell') notify.#tell(message, ports);
    });
    worker.on('error', ports.onFailure);
    return notify;
  }

  /** Tells that the spool may have grown. */
  grown(): void {
    this.#send({ type: 'grown' });
  }

  /** Ends the thread; what is not told yet is kept for the next start. */
  async stop(): Promise<void> {
    this.#send({ type: 'stop' });
    await this.#stopped;
  }

  #tell({ by, message, orgs }: Extract<FromNotify, { type: 'tell' }>, ports: NotifyPorts): void {
    const told = (error: Error | null) => this.#send({ type: 'told', by, error: error?.message ?? null });
    if (by === 'log') {
      ports.log(message);
      told(null);
      return;
    }
    const payload = JSON.stringify(message);
    Promise.all(orgs.map((org) => ports.publish(alertsTopic(org), payload))).then(() => told(null), told);
  }

  #send(message: ToNotify): void {
    this.#worker.postMessage(message);
  }
}
