import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { connectAsync } from 'mqtt';
import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { type EmbeddedBrokerOptions, startEmbeddedBroker } from '../../src/broker/embedded.ts';
import { Principals } from '../../src/broker/principals.ts';

const options: EmbeddedBrokerOptions = {
  host: '127.0.0.1',
  port: 0,
  anonymous: true,
  principals: new Principals({ devices: [], clients: [] }),
  intake: () => {},
  onError: () => {},
};

test('closing does not wait for a connection that never said a word', async () => {
  const broker = await startEmbeddedBroker(options);
  const mute = connect(Number(new URL(broker.url).port), '127.0.0.1');
  await once(mute, 'connect');
  const gone = once(mute, 'close');
  mute.resume();
  await broker.close();
  await gone;
}, 5000);

test('a port that is taken is told, and nothing is left that keeps the process alive', async () => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as AddressInfo;
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await expect(startEmbeddedBroker({ ...options, port })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  expect(timers()).toBe(before);
  other.close();
});

test('what waits for the journal is bounded: clients beyond it are sent away, and let in again afterwards', async () => {
  const waiting: (() => void)[] = [];
  const broker = await startEmbeddedBroker({
    ...options,
    waitingBytesMax: 2500,
    intake: (_message, done) => waiting.push(() => done(true)),
  });
  const publish = async () => {
    const client = await connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
    const closed = new Promise((resolve) => client.once('close', () => resolve('sent away')));
    const acknowledged = client
      .publishAsync('coldtrail/v1/o/d/frames', Buffer.alloc(1000), { qos: 1 })
      .then(() => 'acknowledged');
    acknowledged.catch(() => {}); // the connection ends with the publish outstanding
    return { client, outcome: Promise.race([acknowledged, closed]) };
  };
  const held = [await publish(), await publish(), await publish()];
  await expect.poll(() => waiting.length).toBe(3);
  const refused = await publish();
  expect(await refused.outcome).toBe('sent away');
  expect(waiting.length).toBe(3);
  for (const done of waiting.splice(0)) done();
  for (const { outcome } of held) expect(await outcome).toBe('acknowledged');
  const late = await publish();
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]!();
  expect(await late.outcome).toBe('acknowledged');
  for (const { client } of [...held, refused, late]) client.end(true);
  await broker.close();
});

test('many clients that send at once are read in turns: the loop is free in between, and every publish arrives', async () => {
  const [clients, each] = [40, 5];
  const busyMs = 2;
  let taken = 0;
  let turns = 0;
  const broker = await startEmbeddedBroker({
    ...options,
    intake: (_message, done) => {
      const untilMs = performance.now() + busyMs;
      while (performance.now() < untilMs); // 400 ms of work in all
      taken++;
      done(true);
    },
  });
  const packet = (index: number) =>
    generate({
      cmd: 'publish',
      topic: 'coldtrail/v1/o/d/frames',
      payload: Buffer.alloc(10),
      qos: 1,
      messageId: index,
      dup: false,
      retain: false,
    });
  const sockets = await Promise.all(
    Array.from({ length: clients }, async (_, i) => {
      const socket = connect(Number(new URL(broker.url).port), '127.0.0.1');
      socket.write(
        generate({
          cmd: 'connect',
          clientId: `c${i}`,
          clean: true,
          keepalive: 0,
          protocolId: 'MQTT',
          protocolVersion: 4,
        }),
      );
      await once(socket, 'data'); // CONNACK
      return socket;
    }),
  );
  const counting = setInterval(() => turns++, 1);
  for (const socket of sockets) socket.write(Buffer.concat(Array.from({ length: each }, (_, i) => packet(i + 1))));
  await expect.poll(() => taken, { interval: 5, timeout: 10_000 }).toBe(clients * each);
  clearInterval(counting);
  // One client's packets take 10 ms, more than a turn is given: a turn each. Without turns all would be read in one.
  expect(turns).toBeGreaterThan(clients / 2);
  for (const socket of sockets) socket.destroy();
  await broker.close();
}, 20_000);
