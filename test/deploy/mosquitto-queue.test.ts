import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLOCK_TOPIC, framesTopic, SUBSCRIPTIONS } from '../../src/contract/topics.ts';
import { openRawSubscriber, type RawSubscriber } from './raw-subscriber.ts';
import { passwordOf, type ShippedMosquitto, startShippedMosquitto } from './shipped-mosquitto.ts';

const TRUCK = 'jiashi-growers/truck-1';
/** mosquitto's own limit is 1,000 beyond the 20 in flight; then it drops. */
const MESSAGES = 3000;
/** Long enough for a busy machine; a poll that is fulfilled ends at once. */
const PATIENTLY = { timeout: 20_000 };
/** max_inflight_messages as shipped. */
const IN_FLIGHT = 1000;

let broker: ShippedMosquitto;
beforeEach(async () => {
  const environment = {
    COLDTRAIL_MQTT_PASSWORD: passwordOf('coldtrail'),
    COLDTRAIL_SIMULATOR_PASSWORD: passwordOf('simulator'),
  };
  broker = await startShippedMosquitto(environment, [TRUCK]);
});
afterEach(() => broker.stop());

const login = (username: string, clean = true) =>
  connectAsync({
    host: '127.0.0.1',
    port: broker.port,
    username,
    password: passwordOf(username),
    clientId: `a ${username}`,
    clean,
  });

const openProcessor = () => openRawSubscriber(broker.port, 'coldtrail', passwordOf('coldtrail'));

async function subscribeAndLeave(): Promise<void> {
  const processor = await login('coldtrail', false);
  await processor.subscribeAsync([...SUBSCRIPTIONS], { qos: 1 });
  await processor.endAsync();
}

/** Publishes messages 0, 1, 2 …; each has its PUBACK when this resolves. */
async function publishNumbered(count: number): Promise<void> {
  const truck = await login(TRUCK);
  const numbers = Array.from({ length: count }, (_, n) => String(n));
  await Promise.all(numbers.map((number) => truck.publishAsync(framesTopic(TRUCK), number, { qos: 1 })));
  await truck.endAsync();
}

const numbersOf = (processor: RawSubscriber): number[] =>
  processor.received.filter((packet) => packet.topic !== CLOCK_TOPIC).map((packet) => Number(packet.payload));

const firstNumbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('the shipped mosquitto.conf: a processor that is away', () => {
  test(`gets all of ${MESSAGES} messages in order, though the broker was restarted meanwhile`, async () => {
    await subscribeAndLeave();
    await publishNumbered(MESSAGES);
    await broker.restart();
    const processor = await openProcessor();
    await expect
      .poll(() => {
        processor.ackAll();
        return processor.received.length;
      }, PATIENTLY)
      .toBe(MESSAGES);
    expect(numbersOf(processor)).toEqual(firstNumbers(MESSAGES));
    processor.close();
  });

  test('gets what it had not acknowledged again after a restart of the broker', async () => {
    await subscribeAndLeave();
    await publishNumbered(100);
    const before = await openProcessor();
    await expect.poll(() => before.received.length, PATIENTLY).toBe(100);
    await broker.restart();
    const after = await openProcessor();
    await expect.poll(() => after.received.length, PATIENTLY).toBe(100);
    expect(numbersOf(after)).toEqual(firstNumbers(100));
    after.close();
  });

  test('has up to 1,000 deliveries waiting for its acknowledgement', async () => {
    await subscribeAndLeave();
    await publishNumbered(IN_FLIGHT + 200);
    const processor = await openProcessor();
    await expect.poll(() => processor.received.length, PATIENTLY).toBe(IN_FLIGHT);
    processor.ackAll();
    await expect.poll(() => processor.received.length, PATIENTLY).toBe(IN_FLIGHT + 200);
    processor.close();
  });

  test('finds the retained clock after a restart', async () => {
    const simulator = await login('simulator');
    await simulator.publishAsync(CLOCK_TOPIC, '{"time":"2026-08-21T12:00:00Z"}', { qos: 1, retain: true });
    await simulator.endAsync();
    await broker.restart();
    const processor = await login('coldtrail');
    const message = new Promise((resolve) => processor.on('message', (_, payload) => resolve(payload.toString())));
    await processor.subscribeAsync(CLOCK_TOPIC, { qos: 1 });
    expect(await message).toBe('{"time":"2026-08-21T12:00:00Z"}');
    await processor.endAsync();
  });
});
