import type { MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import type { Breach } from '../../src/contract/breach.ts';
import { type Frame, internLayout } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { framesTopic } from '../../src/contract/topics.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { CHAIN_START_MS, smallChain } from '../harness/chain.ts';
import { startTestPipeline, type TestPipeline } from '../harness/pipeline.ts';
import { sendClock, sendEvents } from '../harness/sending.ts';

const chain = smallChain(1);
const device = chain.devices[0]!;
const at = (minute: number) => CHAIN_START_MS + minute * 60_000;

/** A frame a minute of a truck that drives north, 20 m a second. */
const frames = (fromMin: number, toMin: number): Frame[] =>
  Array.from({ length: toMin - fromMin }, (_, n) => ({
    device,
    timeMs: at(fromMin + n),
    seq: null,
    layout: internLayout(['lat', 'lon', 'pulp-1']),
    values: [39 + (fromMin + n) * 0.0108, 76, 0],
  }));

async function send(client: MqttClient, fromMin: number, toMin: number): Promise<void> {
  for (let from = fromMin; from < toMin; from += 10) {
    await sendClock(client, at(from));
    await client.publishAsync(framesTopic(device), encodeJson(frames(from, from + 10)), { qos: 1 });
  }
}

/** Asked until it is so: nothing tells when time alone has been looked at. */
async function silencesWhen(pipeline: TestPipeline, count: number): Promise<Breach[]> {
  for (let n = 0; ; n++) {
    const found = await pipeline.look(({ ledger }) => listBreaches(ledger.db));
    if (found.length === count || n === 100) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a truck that falls silent is told by the simulation clock alone, and what it kept takes it back', async () => {
  const pipeline = await startTestPipeline({ clock: 'simulation' }, chain.registry);
  try {
    const client = await pipeline.client();
    await sendClock(client, at(0));
    await sendEvents(client, chain);
    await send(client, 0, 30);
    await sendClock(client, at(88));
    expect(await silencesWhen(pipeline, 0)).toEqual([]);
    await sendClock(client, at(200));
    expect(await silencesWhen(pipeline, 1)).toMatchObject([
      { channel: 'frames', startMs: at(29), raisedMs: at(89), endMs: null, cause: 'moving' },
    ]);
    await client.publishAsync(framesTopic(device), encodeJson(frames(30, 200)), { qos: 1 });
    expect(await silencesWhen(pipeline, 0)).toEqual([]);
  } finally {
    await pipeline.end();
  }
}, 60_000);
