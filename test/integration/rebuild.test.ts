import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Config, configSchema } from '../../src/config.ts';
import type { EpcisEvent } from '../../src/contract/event.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { encodeJson } from '../../src/contract/senml/encode.ts';
import { eventsTopic, framesTopic } from '../../src/contract/topics.ts';
import { dataPaths } from '../../src/data-dir.ts';
import { JournalReader } from '../../src/journal/log.ts';
import { rebuild } from '../../src/rebuild.ts';
import { listBreaches } from '../../src/store/ledger/breaches.ts';
import { listDeadLetters } from '../../src/store/ledger/dead-letters.ts';
import { openReadStores } from '../../src/stores.ts';
import { renderCsv } from '../../src/trace/render-csv.ts';
import { renderJson } from '../../src/trace/render-json.ts';
import { traceBatch } from '../../src/trace/trace.ts';
import { coldtrail } from '../cli/coldtrail.ts';
import { smallChain } from '../harness/chain.ts';
import { frameText, storedFrames } from '../harness/load.ts';
import { startTestPipeline, type TestPipeline } from '../harness/pipeline.ts';
import { chainFrames, sendEvents, sendPacked } from '../harness/sending.ts';
import { type TempDir, tempDir } from '../harness/temp-dir.ts';

const chain = smallChain(2);
/** More than one cycle of the projections takes (30,000), so that there is a half-way. */
const frames = chainFrames(chain, 18_000);

const digest = (texts: readonly string[]) => ({
  count: texts.length,
  sha256: createHash('sha256').update(texts.join('\n')).digest('hex'),
});

/** A chain's whole outcome, as users see it. */
async function outcome(config: Config) {
  const stores = await openReadStores(config);
  try {
    const traces = await Promise.all(chain.batches.map((batch) => traceBatch(stores, batch)));
    const letters = await listDeadLetters(stores.ledger.db, { limit: 1000 });
    return {
      traces: traces.map((trace) => renderJson(trace) + renderCsv(trace, 0)),
      breaches: await listBreaches(stores.ledger.db),
      deadLetters: letters.map((letter) => ({ ...letter, payload: Buffer.from(letter.payload).toString() })),
      frames: digest(await storedFrames(stores.frames, chain.devices)),
    };
  } finally {
    await stores.close();
  }
}

/** Everything that ends up somewhere else: repeats, late frames, contradictions, rubbish; in many small cycles. */
async function sendEverything(pipeline: TestPipeline): Promise<void> {
  const client = await pipeline.client();
  const send = (topic: string, payload: string | Buffer) => client.publishAsync(topic, payload, { qos: 1 });
  const sendFrame = (frame: Frame) => send(framesTopic(frame.device), encodeJson([frame]));
  const contradicting = (frame: Frame): Frame => ({ ...frame, values: [frame.values[0]!, frame.values[1]! + 1] });
  const renamed = (produce: string): EpcisEvent => ({
    ...(chain.events[1] as EpcisEvent & { type: 'ObjectEvent' }),
    eventID: 'urn:uuid:00000000-0000-4000-8000-000000000001',
    ilmd: { 'coldtrail:produce': produce },
  });
  await sendEvents(client, chain);
  const late = [700, 701, 5000].map((i) => frames[i]!);
  const early = frames.slice(0, 1000).filter((frame) => !late.includes(frame));
  for (const frame of early.slice(0, 100)) await sendFrame(frame);
  await pipeline.settled();
  await send(framesTopic(chain.devices[0]!), 'rubbish');
  for (const i of [20, 3, 3]) await sendFrame(contradicting(early[i]!));
  await pipeline.settled();
  await Promise.all([...early.slice(50), contradicting(early[600]!)].map(sendFrame));
  await send(eventsTopic('carrier'), JSON.stringify([renamed('prune'), renamed('apricot')]));
  await pipeline.settled();
  await send(eventsTopic('carrier'), JSON.stringify([renamed('prune'), renamed('peach')]));
  await send(framesTopic(chain.devices[1]!), '[{"n":"pulp-1","u":"K","v":1}]');
  await sendPacked(
    client,
    frames.slice(1000).filter((frame) => !late.includes(frame)),
  );
  await Promise.all([...late, ...late.map(contradicting)].map(sendFrame));
  await pipeline.settled();
}

const ignore = () => {};
const never = new AbortController().signal;

