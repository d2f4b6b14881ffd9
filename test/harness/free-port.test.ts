import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';

it('never gives a port twice, nor one that is in use', async () => {
  const first = await freePort();
  const inUse = createServer().listen(first + 1, '127.0.0.1');
  await once(inUse, 'listening');
  const others = [await freePort(), await freePort(), await freePort()];
  inUse.close();
  expect(new Set([first, first + 1, ...others]).size).toBe(5);
});

it('stays below the ports of outgoing connections', async () => {
  expect(await freePort()).toBeLessThan(32_768);
});
