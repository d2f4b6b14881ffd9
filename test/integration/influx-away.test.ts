import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { framesTopic } from '../../src/contract/topics.ts';
import { monotonicMs } from '../../src/lib/clock.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { smallChain } from '../harness/chain.ts';
import { type Influxd, startInfluxd } from '../harness/influxd.ts';
import { startTestPipeline, type TestPipeline } from '../harness/pipeline.ts';
import { ALL_STORED_ONCE, chainFrames, checkStored, quietBreaches, sendEvents } from '../harness/sending.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

const OUTAGE_MS = 30_000;
const BEFORE_MS = 2_000;
const AFTER_MS = 2_000;
/** A publish every so often: some 200 a second. */
const BEAT_MS = 5;

const chain = smallChain(2);
const database = 'coldtrail';

let influxd: Influxd;
let dir: TempDir;
beforeEach(async () => {
  influxd = await startInfluxd();
  dir = tempDir('influx-away');
});
afterEach(async () => {
  influxd.resume();
  await influxd.stop();
  dir.remove();
});

const start = (over: Record<string, unknown> = {}) =>
  startTestPipeline(
    { dataDir: dir.path, store: { kind: 'influx1', url: influxd.url, database }, ...over },
    chain.registry,
  );

interface Sent {
  readonly atMs: number;
  ackedAtMs: number | null;
}

const publish = (client: MqttClient, frame: Frame) =>
  client.publishAsync(framesTopic(frame.device), encodeJson([frame]), { qos: 1 });

/** What a device with a bad link sends: now and then a frame again, now and then one much later than those after it. */
function untidy(frames: readonly Frame[]): Frame[] {
  const out: Frame[] = [];
  const late = new Map<number, Frame>();
  for (const [i, frame] of frames.entries()) {
    if (i % 97 === 50) late.set(i + 150, frame);
    else out.push(frame);
    if (i % 61 === 60) out.push(frames[i - 40]!);
    const due = late.get(i);
    if (due) out.push(due);
    late.delete(i);
  }
  return [...out, ...late.values()];
}

/** Publishes frame after frame, a beat apart, until all are acknowledged. */
async function sendSteadily(client: MqttClient, frames: readonly Frame[]): Promise<Sent[]> {
  const startedMs = monotonicMs();
  const sent: Sent[] = [];
  const acks: Promise<unknown>[] = [];
  for (const [i, frame] of frames.entries()) {
    const aheadMs = startedMs + i * BEAT_MS - monotonicMs();
    if (aheadMs > 0) await sleep(aheadMs);
    const one: Sent = { atMs: monotonicMs(), ackedAtMs: null };
    sent.push(one);
    const acked = publish(client, frame).then(() => {
      one.ackedAtMs = monotonicMs();
    });
    acks.push(acked);
  }
  await Promise.all(acks);
  return sent;
}

/** By how much this process, its threads included, is larger at the most during a time than at its start. */
async function rssGrowthMb(forMs: number): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  for (const startedMs = monotonicMs(); monotonicMs() - startedMs < forMs; ) {
    await sleep(250);
    most = Math.max(most, process.memoryUsage.rss());
  }
  return Math.round((most - before) / 1e6);
}

async function countStored(): Promise<number> {
  const answer = await influxd.query('SELECT count(seq) FROM telemetry', { db: database });
  return Number(answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0);
}

/** InfluxDB has a device's frames, and nothing else, exactly once; breaches are those of a run on SQLite. */
async function expectAllStored(pipeline: TestPipeline, frames: readonly Frame[]): Promise<void> {
  const expected = await quietBreaches(chain, frames);
  expect(expected.length).toBeGreaterThan(5);
  await pipeline.look(async (stores) => {
    expect(await checkStored(stores.frames, chain, frames)).toEqual(ALL_STORED_ONCE);
    expect(await countStored()).toBe(frames.length);
    expect(await listBreaches(stores.ledger.db)).toEqual(expected);
  });
}

