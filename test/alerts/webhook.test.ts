import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Interest } from '../../src/alerts/interest.ts';
import { deliver, type Spool } from '../../src/alerts/notifier.ts';
import { signature, webhook } from '../../src/alerts/webhook.ts';
import type { AlertNotice } from '../../src/contract/alert.ts';

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let url: string;
let posts: Post[];
/** What the receiver answers, one after the other; then 204. */
let answers: { status: number; headers?: Record<string, string> }[];
beforeEach(async () => {
  posts = [];
  answers = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    posts.push({ headers: request.headers, body });
    const { status, headers } = answers.shift() ?? { status: 204 };
    response.writeHead(status, headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/secret-path`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const noticeOf = (id: string, over: Partial<AlertNotice> = {}) =>
  ({
    reason: 'raised',
    severity: 'alarm',
    before: null,
    alert: { id, orgs: ['c'] },
    breaches: [],
    ...over,
  }) as unknown as AlertNotice;
const spooled = ['x', 'y', 'z'].map((id, i) => ({ seq: i + 1, notice: noticeOf(id) }));
const SECRET = 'sixteen characters and more';
const NOW_MS = 1_787_000_000_999;

/** Delivers what is spooled until all is dealt with. */
async function deliverAll(fromSeq = 0, only = spooled, interest: Interest = { minSeverity: 'warning' }) {
  const stop = new AbortController();
  const noted: number[] = [];
  const warnings: string[] = [];
  const spool: Spool = {
    next: async (after, limit) => only.filter(({ seq }) => seq > after).slice(0, limit),
    setSeq: async (_name, seq) => {
      noted.push(seq);
    },
    grown: async () => stop.abort(),
  };
  const events = {
    onAway: (_: string, message: string, waitMs: number) => warnings.push(`${message}, ${waitMs}`),
    onRefused: (_: string, { seq }: { seq: number }) => warnings.push(`refused ${seq}`),
    onLost: (_: string, count: number) => warnings.push(`lost ${count}`),
  };
  const hook = webhook({ url, secret: SECRET, timeoutMs: 5000, interest, wall: { nowMs: () => NOW_MS } });
  await deliver(hook, spool, fromSeq, events, stop.signal);
  return { noted, warnings };
}

test('every notice is posted once, in order, signed, with a key of its own', async () => {
  expect(await deliverAll()).toEqual({ noted: [1, 2, 3], warnings: [] });
  expect(posts.map(({ body }) => JSON.parse(body).alert.id)).toEqual(['x', 'y', 'z']);
  expect(posts.map(({ headers }) => headers['idempotency-key'])).toEqual(['x:1', 'y:2', 'z:3']);
  for (const { headers, body } of posts) {
    expect(JSON.parse(body).key).toBe(headers['idempotency-key']);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['coldtrail-signature']).toBe(signature(SECRET, NOW_MS, body));
  }
});

test('the signature is the HMAC-SHA256 of time and body', () => {
  // From `printf '1787000000.{}' | openssl dgst -sha256 -hmac 'sixteen characters and more'`.
  expect(signature(SECRET, NOW_MS, '{}')).toBe(
    't=1787000000,v1=dcb3f40d0cc284007d5758563e470db0cee28318b39371b009a1a731c6da1d3f',
  );
});

test('a receiver that is broken or busy gets the same notice again, after a while, under the same key', async () => {
  answers = [{ status: 503 }, { status: 429, headers: { 'retry-after': '3' } }];
  const host = new URL(url).host;
  const { noted, warnings } = await deliverAll(2);
  expect(warnings).toEqual([`${host} answered 503, 1000`, `${host} answered 429, 3000`]);
  expect(warnings.join()).not.toContain('secret-path');
  expect(posts.map(({ headers }) => headers['idempotency-key'])).toEqual(['z:3', 'z:3', 'z:3']);
  expect(noted).toEqual([3]);
}, 20_000);

test('what the receiver will never take does not hold up the rest; nor is a redirect followed', async () => {
  answers = [{ status: 400 }, { status: 302, headers: { location: url } }];
  expect(await deliverAll()).toEqual({ noted: [1, 2, 3], warnings: ['refused 1', 'refused 2'] });
  expect(posts).toHaveLength(3);
});

test('what the spool has dropped meanwhile is told of', async () => {
  expect(await deliverAll(1, spooled.slice(2))).toEqual({ noted: [3], warnings: ['lost 1'] });
});

test('what is no concern of the receiver is passed over, and noted once', async () => {
  const mild = ['x', 'y', 'z'].map((id, i) => ({ seq: i + 1, notice: noticeOf(id, { severity: 'warning' }) }));
  expect(await deliverAll(0, mild, { minSeverity: 'alarm' })).toEqual({ noted: [3], warnings: [] });
  const grave = { seq: 4, notice: noticeOf('w') };
  expect(await deliverAll(0, [...mild, grave], { minSeverity: 'alarm' })).toEqual({ noted: [4], warnings: [] });
  expect(posts.map(({ body }) => JSON.parse(body).alert.id)).toEqual(['w']);
  expect(await deliverAll(0, [grave], { minSeverity: 'alarm', orgs: ['d'] })).toEqual({ noted: [4], warnings: [] });
  expect(posts).toHaveLength(1);
});
