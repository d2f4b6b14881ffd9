import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { answerInfluxql } from './influxql-answers.ts';
import { PointTable } from './point-table.ts';

/** What InfluxDB 2 must be sent, checked byte by byte; and what it answers, from points held in memory. */
export interface Influx2ContractServer {
  readonly url: string;
  readonly points: PointTable;
  /** Requests that differ from the contract, in words. A test that leaves any has failed. */
  readonly violations: readonly string[];
  /** Answers the next writes with these, one each, and writes nothing. */
  readonly failNextWrites: Failure[];
  /** How long the bucket keeps its points; 0 for ever, null where the server has no buckets, as 3.x. */
  keptSeconds: number | null;
  /** How a write with refused points is answered: as InfluxDB 2 does or as 3 does. */
  partialAnswer: 'v2' | 'v3';
  /** When each write came, by the monotonic clock. */
  readonly writesAtMs: readonly number[];
  stop(): Promise<void>;
}

interface Failure {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Influx2Account {
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
}

class ContractViolation extends Error {}

export async function startInflux2ContractServer(account: Influx2Account): Promise<Influx2ContractServer> {
  const violations: string[] = [];
  const failNextWrites: Failure[] = [];
  const writesAtMs: number[] = [];
  const points = new PointTable();
  const state = {
    account,
    points,
    failNextWrites,
    writesAtMs,
    partialAnswer: 'v2' as 'v2' | 'v3',
    keptSeconds: 0 as number | null,
  };
  const server = createServer((request, response) => {
    handle(state, request, response).catch((error: unknown) => {
      violations.push(`${request.method} ${request.url}: ${String(error)}`);
      send(response, 400, { code: 'invalid', message: String(error) });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    violations,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

type State = Pick<Influx2ContractServer, 'points' | 'failNextWrites' | 'partialAnswer' | 'keptSeconds'> & {
  readonly account: Influx2Account;
  readonly writesAtMs: number[];
};

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { token, org, bucket } = state.account;
  const body = await bodyOf(request);
  if (request.headers.authorization !== `Token ${token}`) {
    return send(response, 401, { code: 'unauthorized', message: 'unauthorized access' });
  }
  const target = request.url ?? '';
  const place = `org=${encodeURIComponent(org)}&bucket=${encodeURIComponent(bucket)}`;
  if (target === `/api/v2/write?${place}&precision=ms`) return write(state, request, response, body);
  if (target === `/api/v2/delete?${new URLSearchParams({ org, bucket })}`)
    return remove(state, request, response, body);
  if (target === `/api/v2/buckets?${new URLSearchParams({ org, name: bucket })}`) return tellBucket(state, response);
  const query = `/query?${new URLSearchParams({ db: bucket, epoch: 'ms' })}&q=`;
  if (target.startsWith(query)) {
    check(request.method === 'GET', 'a query is a GET');
    check(request.headers.accept === 'application/json', 'a query accepts JSON');
    check(body.length === 0, 'a query has no body');
    const text = decodeURIComponent(target.slice(query.length).replaceAll('+', ' '));
    return send(response, 200, answerInfluxql(state.points, text));
  }
  throw new ContractViolation('no such request in the contract');
}

function tellBucket({ keptSeconds, account }: State, response: ServerResponse): void {
  const retentionRules = keptSeconds ? [{ type: 'expire', everySeconds: keptSeconds }] : [];
  if (keptSeconds === null) send(response, 404, { error: 'not found' });
  else send(response, 200, { buckets: [{ name: account.bucket, retentionRules }] });
}

function write(state: State, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  check(request.method === 'POST', 'a write is a POST');
  check(request.headers['content-type'] === 'text/plain; charset=utf-8', 'a write is plain text');
  check(request.headers['user-agent']?.startsWith('influxdb-client-js/') === true, 'the client library writes');
  state.writesAtMs.push(performance.now());
  const failure = state.failNextWrites.shift();
  if (failure) {
    response.writeHead(failure.status, failure.headers).end(failure.body ?? '');
    return;
  }
  const { lines, dropped } = state.points.write(body.toString('utf8'));
  check(lines > 0 && lines <= 2_500, `a write has 1 to 2,500 lines, not ${lines}`);
  if (dropped.length === 0) {
    response.writeHead(204).end();
  } else if (state.partialAnswer === 'v2') {
    const conflict = `field type conflict: input field "${dropped[0]!.field}" on measurement "telemetry" is type float, already exists as type integer`;
    const message = `failure writing points to database: partial write: ${conflict} dropped=${dropped.length}`;
    send(response, 422, { code: 'unprocessable entity', message });
  } else {
    const data = dropped.slice(0, 100).map(({ line, field }) => ({
      original_line: line,
      error_message: `invalid column type for column '${field}', expected iox::column_type::field::integer`,
    }));
    send(response, 201, { error: 'partial write of line protocol occurred', data });
  }
}

function remove(state: State, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  check(request.method === 'POST', 'a delete is a POST');
  check(request.headers['content-type'] === 'application/json', 'a delete is JSON');
  const asked: unknown = JSON.parse(body.toString('utf8'));
  const expected = {
    start: '1677-09-21T00:12:43.146Z',
    stop: '2262-04-11T23:47:16.854Z',
    predicate: '_measurement="telemetry"',
  };
  check(JSON.stringify(asked) === JSON.stringify(expected), `a delete names all of telemetry, not ${body}`);
  state.points.clear();
  response.writeHead(204).end();
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function check(holds: boolean, rule: string): void {
  if (!holds) throw new ContractViolation(rule);
}

function send(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(json));
}
