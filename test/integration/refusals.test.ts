import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { framesOfChunk } from '../../src/contract/frame.ts';
import type { Reason } from '../../src/contract/reason.ts';
import { registrySchema } from '../../src/contract/registry.ts';
import { hashSecret } from '../../src/lib/secret.ts';
import { listDeadLetters } from '../../src/store/ledger/dead-letters.ts';
import { startTestPipeline, type TestPipeline } from '../harness/pipeline.ts';

const NOW_MS = Date.now();
const nowS = Math.floor(NOW_MS / 1000);
const salt = Buffer.alloc(16, 7);
const registry = registrySchema.parse({
  devices: [
    { key: 'org/truck-1', secretHash: hashSecret('one', { salt, N: 1024 }) },
    { key: 'org/truck-2', secretHash: hashSecret('two', { salt, N: 1024 }) },
  ],
});

const good = (n: number) => `[{"n":"pulp-1","u":"Cel","t":${nowS - 1000 + n},"v":${n / 8}}]`;
const own = 'coldtrail/v1/org/truck-1/frames';
const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;

/** Each bad publish, what is wrong with it, and the reason code it must be refused with. */
const BAD: readonly (readonly [string, string, string | Buffer, Reason])[] = [
  ['truncated JSON', own, good(1).slice(0, -4), 'json-syntax'],
  ['truncated CBOR', own, Buffer.from('81a200', 'hex'), 'cbor-syntax'],
  ['nothing at all', own, '', 'payload-empty'],
  ['oversized', own, `[${' '.repeat(300_000)}]`, 'payload-too-large'],
  ['wrong unit', own, `[{"n":"pulp-1","u":"K","t":${nowS},"v":273}]`, 'wrong-unit'],
  ['far future', own, `[{"n":"pulp-1","u":"Cel","t":${nowS + 3600},"v":1}]`, 'far-future'],
  ['NaN', own, `[{"n":"pulp-1","u":"Cel","t":${nowS},"v":NaN}]`, 'not-a-number'],
  [
    'NaN in CBOR',
    own,
    Buffer.from(`81a4006670756c702d31016343656c061a${nowS.toString(16)}02f97e00`, 'hex'),
    'not-a-number',
  ],
  ['deeply nested', own, deep, 'too-deep'],
  ['duplicate key', own, `[{"n":"pulp-1","u":"Cel","t":${nowS},"v":1,"v":2}]`, 'duplicate-key'],
  ['not UTF-8', own, Buffer.from([0x5b, 0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d, 0x5d]), 'not-utf8'],
  ["another's name in the pack", own, `[{"n":"org/truck-2/pulp-1","u":"Cel","t":${nowS},"v":1}]`, 'name-mismatch'],
  ['unknown channel', own, `[{"n":"taste","u":"Cel","t":${nowS},"v":1}]`, 'unknown-channel'],
  ["another's prefix", 'coldtrail/v1/org/truck-2/frames', good(2), 'not-authorised'],
  ['the clock', 'coldtrail/v1/clock', '{"time":"2026-08-21T00:00:00Z"}', 'not-authorised'],
  ['events of an org', 'coldtrail/v1/org/events', '[]', 'not-authorised'],
  ['none of our topics', 'coldtrail/v1/org/truck-1/something', good(3), 'bad-topic'],
];

let pipeline: TestPipeline;
beforeAll(async () => {
  pipeline = await startTestPipeline({ broker: { mode: 'embedded', port: 0 } }, registry);
});
afterAll(() => pipeline.end());

