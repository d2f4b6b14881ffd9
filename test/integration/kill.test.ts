import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { eventsTopic, framesTopic } from '../../src/contract/topics.ts';
import { dataPaths } from '../../src/data-dir.ts';
import { JournalReader } from '../../src/journal/log.ts';
import { PROJECTION } from '../../src/project/standing.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { openLedger } from '../../src/store/ledger/ledger.ts';
import { getOffset } from '../../src/store/ledger/offsets.ts';
import { openReadStores, type ReadStores } from '../../src/stores.ts';
import { smallChain } from '../harness/chain.ts';
import { freePort } from '../harness/free-port.ts';
import { frameText, storedFrames, swingingFrames } from '../harness/load.ts';
import { startTestPipeline } from '../harness/pipeline.ts';
import { startServe } from '../harness/serve.ts';
import { tempDir } from '../harness/temp-dir.ts';

const KILLS = 8;
const FRAMES_PER_DEVICE = 6000;
const chain = smallChain(3);
const byDevice = chain.devices.map((device) => swingingFrames(device, FRAMES_PER_DEVICE));
/** In the order of sending: all devices minute by minute. */
const frames: readonly Frame[] = Array.from({ length: FRAMES_PER_DEVICE }, (_, n) =>
  byDevice.map((of) => of[n]!),
).flat();

const breachesOf = ({ ledger }: ReadStores) => listBreaches(ledger.db, { includeWithdrawn: false });

async function publishEvents(client: MqttClient): Promise<void> {
  await client.publishAsync(eventsTopic('carrier'), JSON.stringify(chain.events), { qos: 1 });
}

/** What an undisturbed run over the same input finds. */
async function undisturbed() {
  const pipeline = await startTestPipeline({}, chain.registry);
  try {
    const client = await pipeline.client();
    await publishEvents(client);
    for (let from = 0; from < frames.length; from += 500) {
      const some = frames.slice(from, from + 500);
      await Promise.all(some.map((f) => client.publishAsync(framesTopic(f.device), encodeJson([f]), { qos: 1 })));
    }
    return await pipeline.look(breachesOf);
  } finally {
    await pipeline.end();
  }
}

test('kill -9 at random moments: acknowledged frames are stored once, and the breaches are those of a quiet run', async () => {
  const expected = await undisturbed();
  expect(expected.length).toBeGreaterThan(10);

  const seed = Number(process.env['COLDTRAIL_TEST_SEED'] ?? process.pid);
  console.log(`kill test: COLDTRAIL_TEST_SEED=${seed}`);
  const random = xoroshiro128plus(seed);
  const dir = tempDir('kill');
  const registry = join(dir.path, 'registry.json');
  writeFileSync(registry, JSON.stringify(chain.registry));
  const env = {
    COLDTRAIL_DATA_DIR: join(dir.path, 'data'),
    COLDTRAIL_REGISTRY: registry,
    COLDTRAIL_BROKER_PORT: String(await freePort()),
    COLDTRAIL_BROKER_ANONYMOUS: 'true',
  };
  const config = configSchema.parse({ dataDir: env.COLDTRAIL_DATA_DIR });

  const acked = new Set<number>();
  let first = 0;
  for (let round = 0; round <= KILLS; round++) {
    const serve = await startServe(env);
    // What the last process had acknowledged is there before anyone sends it again.
    await projected(config.dataDir);
    await inStores(config, async (stores) => {
      const stored = new Set(await storedFrames(stores.frames, chain.devices));
      const lost = [...acked].filter((i) => !stored.has(frameText(frames[i]!)));
      expect(lost, `lost after kill ${round}`).toEqual([]);
    });
    const client = await connectAsync(serve.url, { protocolVersion: 4, reconnectPeriod: 0 });
    client.on('error', () => {});
    await publishEvents(client);
    const last = round === KILLS;
    const killAtAcks = acked.size + uniformInt(random, 200, Math.floor(frames.length / (KILLS + 1)));
    const sending = sendWindowed(client, first, acked, () => (last ? Number.POSITIVE_INFINITY : killAtAcks));
    await sending;
    if (last) {
      client.end(true);
      await projected(config.dataDir);
      await serve.stop();
    } else {
      await serve.kill();
      client.end(true);
    }
    // The device sends what it saw no acknowledgement for again, and some that it did.
    while (acked.has(first)) first++;
    first = Math.max(0, first - uniformInt(random, 0, 50));
  }

  await inStores(config, async (stores) => {
    expect(await storedFrames(stores.frames, chain.devices)).toEqual(frames.map(frameText).sort());
    const found = await breachesOf(stores);
    expect(found).toEqual(expected);
  });
  dir.remove();
}, 180_000);

/** Publishes from `first` on with 200 in flight, until so many are acknowledged in all; the rest stays in flight. */
async function sendWindowed(
  client: MqttClient,
  first: number,
  acked: Set<number>,
  stopAtAcks: () => number,
): Promise<void> {
  let next = first;
  const worker = async () => {
    while (next < frames.length && acked.size < stopAtAcks()) {
      const i = next++;
      const frame = frames[i]!;
      await client.publishAsync(framesTopic(frame.device), encodeJson([frame]), { qos: 1 });
      acked.add(i);
    }
  };
  const workers = Array.from({ length: 200 }, worker);
  // Some acknowledgements never come: whoever kills does not wait for them.
  if (stopAtAcks() === Number.POSITIVE_INFINITY) await Promise.all(workers);
  else await Promise.race(workers);
  for (const w of workers) w.catch(() => {});
}

/** Waits until the projections stand at the journal's head. */
async function projected(dataDir: string): Promise<void> {
  const paths = dataPaths(dataDir);
  const journal = new JournalReader(paths.journal);
  const ledger = await openLedger(paths.ledger, { readOnly: true });
  try {
    await expect
      .poll(async () => (await getOffset(ledger.db, PROJECTION)) ?? 0, { timeout: 30_000 })
      .toBe(journal.state().headOffset);
  } finally {
    await ledger.close();
    journal.close();
  }
}

async function inStores(config: Parameters<typeof openReadStores>[0], read: (stores: ReadStores) => Promise<void>) {
  const stores = await openReadStores(config);
  try {
    await read(stores);
  } finally {
    await stores.close();
  }
}
