import { ColdtrailError } from '../../../lib/errors.ts';
import { reasonOf, withDeadline } from './deadline.ts';
import { PRECISION } from './schema.ts';
import { serverMessage } from './server-message.ts';

/** One series of an answer; times are epoch ms. */
export interface InfluxqlSeries {
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (number | string | boolean | null)[])[];
  /** The server cut the series short (`max-row-limit`): more rows follow the last one. */
  readonly partial?: boolean;
}

/** Runs InfluxQL statements in one request; one list of series for each statement. */
export type QueryInfluxql = (statements: readonly string[]) => Promise<readonly (readonly InfluxqlSeries[])[]>;

export interface QueryTarget {
  readonly url: string;
  readonly database: string;
  /** Value of the Authorization header. */
  readonly authorization: string | undefined;
  readonly requestTimeoutMs: number;
}

interface InfluxqlAnswer {
  readonly results?: readonly { readonly series?: readonly InfluxqlSeries[]; readonly error?: string }[];
}

/**
 * InfluxQL over `GET /query`, which 1.x, 2.x and 3.x all answer. Neither client library is used here:
 * `@influxdata/influxdb-client` has no InfluxQL call, and the request of `influx` never settles when the server
 * dies in the middle of an answer.
 * @returns a function that throws STORE_UNREACHABLE when there is no answer and STORE_REFUSED when it is an error
 */
export function influxqlOverHttp(target: QueryTarget): QueryInfluxql {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (target.authorization !== undefined) headers['authorization'] = target.authorization;
  return async (statements) => {
    const parameters = new URLSearchParams({ db: target.database, epoch: PRECISION, q: statements.join(';') });
    const { status, text } = await get(target, `/query?${parameters}`, headers);
    if (status >= 500 || status === 429 || status === 408) {
      throw unreachable(target.url, `${status} ${serverMessage(text)}`); // busy or ending: the same may succeed later
    }
    if (status !== 200) throw refusal(target, `${status} ${serverMessage(text)}`, status);
    const { results = [] } = JSON.parse(text) as InfluxqlAnswer;
    return statements.map((_, s) => {
      const result = results[s] ?? {};
      if (result.error !== undefined) throw refusal(target, result.error, status);
      return result.series ?? [];
    });
  };
}

async function get(target: QueryTarget, path: string, headers: Record<string, string>) {
  const url = target.url.replace(/\/$/, '') + path;
  try {
    return await withDeadline(target.requestTimeoutMs, async (signal) => {
      const response = await fetch(url, { headers, signal });
      return { status: response.status, text: await response.text() };
    });
  } catch (error) {
    throw unreachable(target.url, reasonOf(error), error);
  }
}

export function unreachable(url: string, reason: string, cause?: unknown): ColdtrailError {
  return new ColdtrailError('STORE_UNREACHABLE', `InfluxDB at ${url} did not answer: ${reason}`, {
    hint: 'Is the server running, and is the address right? Try: curl -i ' + url + '/ping',
    cause,
  });
}

/** An error of the whole request, not of single points. @param status 401 and 403 point at the credentials */
export function refusal(target: Pick<QueryTarget, 'url' | 'database'>, reason: string, status: number): ColdtrailError {
  const hint =
    status === 401 || status === 403
      ? 'Check user and password, or the token and what it may read and write.'
      : `Does ${JSON.stringify(target.database)} exist? InfluxDB 2.x needs a DBRP mapping of that name onto the bucket.`;
  const message = `InfluxDB at ${target.url} refused a request to ${JSON.stringify(target.database)}: ${reason}`;
  return new ColdtrailError('STORE_REFUSED', message, { hint });
}