describe('rebuild', () => {
  let dir: TempDir;
  let config: Config;
  let before: Awaited<ReturnType<typeof outcome>>;
  beforeAll(async () => {
    dir = tempDir('rebuild');
    const pipeline = await startTestPipeline({ dataDir: dir.path }, chain.registry);
    config = pipeline.config;
    try {
      await sendEverything(pipeline);
    } finally {
      await pipeline.end();
    }
    before = await outcome(config);
  });
  afterAll(() => dir.remove());

  test('the run before it has something of everything', () => {
    expect(before.frames).toEqual(digest(frames.map(frameText).sort()));
    expect(before.breaches.length).toBeGreaterThan(100);
    const reasons = before.deadLetters.map(({ reason }) => reason).sort();
    expect(reasons).toEqual([...Array(9).fill('identity-conflict'), 'json-syntax', 'wrong-unit']);
    expect(new Set(before.deadLetters.map(({ id }) => id)).size).toBe(11);
    const events = before.deadLetters.filter(({ topic }) => topic === eventsTopic('carrier'));
    expect(events.map(({ payload }) => JSON.parse(payload).ilmd)).toContainEqual({ 'coldtrail:produce': 'peach' });
  });

  test('makes frames, breaches, dead letters and traces anew, byte for byte', async () => {
    const done = await rebuild(config, ignore, never);
    expect(done.offset).toBe(done.headOffset);
    expect(await outcome(config)).toEqual(before);
  }, 60_000);

  test('interrupted half-way, it is ended by the next start', async () => {
    const interrupt = new AbortController();
    const done = await rebuild(config, () => interrupt.abort(), interrupt.signal);
    expect(done.offset).toBeGreaterThan(0);
    expect(done.offset).toBeLessThan(done.headOffset);
    expect((await outcome(config)).frames.count).toBeLessThan(frames.length);
    await startAndEnd(config);
    expect(await outcome(config)).toEqual(before);
  }, 60_000);

  test('interrupted before its first cycle, too', async () => {
    await rebuild(config, ignore, AbortSignal.abort());
    expect(await countFrames(config)).toBe(0);
    await startAndEnd(config);
    expect(await outcome(config)).toEqual(before);
  }, 60_000);

  test('is refused while another process serves the directory', async () => {
    const pipeline = await startTestPipeline({ dataDir: dir.path }, chain.registry);
    try {
      const { code, stdout, stderr } = await coldtrail(['rebuild', '--data', dir.path]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('DATA_DIR_IN_USE');
      expect(stderr).toContain(`pid ${process.pid}`);
    } finally {
      await pipeline.end();
    }
    expect(await outcome(config)).toEqual(before);
  }, 60_000);
});

async function startAndEnd({ dataDir }: Config): Promise<void> {
  const pipeline = await startTestPipeline({ dataDir }, chain.registry);
  await pipeline.settled();
  await pipeline.end();
}

/** Without the traces: there are none before the first cycle. */
async function countFrames(config: Config): Promise<number> {
  const stores = await openReadStores(config);
  try {
    return (await storedFrames(stores.frames, chain.devices)).length;
  } finally {
    await stores.close();
  }
}

test('a trimmed journal cannot be rebuilt from, and nothing is changed', async () => {
  const dir = tempDir('trimmed');
  const pipeline = await startTestPipeline({ dataDir: dir.path, journal: { keepBytes: 0 } }, chain.registry);
  try {
    const client = await pipeline.client();
    await sendEvents(client, chain);
    for (let from = 0; from < 3000; from += 1000) {
      await sendPacked(client, frames.slice(from, from + 1000));
      await pipeline.settled();
    }
  } finally {
    await pipeline.end();
  }
  const journal = new JournalReader(dataPaths(dir.path).journal);
  const { firstOffset } = journal.state();
  journal.close();
  expect(firstOffset).toBeGreaterThan(1);
  const config = configSchema.parse({ dataDir: dir.path });
  const before = await outcome(config);
  expect(before.frames.count).toBe(3000);
  await expect(rebuild(config, ignore, never)).rejects.toMatchObject({
    code: 'JOURNAL_TRIMMED',
    hint: expect.stringContaining('journal.keepBytes'),
  });
  expect(await outcome(config)).toEqual(before);
  // The directory is free again.
  await startAndEnd(config);
  expect(await outcome(config)).toEqual(before);
  dir.remove();
}, 60_000);
