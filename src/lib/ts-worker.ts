import { Worker, workerData } from 'node:worker_threads';

/**
 * Starts a worker thread from a module of ours. From source that module is TypeScript, which the shim makes
 * loadable; built code starts directly. The thread reads what it was given with {@link givenWorkerData}.
 * @param module URL of the worker's module, see {@link siblingModule}
 */
export function startWorker(module: URL, data: unknown): Worker {
  const fromSource = module.pathname.endsWith('.ts');
  const entry = fromSource ? new URL('./ts-worker-shim.mjs', import.meta.url) : module;
  return new Worker(entry, { workerData: { module: module.href, data } });
}

/** What {@link startWorker} was given, read inside the worker. */
export function givenWorkerData<T>(): T {
  return (workerData as { data: T }).data;
}

/** The URL of a sibling module without its ending, whether this runs from source or from the build. */
export function siblingModule(importMetaUrl: string, path: string): URL {
  const ending = importMetaUrl.endsWith('.ts') ? '.ts' : '.js';
  return new URL(path + ending, importMetaUrl);
}
