import { createRequire } from 'node:module';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from a module of ours. In development the module is TypeScript, which Node 20 does not
 * load in a worker by itself even under tsx, so a shim registers tsx there first; built code starts directly.
 * @param module URL of the worker's module with the importer's own ending: `.ts` from source, `.js` when built
 */
export function startWorker(module: URL, options: WorkerOptions = {}): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module, options);
  const tsx = createRequire(import.meta.url).resolve('tsx/esm/api');
  const shim = `import(${JSON.stringify(`file://${tsx}`)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(module.href)}); })`;
  return new Worker(`${shim}.catch((error) => { throw error; })`, { ...options, eval: true });
}

/** The URL of a sibling module, whether this runs from source or from the build. */
export function siblingModule(importMetaUrl: string, path: string): URL {
  const ending = importMetaUrl.endsWith('.ts') ? '.ts' : '.js';
  return new URL(path + ending, importMetaUrl);
}
