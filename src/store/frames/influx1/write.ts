import { Pool, RequestError } from 'influx/lib/src/pool.js';
import { reasonOf, withDeadline } from '../influxql/deadline.ts';
import { type WriteLines, type WriteOutcome, writeOutcome } from '../influxql/outcome.ts';
import { PRECISION } from '../influxql/schema.ts';
import { poolOptions } from './pool.ts';

export interface Influx1Target {
  readonly url: string;
  readonly database: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly requestTimeoutMs: number;
}

/**
 * `POST /write` through the connection pool of `influx`. Its `writePoints` is not used for frames: it builds
 * every line from an object, at half the rate, and leaves out a timestamp of 0.
 */
export function influx1Writer(target: Influx1Target): WriteLines {
  const pool = new Pool(poolOptions(target.requestTimeoutMs));
  pool.addHost(target.url);
  const auth = target.username === undefined ? {} : { auth: `${target.username}:${target.password ?? ''}` };
  const query = { db: target.database, precision: PRECISION };
  return async (body) => {
    try {
      // The pool never settles when a connection ends in the middle of an answer.
      await withDeadline(target.requestTimeoutMs, (signal) =>
        pool.discard({ method: 'POST', path: '/write', query, body, signal, ...auth }),
      );
      return { kind: 'written' };
    } catch (error) {
      return failure(error);
    }
  };
}

function failure(error: unknown): WriteOutcome {
  if (error instanceof RequestError) {
    const body = error.message.slice(error.message.indexOf('{'));
    return writeOutcome(error.res.statusCode ?? 0, body, error.res.headers['retry-after']);
  }
  // A broken or refused connection, the deadline, or a 5xx, of which the pool keeps neither body nor headers.
  return { kind: 'away', message: reasonOf(error), retryAfterMs: undefined };
}
