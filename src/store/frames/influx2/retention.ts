import { reasonOf, withDeadline } from '../influxql/deadline.ts';
import { refusal, unreachable } from '../influxql/query.ts';
import { serverMessage } from '../influxql/server-message.ts';
import type { Retention } from '../store.ts';
import type { Influx2Target } from './write.ts';

interface BucketsAnswer {
  readonly buckets?: readonly { readonly retentionRules?: readonly { readonly everySeconds?: number }[] }[];
}

/**
 * How long a bucket keeps its points, by `GET /api/v2/buckets` of 2.x.
 * @returns null where it keeps everything, or the token may not ask; undefined where the server has no buckets, as 3.x
 */
export async function bucketRetention(target: Influx2Target): Promise<Retention | null | undefined> {
  const parameters = new URLSearchParams({ org: target.org, name: target.bucket });
  const answer = await withDeadline(target.requestTimeoutMs, async (signal) => {
    const response = await fetch(`${target.url.replace(/\/$/, '')}/api/v2/buckets?${parameters}`, {
      headers: { authorization: `Token ${target.token}`, accept: 'application/json' },
      signal,
    });
    return { status: response.status, text: await response.text() };
  }).catch((error: unknown) => {
    throw unreachable(target.url, reasonOf(error), error);
  });
  if (answer.status >= 500) throw unreachable(target.url, `${answer.status} ${serverMessage(answer.text)}`);
  if (answer.status === 401 || answer.status === 403) return null;
  if (answer.status === 404 || answer.status === 405) return undefined;
  if (answer.status !== 200) {
    const reason = `${answer.status} ${serverMessage(answer.text)}`;
    throw refusal({ url: target.url, database: target.bucket }, reason, answer.status);
  }
  const { buckets = [] } = JSON.parse(answer.text) as BucketsAnswer;
  const seconds = (buckets[0]?.retentionRules ?? []).map(({ everySeconds = 0 }) => everySeconds).filter((s) => s > 0);
  return seconds.length === 0 ? null : { ms: Math.min(...seconds) * 1000, by: `the bucket "${target.bucket}"` };
}
