import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertMessage } from '../../src/alerts/message.ts';
import { internLayout } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { framesTopic } from '../../src/contract/topics.ts';
import { acknowledge } from '../../src/store/ledger/acknowledgements.ts';
import { openLedgerBeside } from '../../src/stores.ts';
import { CHAIN_START_MS, smallChain } from '../harness/chain.ts';
import { type Mosquitto, startMosquitto } from '../harness/mosquitto.ts';
import { startTestPipeline } from '../harness/pipeline.ts';
import { sendEvents } from '../harness/sending.ts';

const PATIENTLY = { timeout: 60_000 };
/** Each acknowledgement is a change of the alert that is told. */
const ACKNOWLEDGEMENTS = 120;

const chain = smallChain(1);
const device = chain.devices[0]!;

let broker: Mosquitto;
beforeEach(async () => {
  broker = await startMosquitto();
});
afterEach(() => broker.stop());

/** Somebody on duty: a session that the broker keeps while they are away. */
async function onDuty() {
  const heard: { topic: string; text: string }[] = [];
  const client = await connectAsync(broker.url, { clientId: 'on-duty', clean: false, reconnectPeriod: 50 });
  client.on('error', () => {});
  client.on('message', (topic, payload) => heard.push({ topic, text: payload.toString() }));
  await client.subscribeAsync('coldtrail/v1/+/alerts', { qos: 1 });
  return { heard, client };
}

test('alerts go out by an external broker that is restarted meanwhile: none is lost, a repeat has its key', async () => {
  const { heard, client: duty } = await onDuty();
  const pipeline = await startTestPipeline(
    { broker: { mode: 'external', url: broker.url }, alerts: { mqtt: { enabled: true } } },
    chain.registry,
  );
  try {
    const client = await pipeline.client();
    await sendEvents(client, chain);
    const frames = Array.from({ length: 120 }, (_, n) => ({
      device,
      timeMs: CHAIN_START_MS + n * 60_000,
      seq: null,
      layout: internLayout(['pulp-1']),
      values: [n < 10 ? 1 : 9],
    }));
    await client.publishAsync(framesTopic(device), encodeJson(frames), { qos: 1 });
    const messages = () => heard.map(({ text }) => JSON.parse(text) as AlertMessage);
    const ofCargo = () => messages().find(({ alert }) => alert.about === 'cargo');
    await expect.poll(ofCargo, PATIENTLY).toMatchObject({ reason: 'raised', calls: true, before: null });
    const { id } = ofCargo()!.alert;

    const ledger = await openLedgerBeside(pipeline.config);
    try {
      for (let n = 0; n < ACKNOWLEDGEMENTS; n++) {
        const word = { by: 'Aygul', note: `call ${n}`, atMs: n };
        await ledger.transact((trx) => acknowledge(trx, id, word, { journalOffset: 1, notify: true }));
      }
      // In the middle of telling them; then away for longer than the first tries take.
      await expect.poll(() => heard.length, PATIENTLY).toBeGreaterThan(20);
      await broker.restart();
      await expect.poll(() => heard.length, PATIENTLY).toBeGreaterThan(40);
      await broker.stop({ keepData: true });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await broker.start();
      const { seq } = await ledger.db
        .selectFrom('notice')
        .select((eb) => eb.fn.max<number>('seq').as('seq'))
        .executeTakeFirstOrThrow();
      const first = new Map<string, string>();
      const told = () => {
        for (const { text } of heard) {
          const { key } = JSON.parse(text) as AlertMessage;
          // At least once: a repeat is the same to the byte.
          expect(first.get(key) ?? text).toBe(text);
          first.set(key, text);
        }
        return [...first.keys()].map((key) => Number(key.split(':')[1]));
      };
      const all = Array.from({ length: seq }, (_, i) => i + 1);
      await expect.poll(told, PATIENTLY).toEqual(all);
      expect(seq).toBeGreaterThan(ACKNOWLEDGEMENTS);
    } finally {
      await ledger.close();
    }
  } finally {
    duty.end(true);
    await pipeline.end();
  }
}, 180_000);
