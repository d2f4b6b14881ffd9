import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  alertsTopic,
  CLOCK_TOPIC,
  eventsTopic,
  framesTopic,
  SUBSCRIPTIONS,
  statusTopic,
} from '../../src/contract/topics.ts';
import { passwordOf, type ShippedMosquitto, startShippedMosquitto } from './shipped-mosquitto.ts';

const TRUCK = 'jiashi-growers/truck-1';
const OTHER_TRUCK = 'tarim-carriers/truck-2';
const SCANNER = 'jiashi-growers';
/** Long enough for a busy machine; a poll that is fulfilled ends at once. */
const PATIENTLY = { timeout: 10_000 };

let broker: ShippedMosquitto;
beforeAll(async () => {
  const environment = {
    COLDTRAIL_MQTT_PASSWORD: passwordOf('coldtrail'),
    COLDTRAIL_SIMULATOR_PASSWORD: passwordOf('simulator'),
  };
  broker = await startShippedMosquitto(environment, [TRUCK, OTHER_TRUCK, SCANNER]);
});
afterAll(() => broker.stop());

const clients: MqttClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
});

/** MQTT 5: its PUBACK says whether a publish was allowed. */
async function login(user: string, options: { clientId?: string; port?: number; password?: string } = {}) {
  const client = await connectAsync({
    host: '127.0.0.1',
    port: options.port ?? broker.port,
    protocolVersion: 5,
    username: user,
    password: options.password ?? passwordOf(user),
    reconnectPeriod: 0,
    ...(options.clientId !== undefined && { clientId: options.clientId }),
  });
  clients.push(client);
  return client;
}

const publish = async (client: MqttClient, topic: string): Promise<'allowed' | 'refused'> => {
  try {
    await client.publishAsync(topic, '[]', { qos: 1 });
    return 'allowed';
  } catch (error) {
    expect(error).toMatchObject({ code: 0x87 }); // Not authorized [MQTT 5 §3.4.2.1]
    return 'refused';
  }
};

