import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { describe, onTestFinished, type TestContext, test } from 'vitest';
import { connectExternalBroker } from '../../src/broker/external.ts';
import { monotonicMs } from '../../src/lib/clock.ts';
import { freePort } from '../harness/free-port.ts';
import { type Mosquitto, startMosquitto } from '../harness/mosquitto.ts';
import { startTestPipeline } from '../harness/pipeline.ts';
import { startServe } from '../harness/serve.ts';
import { tempDir } from '../harness/temp-dir.ts';

async function mosquitto(passwords?: Record<string, string>): Promise<Mosquitto> {
  const broker = await startMosquitto(passwords ? { passwords } : {});
  onTestFinished(() => broker.stop());
  return broker;
}

type Answers = Partial<Record<'connect' | 'subscribe', mqttPacket.Packet>>;

/** A broker that gives these answers and no others; it counts who came. */
async function oddBroker(onTestFinished: TestContext['onTestFinished'], version: 4 | 5, answers: Answers) {
  let connections = 0;
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections++;
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => {}));
    const parser = mqttPacket.parser({ protocolVersion: version });
    parser.on('packet', (packet) => {
      const answer = answers[packet.cmd as keyof Answers];
      if (!answer) return;
      const messageId = packet.messageId === undefined ? {} : { messageId: packet.messageId };
      socket.write(mqttPacket.generate({ ...answer, ...messageId } as mqttPacket.Packet, { protocolVersion: version }));
    });
    socket.on('data', (bytes) => void parser.parse(bytes));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    open: () => open.size,
  };
}

const connackOf = (version: 4 | 5, code: number): mqttPacket.Packet => ({
  cmd: 'connack',
  sessionPresent: false,
  ...(version === 5 ? { reasonCode: code } : { returnCode: code }),
});

const connectTo = (url: string, protocolVersion: 4 | 5) =>
  connectExternalBroker({
    url,
    clientId: 'starter',
    protocolVersion,
    intake: () => {},
    onState: () => {},
    onError: () => {},
  });

/** MQTT.js would come again after half a second. */
const RECONNECTED_MS = 1200;

describe.concurrent('a start that fails says why and leaves nothing behind', () => {
  failingStarts(4);
  failingStarts(5);
});

function failingStarts(version: 4 | 5): void {
  const badCredentials = version === 5 ? 134 : 4;
  const badIdentifier = version === 5 ? 133 : 2;

  test(`MQTT ${version}: nobody listens`, async ({ expect }) => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    await expect(connectTo(url, version)).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('mosquitto_sub'),
    });
  });

  test.for([
    ['the password is wrong', badCredentials, /refused the user name or password/],
    ['it takes no such client id', badIdentifier, /refused the connection/],
  ] as const)(`MQTT ${version}: %s`, async ([, code, message], { expect, onTestFinished }) => {
    const broker = await oddBroker(onTestFinished, version, { connect: connackOf(version, code) });
    const refusal = expect(connectTo(broker.url, version)).rejects;
    await refusal.toMatchObject({ code: 'BROKER_REFUSED', message: expect.stringMatching(message) });
    await sleep(RECONNECTED_MS);
    expect([broker.connections(), broker.open()]).toEqual([1, 0]);
  });

  test(`MQTT ${version}: it grants no subscription to one topic, and QoS 0 to another`, async ({
    expect,
    onTestFinished,
  }) => {
    const broker = await oddBroker(onTestFinished, version, {
      connect: connackOf(version, 0),
      subscribe: { cmd: 'suback', granted: [0, 128, 1] },
    });
    await expect(connectTo(broker.url, version)).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: expect.stringMatching(/at QoS 1 to coldtrail\/v1\/\+\/\+\/frames, coldtrail\/v1\/\+\/events$/),
      hint: expect.stringContaining('access list'),
    });
    await sleep(RECONNECTED_MS);
    expect([broker.connections(), broker.open()]).toEqual([1, 0]);
  });

  test(`MQTT ${version}: it accepts the connection and stays silent for 10 s`, async ({ expect, onTestFinished }) => {
    const broker = await oddBroker(onTestFinished, version, {});
    await expect(connectTo(broker.url, version)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    await sleep(RECONNECTED_MS);
    expect([broker.connections(), broker.open()]).toEqual([1, 0]);
  });
}

test('mosquitto with another password: the pipeline does not start, and gives its data directory free', async ({
  expect,
}) => {
  const broker = await mosquitto({ coldtrail: 'plum' });
  const dir = tempDir('refused');
  onTestFinished(() => dir.remove());
  const at = (password: string) => `mqtt://coldtrail:${password}@127.0.0.1:${broker.port}`;
  const start = (password: string) =>
    startTestPipeline({ dataDir: dir.path, broker: { mode: 'external', url: at(password) } });
  await expect(start('secret')).rejects.toMatchObject({
    code: 'BROKER_REFUSED',
    // The password is nobody's business.
    message: expect.not.stringContaining('secret'),
    hint: expect.stringContaining('COLDTRAIL_BROKER_URL'),
  });
  await (await start('plum')).end();
});

test('serve ends by itself with exit code 2 and one message', async ({ expect }) => {
  const dir = tempDir('serve-refused');
  onTestFinished(() => dir.remove());
  const url = `mqtt://127.0.0.1:${await freePort()}`;
  const started = startServe({ COLDTRAIL_DATA_DIR: dir.path, COLDTRAIL_BROKER_URL: url });
  await expect(started).rejects.toThrow(/serve did not start.*:\nBROKER_UNREACHABLE: .*\n→ Is it running/);
});

test('a broker that hangs does not keep the processor from stopping', async ({ expect }) => {
  const broker = await mosquitto();
  const processor = await connectTo(broker.url, 4);
  broker.pause();
  const startedMs = monotonicMs();
  await processor.close();
  expect(monotonicMs() - startedMs).toBeLessThan(5_000);
  broker.resume();
});

test('a broker that is away does not keep the processor from stopping, and is not called again', async ({ expect }) => {
  const broker = await oddBroker(onTestFinished, 4, {
    connect: connackOf(4, 0),
    subscribe: { cmd: 'suback', granted: [1, 1, 1] },
  });
  const real = await mosquitto();
  const processor = await connectTo(real.url, 4);
  await real.stop({ keepData: true });
  await processor.close();
  const other = await connectTo(broker.url, 4);
  await other.close();
  await sleep(RECONNECTED_MS);
  expect([broker.connections(), broker.open()]).toEqual([1, 0]);
});
