import type { IPoolOptions } from 'influx/lib/src/pool.js';

type BackOff = NonNullable<IPoolOptions['backoff']>;

/** The pool of `influx` shuts a failed host out for a while; here commit.ts does the waiting. */
const noBackOff: BackOff = { getDelay: () => 0, next: () => noBackOff, reset: () => noBackOff };

export const poolOptions = (requestTimeoutMs: number): IPoolOptions => ({
  maxRetries: 0,
  backoff: noBackOff,
  requestTimeout: requestTimeoutMs,
});