describe('the shipped mosquitto.conf and acl: who may do what', () => {
  test('nobody comes in without a name and its password', async () => {
    const anonymous = connectAsync({ host: '127.0.0.1', port: broker.port, reconnectPeriod: 0 });
    await expect(anonymous).rejects.toMatchObject({ code: 5 });
    await expect(login(TRUCK, { password: 'wrong' })).rejects.toMatchObject({ code: 0x87 });
    await expect(login('nobody/at-all')).rejects.toMatchObject({ code: 0x87 });
  });

  test('a device publishes its frames and its status, and nothing else', async () => {
    const truck = await login(TRUCK);
    expect(await publish(truck, framesTopic(TRUCK))).toBe('allowed');
    expect(await publish(truck, statusTopic(TRUCK))).toBe('allowed');
    const elsewhere = [
      framesTopic(OTHER_TRUCK),
      framesTopic('jiashi-growers/truck-2'),
      framesTopic(`${TRUCK}x`),
      statusTopic(OTHER_TRUCK),
      eventsTopic('jiashi-growers'),
      CLOCK_TOPIC,
      'coldtrail/v1/jiashi-growers/truck-1',
      'anything/else',
    ];
    for (const topic of elsewhere) expect(await publish(truck, topic), topic).toBe('refused');
  });

  test("an org's scanner publishes the org's events, not its devices' frames", async () => {
    const scanner = await login(SCANNER);
    expect(await publish(scanner, eventsTopic('jiashi-growers'))).toBe('allowed');
    expect(await publish(scanner, eventsTopic('tarim-carriers'))).toBe('refused');
    expect(await publish(scanner, framesTopic(TRUCK))).toBe('refused');
  });

  test('the processor reads everything it subscribes to, and publishes nothing but alerts', async () => {
    const processor = await login('coldtrail');
    const seen: string[] = [];
    processor.on('message', (topic) => seen.push(topic));
    const granted = await processor.subscribeAsync([...SUBSCRIPTIONS], { qos: 1 });
    expect(granted.map((grant) => grant.qos)).toEqual([1, 1, 1]);
    const simulator = await login('simulator');
    const topics = [framesTopic(TRUCK), eventsTopic('tarim-carriers'), CLOCK_TOPIC];
    for (const topic of topics) expect(await publish(simulator, topic)).toBe('allowed');
    await expect.poll(() => seen, PATIENTLY).toEqual(topics);
    expect(await publish(processor, framesTopic(TRUCK))).toBe('refused');
    expect(await publish(processor, alertsTopic('jiashi-growers'))).toBe('allowed');
  });

  test('a device reads the clock and what is its own, whatever it subscribes to', async () => {
    const truck = await login(TRUCK);
    const seen: string[] = [];
    truck.on('message', (topic) => seen.push(topic));
    await truck.subscribeAsync('#', { qos: 1 });
    const simulator = await login('simulator');
    await publish(simulator, framesTopic(OTHER_TRUCK));
    await publish(simulator, eventsTopic('jiashi-growers'));
    await publish(simulator, CLOCK_TOPIC);
    await publish(truck, framesTopic(TRUCK));
    await expect.poll(() => seen, PATIENTLY).toEqual([CLOCK_TOPIC, framesTopic(TRUCK)]);
  });

  test("a device that uses the processor's client id does not end the processor's session", async () => {
    const processor = await login('coldtrail', { clientId: 'coldtrail' });
    let lost = false;
    processor.on('close', () => {
      lost = true;
    });
    const truck = await login(TRUCK, { clientId: 'coldtrail' });
    expect(await publish(truck, framesTopic(TRUCK))).toBe('allowed');
    const received = new Promise((resolve) => processor.on('message', resolve));
    await processor.subscribeAsync([...SUBSCRIPTIONS], { qos: 1 });
    await publish(truck, framesTopic(TRUCK));
    expect(await received).toBe(framesTopic(TRUCK));
    expect(lost).toBe(false);
  });

  test('a simulated fleet shares one account on the second listener', async () => {
    const fleet = await Promise.all(
      [TRUCK, OTHER_TRUCK, 'x/y'].map((clientId) => login('simulator', { clientId, port: broker.sharedPort })),
    );
    for (const client of fleet) expect(await publish(client, framesTopic(client.options.clientId!))).toBe('allowed');
  });

  test('a device is added while the broker runs', async () => {
    const added = 'tarim-carriers/truck-9';
    broker.addUser(added, passwordOf(added));
    broker.reload();
    await expect
      .poll(() =>
        login(added).then(
          () => 'in',
          () => 'out',
        ),
      )
      .toBe('in');
  });

  test('the health check of docker-compose.yml passes, and fails with a wrong password', () => {
    const compose = parse(readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8'));
    const [kind, command] = compose.services.mosquitto.healthcheck.test as [string, string];
    expect(kind).toBe('CMD-SHELL');
    // Compose reads $$ as $; the container's port is another here.
    const shell = command.replaceAll('$$', '$').replace('-p 1884', `-p ${broker.sharedPort}`);
    const run = (password: string) =>
      spawnSync('/bin/sh', ['-c', shell], { env: { PATH: process.env['PATH'], COLDTRAIL_MQTT_PASSWORD: password } });
    expect(run(passwordOf('coldtrail')).status).toBe(0);
    expect(run('wrong').status).not.toBe(0);
  });

  test('a packet over the bound ends its sender; a publish of 1 MiB goes through', async () => {
    // MQTT 3.1.1: an MQTT 5 client is told the bound and would not send it.
    const password = passwordOf(TRUCK);
    const truck = await connectAsync({ host: '127.0.0.1', port: broker.port, username: TRUCK, password });
    clients.push(truck);
    await truck.publishAsync(framesTopic(TRUCK), Buffer.alloc(1024 * 1024), { qos: 1 });
    const closed = new Promise((resolve) => truck.once('close', () => resolve('closed')));
    truck.publish(framesTopic(TRUCK), Buffer.alloc(5 * 1024 * 1024), { qos: 1 }, () => {});
    expect(await closed).toBe('closed');
  });
});

describe('start.sh', () => {
  test('takes the simulator account away where its password is no longer set', async () => {
    const environment = { COLDTRAIL_MQTT_PASSWORD: passwordOf('coldtrail') };
    const own = await startShippedMosquitto(environment, ['simulator', TRUCK]);
    try {
      await expect(login('simulator', { port: own.port })).rejects.toMatchObject({ code: 0x87 });
      await login(TRUCK, { port: own.port });
      await login('coldtrail', { port: own.port });
    } finally {
      for (const client of clients.splice(0)) await client.endAsync(true);
      await own.stop();
    }
  });
});
