import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
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
