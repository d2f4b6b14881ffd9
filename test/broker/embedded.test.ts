import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { connectAsync } from 'mqtt';
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
