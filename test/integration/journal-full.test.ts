import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { framesTopic } from '../../src/contract/topics.ts';
import { dataPaths } from '../../src/data-dir.ts';
import { JournalReader } from '../../src/journal/log.ts';
import { monotonicMs } from '../../src/lib/clock.ts';
import { smallChain } from '../harness/chain.ts';
import { type Influxd, startInfluxd } from '../harness/influxd.ts';
import { startTestPipeline } from '../harness/pipeline.ts';
import { ALL_STORED_ONCE, chainFrames, checkStored } from '../harness/sending.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

const MAX_BYTES = 1024 * 1024;
const FRAMES_PER_PACK = 250;
/** Packs that a publisher has out without an acknowledgement. */
const IN_FLIGHT = 20;
const PATIENTLY = { timeout: 40_000 };

const chain = smallChain(1);
/** Twice what the journal may hold. */
const frames = chainFrames(chain, 52_000);
const packs = Array.from({ length: frames.length / FRAMES_PER_PACK }, (_, p) =>
  frames.slice(p * FRAMES_PER_PACK, (p + 1) * FRAMES_PER_PACK),
);

let influxd: Influxd;
let dir: TempDir;
beforeEach(async () => {
  influxd = await startInfluxd();
  dir = tempDir('journal-full');
});
afterEach(async () => {
  influxd.resume();
  await influxd.stop();
  dir.remove();
});

const start = () =>
  startTestPipeline({
    dataDir: dir.path,
    store: { kind: 'influx1', url: influxd.url, database: 'coldtrail' },
    journal: { maxBytes: MAX_BYTES },
  });

/** Publishes packs with some in flight; remembers which were acknowledged. */
function sender(client: MqttClient, toSend: readonly (readonly Frame[])[]) {
  const acked = new Set<readonly Frame[]>();
  const queue = toSend.values();
  const worker = async () => {
    for (const pack of queue) {
      await client.publishAsync(framesTopic(pack[0]!.device), encodeJson(pack), { qos: 1 });
      acked.add(pack);
    }
  };
  const done = Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return { acked, done };
}

function journalBytes(): number {
  const journal = new JournalReader(dataPaths(dir.path).journal);
  try {
    return journal.state().bytes;
  } finally {
    journal.close();
  }
}

test('a full journal holds acknowledgements, goes on when the store is back, and loses nothing', async () => {
  const pipeline = await start();
  try {
    const client = await pipeline.client();
    influxd.pause();
    const { acked, done } = sender(client, packs.slice(0, -IN_FLIGHT));
    await expect.poll(() => pipeline.holding(), PATIENTLY).toBe(true);
    // What was under way is acknowledged; then nothing more, for as long as the store is away.
    await expect
      .poll(async () => {
        const before = acked.size;
        await sleep(300);
        return acked.size - before;
      }, PATIENTLY)
      .toBe(0);
    const held = acked.size;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(packs.length - 2 * IN_FLIGHT);
    await sleep(1500);
    expect(acked.size).toBe(held);
    expect(pipeline.holding()).toBe(true);
    // The bound, and the one group that reached it.
    expect(journalBytes()).toBeGreaterThanOrEqual(MAX_BYTES);
    expect(journalBytes()).toBeLessThan(MAX_BYTES * 2);

    influxd.resume();
    await done;
    await pipeline.settled();
    expect(pipeline.holding()).toBe(false);

    // Projected input that is kept for a rebuild does not count: the next outage is survived as the first.
    influxd.pause();
    const last = packs.slice(-IN_FLIGHT);
    await sender(client, last).done;
    expect(pipeline.holding()).toBe(false);
    influxd.resume();
    await pipeline.look(async ({ frames: store }) => {
      expect(await checkStored(store, chain, frames)).toEqual(ALL_STORED_ONCE);
    });
  } finally {
    influxd.resume();
    await pipeline.end();
  }
}, 120_000);

test('a pipeline that holds can be stopped; what it did not acknowledge comes again, and nothing is lost', async () => {
  const first = await start();
  const client = await first.client();
  client.on('error', () => {});
  influxd.pause();
  const { acked, done } = sender(client, packs);
  done.catch(() => {}); // the connection ends before all is acknowledged
  await expect.poll(() => first.holding(), PATIENTLY).toBe(true);
  const stoppedMs = monotonicMs();
  await first.end();
  expect(monotonicMs() - stoppedMs).toBeLessThan(14_000);
  expect(acked.size).toBeLessThan(packs.length);
  influxd.resume();

  const second = await start();
  try {
    // What was acknowledged is there without being sent again.
    await second.look(async ({ frames: store }) => {
      const check = await checkStored(store, chain, [...acked].flat());
      expect({ lost: check.lost, twice: check.twice }).toEqual({ lost: [], twice: [] });
    });
    const rest = packs.filter((pack) => !acked.has(pack));
    await sender(await second.client(), rest).done;
    await second.look(async ({ frames: store }) => {
      expect(await checkStored(store, chain, frames)).toEqual(ALL_STORED_ONCE);
    });
  } finally {
    await second.end();
  }
}, 120_000);
