import { siblingModule, startWorker } from '../src/lib/ts-worker.ts';
import type { Progress, Summary } from './main.ts';
import { errorOf } from './thread-error.ts';
import type { WorkerReport, WorkerRequest } from './worker.ts';

/** Runs a simulation in a thread of its own. Aborting the signal ends it cleanly. @throws what the simulation threw */
export function runInWorker(
  request: WorkerRequest,
  run: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const worker = startWorker(siblingModule(import.meta.url, './worker'), request);
    const stop = () => worker.postMessage({ type: 'stop' });
    if (run.signal.aborted) stop();
    run.signal.addEventListener('abort', stop, { once: true });
    worker.on('message', (report: WorkerReport) => {
      if (report.type === 'progress') run.onProgress(report.progress);
      else if (report.type === 'done') resolve(report.summary);
      else reject(errorOf(report));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      run.signal.removeEventListener('abort', stop);
      reject(new Error(`the simulation's thread ended with ${code} before it reported`));
    });
  });
}
