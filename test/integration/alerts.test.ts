import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import type { AlertNotice } from '../../src/contract/alert.ts';
import { internLayout } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { alertsTopic, framesTopic } from '../../src/contract/topics.ts';
import { rebuild } from '../../src/rebuild.ts';
import { listAlerts } from '../../src/store/ledger/alerts.ts';
import { openReadStores } from '../../src/stores.ts';
import { coldtrail } from '../cli/coldtrail.ts';
import { CHAIN_START_MS, smallChain } from '../harness/chain.ts';
import { startTestPipeline } from '../harness/pipeline.ts';
import { sendClock, sendEvents } from '../harness/sending.ts';
import { tempDir } from '../harness/temp-dir.ts';

const chain = smallChain(1);
const device = chain.devices[0]!;

/** An hour of frames from a minute on: two probes far too warm, or all well. */
const hour = (fromMinute: number, pulp: number) =>
  Array.from({ length: 60 }, (_, n) => ({
    device,
    timeMs: CHAIN_START_MS + (fromMinute + n) * 60_000,
    seq: null,
    layout: internLayout(['pulp-1', 'pulp-2']),
    values: [pulp, pulp],
  }));

/** The clock comes first, as far as frames may lie ahead of it. */
async function sendHour(client: MqttClient, fromMinute: number, pulp: number): Promise<void> {
  await sendClock(client, CHAIN_START_MS + (fromMinute + 50) * 60_000);
  await client.publishAsync(framesTopic(device), encodeJson(hour(fromMinute, pulp)), { qos: 1 });
}

async function until(done: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !done(); n++) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(done()).toBe(true);
}

test('one failure is one alert: by webhook and MQTT, acknowledged beside serve, kept over restart and rebuild', async () => {
  const told: { key: string; notice: AlertNotice }[] = [];
  let away = false;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    if (!away) told.push({ key: String(request.headers['idempotency-key']), notice: JSON.parse(body) });
    response.writeHead(away ? 503 : 204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dir = tempDir('alerts');
  const webhook = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, secret: 'a secret of tests' };
  // By a clock of its own: by the wall, the frames are old and the device is silent.
  const over = { dataDir: dir.path, clock: 'simulation', alerts: { mqtt: true, webhook } };
  const reasons = () => told.map(({ notice }) => notice.reason);
  const start = () => startTestPipeline(over, chain.registry);
  let pipeline = await start();
  try {
    const client = await pipeline.client();
    const published: AlertNotice[] = [];
    client.on('message', (_topic, payload) => published.push(JSON.parse(payload.toString())));
    await client.subscribeAsync(alertsTopic('carrier'), { qos: 1 });
    await sendEvents(client, chain);
    await sendHour(client, 0, 1);
    await sendHour(client, 60, 9);
    await sendHour(client, 120, 9);
    await pipeline.settled();
    await until(() => told.length > 0 && published.length === told.length);
    const { id, orgs, breachIds } = told.at(-1)!.notice.alert;
    expect(new Set(told.map(({ notice }) => notice.alert.id))).toEqual(new Set([id]));
    expect(orgs).toEqual(['carrier']);
    expect(new Set(breachIds.map((breach) => breach.split(':')[1]))).toEqual(new Set(['pulp-1', 'pulp-2']));

    const ack = await coldtrail(['alerts', 'ack', id, '--by', 'Aygul', '--data', dir.path]);
    expect(ack.code).toBe(0);
    await until(() => reasons().at(-1) === 'acknowledged');

    // The receiver is away over a restart: what happens meanwhile is told once it is back.
    away = true;
    await sendHour(client, 180, 0);
    await pipeline.settled();
    await pipeline.stop();
    away = false;
    pipeline = await start();
    await until(() => reasons().at(-1) === 'cleared');
    await pipeline.stop();

    const before = new Set(told.map(({ key }) => key));
    await rebuild(pipeline.config, () => {}, new AbortController().signal);
    const stores = await openReadStores(pipeline.config);
    const [alert] = await listAlerts(stores.ledger.db);
    await stores.close();
    expect(alert).toMatchObject({ id, state: 'CLEARED', acknowledged: { by: 'Aygul' }, breachIds });
    pipeline = await start();
    await new Promise((resolve) => setTimeout(resolve, 500));
    // A post that the stop cut short is sent again, under its key; nothing else is.
    expect(new Set(told.map(({ key }) => key))).toEqual(before);
  } finally {
    await pipeline.end();
    server.closeAllConnections();
    server.close();
    dir.remove();
  }
}, 120_000);
