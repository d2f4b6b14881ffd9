// Development only: Node 20 does not load TypeScript in a worker thread, even under tsx, so tsx is registered in
// the thread before the worker's own module is imported. The build has no use for this file.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.module);
