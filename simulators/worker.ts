import { parentPort } from 'node:worker_threads';
import { monotonicMs } from '../src/lib/clock.ts';
import { givenWorkerData } from '../src/lib/ts-worker.ts';
import { type Progress, type Summary, startSimulation } from './main.ts';
import type { Speed } from './pace.ts';
import type { BrokerOptions } from './publish/publish.ts';
import type { SimulationSource } from './source.ts';
import { type ErrorReport, errorReport } from './thread-error.ts';

/** What a simulation in a worker thread is given. */
export interface WorkerRequest {
  readonly source: SimulationSource;
  readonly broker: BrokerOptions;
  readonly speed: Speed;
}

/** What it reports. `done` or `error` comes last. */
export type WorkerReport =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly summary: Summary }
  | ErrorReport;

/** What it may be told. */
interface WorkerOrder {
  readonly type: 'stop';
}

const PROGRESS_EVERY_MS = 100;

async function simulate(port: NonNullable<typeof parentPort>): Promise<void> {
  const request = givenWorkerData<WorkerRequest>();
  const stop = new AbortController();
  port.on('message', (order: WorkerOrder) => {
    if (order.type === 'stop') stop.abort();
  });
  const report = (message: WorkerReport) => port.postMessage(message);
  let reportedMs = Number.NEGATIVE_INFINITY;
  const onProgress = (progress: Progress) => {
    if (monotonicMs() - reportedMs < PROGRESS_EVERY_MS) return;
    reportedMs = monotonicMs();
    report({ type: 'progress', progress });
  };
  try {
    const run = { speed: request.speed, signal: stop.signal, onProgress };
    report({ type: 'done', summary: await startSimulation(request.source, request.broker, run) });
  } catch (error) {
    report(errorReport(error));
  } finally {
    port.close();
  }
}

if (parentPort) await simulate(parentPort);
