import http from 'node:http';
import https from 'node:https';
import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { reasonOf } from '../influxql/deadline.ts';
import { type WriteLines, type WriteOutcome, writeOutcome } from '../influxql/outcome.ts';
import { PRECISION } from '../influxql/schema.ts';

export interface Influx2Target {
  readonly url: string;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
  readonly requestTimeoutMs: number;
}

/**
 * `POST /api/v2/write` through the official client, one request a call. Its retry buffer stays empty: it drops the
 * oldest lines when it is full, and retries belong to commit.ts.
 */
export function influx2Writer(target: Influx2Target): WriteLines {
  const client = new InfluxDB({
    url: target.url,
    token: target.token,
    timeout: target.requestTimeoutMs,
    transportOptions: { 'follow-redirects': { http: refusingPartial(http), https: refusingPartial(https) } },
  });
  const writeApi = client.getWriteApi(target.org, target.bucket, PRECISION, {
    maxRetries: 0,
    // The client must never flush by itself: it would swallow the error. We write one record and flush it.
    batchSize: 2,
    maxBatchBytes: Number.MAX_SAFE_INTEGER,
    flushInterval: 0,
    // Handing the error back keeps the client from writing it to the console.
    writeFailed: (error) => Promise.reject(error),
  });
  return async (body) => {
    try {
      writeApi.writeRecord(body);
      await writeApi.flush();
      return { kind: 'written' };
    } catch (error) {
      return failure(error);
    }
  };
}

function failure(error: unknown): WriteOutcome {
  if (error instanceof HttpError) {
    const retryAfter = error.headers?.['retry-after'];
    return writeOutcome(error.statusCode, error.body ?? error.message, retryAfter?.toString());
  }
  return { kind: 'away', message: reasonOf(error), retryAfterMs: undefined };
}

/**
 * InfluxDB 3 answers 201 when it rejected some of the lines, and the client takes that for success. Here it
 * becomes the 400 that 1.x gives, so that the lines are found. `follow-redirects` is where the client lets its
 * request function be replaced.
 */
function refusingPartial(transport: typeof http | typeof https): { request: typeof http.request } {
  const request = (options: http.RequestOptions, answered: (response: http.IncomingMessage) => void) =>
    transport.request(options, (response) => {
      if (response.statusCode === 201) response.statusCode = 400;
      answered(response);
    });
  return { request: request as typeof http.request };
}