test('influxd away for 30 s: publishers go on being acknowledged, nothing is lost, nothing is there twice', async () => {
  const beats = (BEFORE_MS + OUTAGE_MS + AFTER_MS) / BEAT_MS;
  const frames = chainFrames(chain, beats / 2);
  const pipeline = await start();
  try {
    const client = await pipeline.client();
    await sendEvents(client, chain);
    const sending = sendSteadily(client, untidy(frames));
    await sleep(BEFORE_MS);
    await influxd.stop({ keepData: true });
    const awayFromMs = monotonicMs();
    const grownMb = await rssGrowthMb(OUTAGE_MS);
    const awayToMs = monotonicMs();
    await influxd.start();
    const sent = await sending;

    const meanwhile = sent.filter(({ atMs }) => atMs >= awayFromMs && atMs < awayToMs - 1000);
    const ackedAway = meanwhile.filter(({ ackedAtMs }) => ackedAtMs! < awayToMs).length;
    const slowestMs = Math.max(...meanwhile.map(({ atMs, ackedAtMs }) => ackedAtMs! - atMs));
    await expectAllStored(pipeline, frames);
    const report = { sent: sent.length, meanwhile: meanwhile.length, ackedAway, slowestMs, grownMb };
    console.log(`influxd away: ${JSON.stringify(report)}`);
    expect(meanwhile.length).toBeGreaterThan(1000);
    expect(ackedAway).toBe(meanwhile.length);
    // An acknowledgement waits for the journal's fsync and for nothing else.
    expect(slowestMs).toBeLessThan(2_000);
    expect(grownMb).toBeLessThan(100);
  } finally {
    await pipeline.end();
  }
}, 180_000);

test.each(['stopped', 'hung'] as const)(
  'influxd %s when the projections have to read: they go on by themselves',
  async (how) => {
    const frames = chainFrames(chain, 1200);
    const tidy = frames.filter((_, i) => i !== 500);
    const pipeline = await start();
    try {
      const client = await pipeline.client();
      await sendEvents(client, chain);
      await Promise.all(tidy.slice(0, 1500).map((frame) => publish(client, frame)));
      await pipeline.settled();
      if (how === 'stopped') await influxd.stop({ keepData: true });
      else influxd.pause();
      // The first thing since influxd went: a late frame, for which the projections look up what is stored.
      await publish(client, frames[500]!);
      await sleep(1500);
      await Promise.all(tidy.slice(1500).map((frame) => publish(client, frame)));
      if (how === 'stopped') await influxd.start();
      else influxd.resume();
      await expectAllStored(pipeline, frames);
    } finally {
      await pipeline.end();
    }
  },
  60_000,
);

test('a pipeline that is stopped while influxd does not answer ends in time, and the next one catches up', async () => {
  const frames = chainFrames(chain, 1500);
  const tidy = frames.filter((_, i) => i !== 500);
  const half = tidy.length / 2;
  const first = await start();
  try {
    const client = await first.client();
    await sendEvents(client, chain);
    await Promise.all(tidy.slice(0, half).map((frame) => publish(client, frame)));
    await first.settled();
    influxd.pause();
    // The late one makes the projections read what is stored, from a server that accepts and never answers.
    await Promise.all([...tidy.slice(half), frames[500]!].map((frame) => publish(client, frame)));
    const stoppedMs = monotonicMs();
    await first.end();
    const tookMs = monotonicMs() - stoppedMs;
    console.log(`stopped in ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(14_000);
  } finally {
    await first.end();
  }
  influxd.resume();
  const second = await start();
  try {
    await expectAllStored(second, frames);
  } finally {
    await second.end();
  }
}, 120_000);

test('a start while influxd is away: publishers are acknowledged at once, the store is filled when it comes', async () => {
  const frames = chainFrames(chain, 300);
  await influxd.stop({ keepData: true });
  const pipeline = await start();
  try {
    const client = await pipeline.client();
    await sendEvents(client, chain);
    await Promise.all(frames.map((frame) => publish(client, frame)));
    await influxd.start();
    await expectAllStored(pipeline, frames);
  } finally {
    await pipeline.end();
  }
}, 60_000);
