import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectExternalBroker, type ExternalBroker } from '../../src/broker/external.ts';
import { framesTopic } from '../../src/contract/topics.ts';
import { dataPaths } from '../../src/data-dir.ts';
import { JournalReader } from '../../src/journal/log.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { passwordOf, type ShippedMosquitto, startShippedMosquitto } from '../deploy/shipped-mosquitto.ts';
import { smallChain } from '../harness/chain.ts';
import { storedFrames } from '../harness/load.ts';
import { startMosquitto } from '../harness/mosquitto.ts';
import { startTestPipeline, type TestPipeline } from '../harness/pipeline.ts';
import {
  ALL_STORED_ONCE,
  chainFrames,
  checkStored,
  quietBreaches,
  sendEvents,
  sendOneByOne,
} from '../harness/sending.ts';
import { startServe } from '../harness/serve.ts';
import { tempDir } from '../harness/temp-dir.ts';

/** Deliveries before the first acknowledgement: max_inflight_messages as shipped, the Receive Maximum we ask for. */
const IN_FLIGHT = { 4: 1000, 5: 4096 } as const;
const PATIENTLY = { timeout: 30_000 };
const VERSIONS = [4, 5] as const;

const chain = smallChain(3);
const DEVICE = chain.devices[0]!;

let broker: ShippedMosquitto;
const clients: MqttClient[] = [];
const processors: ExternalBroker[] = [];
beforeEach(async () => {
  broker = await startShippedMosquitto({
    COLDTRAIL_MQTT_PASSWORD: passwordOf('coldtrail'),
    COLDTRAIL_SIMULATOR_PASSWORD: passwordOf('simulator'),
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  for (const processor of processors.splice(0)) await processor.close();
  await broker.stop();
});

const processorUrl = () => `mqtt://coldtrail:${encodeURIComponent(passwordOf('coldtrail'))}@127.0.0.1:${broker.port}`;
const external = (protocolVersion: 4 | 5) => ({ mode: 'external', url: processorUrl(), protocolVersion });

/** Publishes for all devices and comes back by itself when the broker was away. */
async function publisher(): Promise<MqttClient> {
  const client = await connectAsync({
    host: '127.0.0.1',
    port: broker.sharedPort,
    username: 'simulator',
    password: passwordOf('simulator'),
    reconnectPeriod: 50,
  });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

/** A processor whose journal is this test: it says when what it was given is durable. */
async function heldProcessor(protocolVersion: 4 | 5, url = processorUrl()) {
  const taken: { text: string; done: () => void }[] = [];
  const processor = await connectExternalBroker({
    url,
    clientId: 'held',
    protocolVersion,
    intake: ({ payload }, done) => taken.push({ text: payload.toString(), done: () => done(true) }),
    onState: () => {},
    // While the broker restarts, connections are refused.
    onError: () => {},
  });
  processors.push(processor);
  return { taken, processor };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i));
const publishAll = (client: MqttClient, texts: readonly string[]) =>
  Promise.all(texts.map((text) => client.publishAsync(framesTopic(DEVICE), text, { qos: 1 })));

describe.each(VERSIONS)('MQTT %i: deliveries are acknowledged when the journal has them', (version) => {
  test('as many are taken in before the first acknowledgement as the broker lets in flight', async () => {
    const inFlight = IN_FLIGHT[version];
    const texts = numbers(0, inFlight + 500);
    const { taken, processor } = await heldProcessor(version);
    await publishAll(await publisher(), texts);
    await expect.poll(() => taken.length, PATIENTLY).toBe(inFlight);
    for (let i = 0; i < inFlight; i++) taken[i]!.done();
    await expect.poll(() => taken.length, PATIENTLY).toBe(texts.length);
    for (let i = inFlight; i < texts.length; i++) taken[i]!.done();
    expect(taken.map(({ text }) => text)).toEqual(texts);
    await processor.close();

    const next = await heldProcessor(version);
    await publishAll(await publisher(), ['the next']);
    await expect.poll(() => next.taken.length, PATIENTLY).toBe(1);
    // Everything acknowledged is forgotten by the broker: nothing came before.
    expect(next.taken[0]!.text).toBe('the next');
    await next.processor.close();
  });

  test('what was durable only after its connection broke is delivered again and not acknowledged by its old id', async () => {
    const { taken, processor } = await heldProcessor(version);
    const client = await publisher();
    await publishAll(client, numbers(0, 20));
    await expect.poll(() => taken.length, PATIENTLY).toBe(20);
    await broker.restart();
    await expect.poll(() => taken.length, PATIENTLY).toBe(40);
    // The journal gets done with the deliveries of the connection that is gone: no answer to those that came again.
    for (const { done } of taken.slice(0, 20)) done();
    await publishAll(client, ['marker']);
    await expect.poll(() => taken.length, PATIENTLY).toBe(41);
    await broker.restart();
    await expect.poll(() => taken.length, PATIENTLY).toBe(62);
    const again = [...numbers(0, 20), 'marker'];
    expect(taken.slice(41).map(({ text }) => text)).toEqual(again);
    for (const { done } of taken.slice(41)) done();
    await processor.close();

    const next = await heldProcessor(version);
    await publishAll(client, ['the next']);
    await expect.poll(() => next.taken.map(({ text }) => text), PATIENTLY).toEqual(['the next']);
    await next.processor.close();
  });

  test('what was not acknowledged when the processor left is delivered to the next one', async () => {
    const first = await heldProcessor(version);
    await publishAll(await publisher(), numbers(0, 50));
    await expect.poll(() => first.taken.length, PATIENTLY).toBe(50);
    for (const { done } of first.taken.slice(0, 20)) done();
    await first.processor.close();
    // Too late to be told: no error, no acknowledgement.
    for (const { done } of first.taken.slice(20)) done();
    const next = await heldProcessor(version);
    await expect.poll(() => next.taken.length, PATIENTLY).toBe(30);
    expect(next.taken.map(({ text }) => text)).toEqual(numbers(20, 50));
    await next.processor.close();
  });
});

test('a broker without a window of its own is read no further than 4,096 deliveries ahead of the journal', async () => {
  const unbounded = await startMosquitto({ config: 'max_inflight_messages 0\nmax_queued_messages 0' });
  try {
    const { taken, processor } = await heldProcessor(4, unbounded.url);
    const client = await connectAsync(unbounded.url);
    clients.push(client);
    const texts = numbers(0, 9000);
    await publishAll(client, texts);
    await expect.poll(() => taken.length, PATIENTLY).toBe(4096);
    // Nothing more while the journal is held, whatever else the connection brings.
    await publishAll(client, ['last']);
    expect(taken.length).toBe(4096);
    let done = 0;
    await expect
      .poll(() => {
        while (done < taken.length) taken[done++]!.done();
        return taken.length;
      }, PATIENTLY)
      .toBe(texts.length + 1);
    expect(taken.map(({ text }) => text)).toEqual([...texts, 'last']);
    await processor.close();
  } finally {
    await unbounded.stop();
  }
});

test('what the broker delivers together is journaled together', async () => {
  const frames = chainFrames(chain, 700);
  const pipeline = await startTestPipeline({ broker: external(4) }, chain.registry);
  try {
    const client = await publisher();
    await sendEvents(client, chain);
    await sendOneByOne(client, frames, 500);
    await stored(pipeline, frames.length);
    const journal = new JournalReader(dataPaths(pipeline.config.dataDir).journal);
    const records = journal.state().headOffset;
    journal.close();
    console.log(`${frames.length} frames in ${records} journal records`);
    // An acknowledgement at a time would make a record of every frame.
    expect(records).toBeLessThan(frames.length / 4);
  } finally {
    await pipeline.end();
  }
}, 60_000);

/** Waits until the store holds so many frames; what mosquitto has acknowledged arrives some time later. */
async function stored(pipeline: TestPipeline, count: number): Promise<void> {
  const countStored = () => pipeline.look(async ({ frames }) => (await storedFrames(frames, chain.devices)).length);
  await expect.poll(countStored, { timeout: 60_000, interval: 200 }).toBeGreaterThanOrEqual(count);
}

describe.each(VERSIONS)('MQTT %i, faults in the middle', (version) => {
  const frames = chainFrames(chain, 1200);

  test('mosquitto restarted: publishers lose nothing, nothing is stored twice, breaches are those of a quiet run', async () => {
    const expected = await quietBreaches(chain, frames);
    expect(expected.length).toBeGreaterThan(5);
    const pipeline = await startTestPipeline({ broker: external(version) }, chain.registry);
    try {
      const client = await publisher();
      await sendEvents(client, chain);
      let restarted = Promise.resolve();
      await sendOneByOne(client, frames, 200, (acked) => {
        if (acked === 1000) restarted = broker.restart();
      });
      await restarted;
      await stored(pipeline, frames.length);
      await pipeline.look(async ({ frames: store, ledger }) => {
        expect(await checkStored(store, chain, frames)).toEqual(ALL_STORED_ONCE);
        expect(await listBreaches(ledger.db)).toEqual(expected);
      });
    } finally {
      await pipeline.end();
    }
  }, 90_000);

  test('the processor killed -9 with deliveries in flight: what mosquitto had acknowledged is stored once', async () => {
    const expected = await quietBreaches(chain, frames);
    const dir = tempDir('external-kill');
    const registry = join(dir.path, 'registry.json');
    writeFileSync(registry, JSON.stringify(chain.registry));
    const env = {
      COLDTRAIL_DATA_DIR: join(dir.path, 'data'),
      COLDTRAIL_REGISTRY: registry,
      COLDTRAIL_BROKER_URL: processorUrl(),
      COLDTRAIL_BROKER_PROTOCOL_VERSION: String(version),
    };
    const serve = await startServe(env);
    const client = await publisher();
    await sendEvents(client, chain);
    let killed = Promise.resolve();
    await sendOneByOne(client, frames, 200, (acked) => {
      if (acked === 1500) killed = serve.kill();
    });
    // All are acknowledged to the publisher now, by mosquitto; a part of them waits in the session.
    await killed;
    const pipeline = await startTestPipeline({ dataDir: env.COLDTRAIL_DATA_DIR, broker: external(version) });
    try {
      await stored(pipeline, frames.length);
      await pipeline.look(async ({ frames: store, ledger }) => {
        expect(await checkStored(store, chain, frames)).toEqual(ALL_STORED_ONCE);
        expect(await listBreaches(ledger.db)).toEqual(expected);
      });
    } finally {
      await pipeline.end();
      dir.remove();
    }
  }, 120_000);
});