test('every bad publish is refused with its reason and kept; the good frames around them all arrive', async () => {
  const client = await pipeline.client('org/truck-1', 'one');
  for (const [i, [, topic, payload]] of BAD.entries()) {
    await client.publishAsync(own, good(100 + i), { qos: 1 });
    // Acknowledged too: a device must not send the same bad pack for ever [MQTT-3.3.5-2].
    await client.publishAsync(topic, payload, { qos: 1 });
  }
  await client.publishAsync(own, good(200), { qos: 1 });
  const { letters, times } = await pipeline.look(async ({ ledger, frames }) => {
    const times: number[] = [];
    for await (const chunk of frames.range([{ device: 'org/truck-1', fromMs: 0, toMs: 4e12 }])) {
      for (const frame of framesOfChunk(chunk)) times.push(frame.timeMs / 1000 - nowS + 1000);
    }
    return { letters: await listDeadLetters(ledger.db, { limit: 100 }), times };
  });
  expect(times).toEqual([...BAD.map((_, i) => 100 + i), 200]);
  const kept = letters.map(({ reason, topic, payload, payloadBytes }) => ({
    reason,
    topic,
    payloadBytes,
    head: [...payload.subarray(0, 8)],
  }));
  for (const [what, topic, payload, reason] of BAD) {
    const bytes = Buffer.from(payload);
    expect(kept, what).toContainEqual({ reason, topic, payloadBytes: bytes.length, head: [...bytes.subarray(0, 8)] });
  }
  expect(letters).toHaveLength(BAD.length);
  expect(pipeline.counters.refused).toBe(BAD.length);
});

test('a contradicting repeat is refused, the first value stays', async () => {
  const client = await pipeline.client('org/truck-2', 'two');
  const topic = 'coldtrail/v1/org/truck-2/frames';
  const pack = (channel: string, v: number) => `[{"n":"${channel}","u":"Cel","t":${nowS},"v":${v}}]`;
  for (const payload of [pack('pulp-1', 1), pack('pulp-1', 1), pack('pulp-2', 5), pack('pulp-1', 2)]) {
    await client.publishAsync(topic, payload, { qos: 1 });
  }
  const { frame, letters } = await pipeline.look(async ({ ledger, frames }) => ({
    frame: (await frames.latest(['org/truck-2']))[0],
    letters: await listDeadLetters(ledger.db, { limit: 10, reason: 'identity-conflict' }),
  }));
  expect(frame).toEqual({ device: 'org/truck-2', timeMs: nowS * 1000, values: { 'pulp-1': 1, 'pulp-2': 5 } });
  expect(letters).toMatchObject([{ device: 'org/truck-2', detail: 'pulp-1: 2, but 1 is kept' }]);
});

describe('who may connect', () => {
  test('nobody without a name, unless the configuration says so', async () => {
    await expect(pipeline.client()).rejects.toThrow(/Not authorized/i);
  });
  test('nobody with a wrong secret or an unknown name', async () => {
    await expect(pipeline.client('org/truck-1', 'two')).rejects.toThrow(/Not authorized/i);
    await expect(pipeline.client('org/truck-9', 'one')).rejects.toThrow(/Not authorized/i);
  });
  test('a device reads its own prefix and nothing else', async () => {
    const client = await pipeline.client('org/truck-1', 'one');
    const granted = await client.subscribeAsync(['coldtrail/v1/org/truck-1/#', 'coldtrail/v1/clock'], { qos: 1 });
    expect(granted.map((g) => g.qos)).toEqual([1, 1]);
    await expect(client.subscribeAsync('coldtrail/v1/org/truck-2/frames')).rejects.toThrow();
    await expect(client.subscribeAsync('#')).rejects.toThrow();
  });
  test('anonymous clients are never let in beyond loopback', async () => {
    await expect(
      startTestPipeline({ broker: { mode: 'embedded', port: 0, host: '0.0.0.0', anonymous: true } }),
    ).rejects.toThrow(/broker.host is 0.0.0.0/);
  });
});

test('a refused publish reaches no subscriber, an accepted one does', async () => {
  const open = await startTestPipeline();
  try {
    const reader = await open.client();
    const seen: string[] = [];
    reader.on('message', (_topic, payload) => seen.push(payload.toString()));
    await reader.subscribeAsync('coldtrail/v1/#', { qos: 1 });
    const writer = await open.client();
    await writer.publishAsync(own, 'rubbish', { qos: 1 });
    await writer.publishAsync(own, good(7), { qos: 1 });
    await expect.poll(() => seen).toEqual([good(7)]);
  } finally {
    await open.end();
  }
});
