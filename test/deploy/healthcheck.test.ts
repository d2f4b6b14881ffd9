import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePort } from '../harness/free-port.ts';

const SCRIPT = fileURLToPath(new URL('../../deploy/healthcheck.sh', import.meta.url));
const healthy = (port: number): boolean => spawnSync('/bin/sh', [SCRIPT, String(port)]).status === 0;

test('healthy while something listens on the port, or is connected to it; not before, not after', async () => {
  expect(healthy(await freePort())).toBe(false);

  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(healthy(port)).toBe(true);

  const accepted = once(server, 'connection');
  const client = connect(port, '127.0.0.1');
  const [peer] = await accepted;
  server.close();
  expect(healthy(port)).toBe(true);

  client.destroy();
  peer.destroy();
  await expect.poll(() => healthy(port), { timeout: 5000 }).toBe(false);
});
