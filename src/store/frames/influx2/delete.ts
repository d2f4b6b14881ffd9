import { reasonOf, withDeadline } from '../influxql/deadline.ts';
import { refusal, unreachable } from '../influxql/query.ts';
import { MEASUREMENT } from '../influxql/schema.ts';
import { serverMessage } from '../influxql/server-message.ts';
import type { Influx2Target } from './write.ts';

/** The first and last ms that InfluxDB's int64 nanoseconds can hold. */
const ALL_TIME = { start: '1677-09-21T00:12:43.146Z', stop: '2262-04-11T23:47:16.854Z' };

/** Removes every frame. InfluxDB 2.x only: 3.x deletes nothing, and says so with an error. */
export async function deleteFrames(target: Influx2Target): Promise<void> {
  const parameters = new URLSearchParams({ org: target.org, bucket: target.bucket });
  const answer = await withDeadline(target.requestTimeoutMs, async (signal) => {
    const response = await fetch(`${target.url.replace(/\/$/, '')}/api/v2/delete?${parameters}`, {
      method: 'POST',
      headers: { authorization: `Token ${target.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...ALL_TIME, predicate: `_measurement="${MEASUREMENT}"` }),
      signal,
    });
    return { status: response.status, text: await response.text() };
  }).catch((error: unknown) => {
    throw unreachable(target.url, reasonOf(error), error);
  });
  if (answer.status === 204) return;
  const reason = `${answer.status} ${serverMessage(answer.text)}`;
  throw refusal({ url: target.url, database: target.bucket }, reason, answer.status);
}
