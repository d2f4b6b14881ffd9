import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type Progress, planOf, startSimulation, writeSimulation } from '../../simulators/main.ts';
import { runSimulation } from '../../simulators/run.ts';
import { runInWorker } from '../../simulators/worker-run.ts';
import { createWorld } from '../../simulators/world/world.ts';
import { framesOf } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { decodePack } from '../../src/contract/senml/decode.ts';
import { CLOCK_TOPIC, parseTopic } from '../../src/contract/topics.ts';
import { startBroker, type TestBroker } from './publish-broker.ts';

const source = { scenario: 'tiny', seed: 3 };
const plan = planOf(source);
const identity = (device: string, timeMs: number, values: ArrayLike<number>) =>
  `${device} ${timeMs} ${Array.from(values).join(' ')}`;
const frames = [...runSimulation(plan, createWorld(plan))].flatMap((slice) =>
  slice.packs.flatMap((pack) => pack.frames),
);
const expected = frames.map((f) => identity(f.device, f.timeMs, f.values)).sort();

const brokers: TestBroker[] = [];
afterEach(async () => {
  for (const broker of brokers.splice(0)) await broker.stop();
});

async function newBroker(): Promise<TestBroker> {
  const broker = await startBroker();
  brokers.push(broker);
  return broker;
}

const clocks = (broker: TestBroker) => broker.received.filter((message) => message.topic === CLOCK_TOPIC);

function arrived(broker: TestBroker): string[] {
  const batch = new FrameBatchBuilder();
  for (const { topic, payload } of broker.received) {
    const at = parseTopic(topic);
    if (at?.kind !== 'frames') continue;
    const limits = { nowMs: plan.endMs, futureToleranceMs: 0, maxRecords: 20_000, maxPayloadBytes: 256 * 1024 };
    const refused = decodePack(payload, { device: at.device, ...limits }, batch);
    if (refused) throw new Error(`${topic}: ${refused}`);
  }
  return Array.from(framesOf(batch.take()), (f) => identity(f.device, f.timeMs, f.values)).sort();
}

class Text extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

describe('startSimulation', () => {
  it('publishes a whole scenario and leaves nobody connected', async () => {
    const broker = await newBroker();
    const seen: Progress[] = [];
    const summary = await startSimulation(
      source,
      { url: broker.url },
      { speed: 'max', onProgress: (progress) => seen.push(progress) },
    );
    expect(arrived(broker)).toEqual(expected);
    expect(summary).toMatchObject({
      complete: true,
      worldTimeMs: plan.endMs,
      frames: frames.length,
      events: plan.scans.size,
      retried: 0,
    });
    expect(seen.at(-1)!.frames).toBe(frames.length);
    expect(seen.map((p) => p.worldTimeMs)).toEqual(seen.map((p) => p.worldTimeMs).sort((a, b) => a - b));
    await expect.poll(() => broker.aedes.connectedClients).toBe(0);
  });

  it('publishes the same frames in thin slices, paced by the timer it is given', async () => {
    const broker = await newBroker();
    let nowMs = 0;
    const timer = {
      nowMs: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += ms;
      },
    };
    const summary = await startSimulation(source, { url: broker.url }, { speed: 120, timer });
    expect(arrived(broker)).toEqual(expected);
    // Slices of two minutes, cut anew every five: the last begins one minute of the world before the end.
    expect(summary.elapsedMs).toBeCloseTo((plan.endMs - plan.startMs - 60_000) / 120, 3);
    expect(JSON.parse(clocks(broker)[0]!.payload.toString())).toEqual({
      time: new Date(plan.startMs).toISOString(),
      speed: 120,
    });
  });

  it('finishes what is in flight when stopped, and says how far it came', async () => {
    const broker = await newBroker();
    const stop = new AbortController();
    const summary = await startSimulation(
      source,
      { url: broker.url },
      { speed: 'max', signal: stop.signal, onProgress: (p) => p.frames > 1000 && stop.abort() },
    );
    expect(summary.complete).toBe(false);
    expect(summary.frames).toBeGreaterThan(1000);
    expect(arrived(broker)).toHaveLength(summary.frames);
    const last = clocks(broker).at(-1)!;
    expect(Date.parse(JSON.parse(last.payload.toString()).time)).toBe(summary.worldTimeMs);
  });

  it('can be stopped while it still connects', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const patience = { firstTries: 1000, reconnectMs: 0 };
    const broker = await startBroker();
    await broker.stop();
    const summary = await startSimulation(
      { plan },
      { url: broker.url, patience },
      { speed: 'max', signal: stop.signal },
    );
    expect(summary).toMatchObject({ complete: false, frames: 0, worldTimeMs: plan.startMs });
  });
});

describe('runInWorker', () => {
  it('runs a simulation in a thread', async () => {
    const broker = await newBroker();
    let lastMs = 0;
    const summary = await runInWorker(
      { source, broker: { url: broker.url }, speed: 'max' },
      {
        signal: new AbortController().signal,
        onProgress: (progress) => {
          lastMs = progress.worldTimeMs;
        },
      },
    );
    expect(summary).toMatchObject({ complete: true, frames: frames.length });
    expect(lastMs).toBeGreaterThan(plan.startMs);
    expect(arrived(broker)).toEqual(expected);
  });

  it('can be stopped', async () => {
    const broker = await newBroker();
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const request = { source, broker: { url: broker.url }, speed: 3600 };
    const summary = await runInWorker(request, { signal: stop.signal, onProgress });
    expect(summary.complete).toBe(false);
    expect(arrived(broker)).toHaveLength(summary.frames);
  });

  it('fails as the simulation fails', async () => {
    const request = { source, broker: { url: 'nowhere' }, speed: 'max' as const };
    const run = runInWorker(request, { signal: new AbortController().signal, onProgress: () => {} });
    await expect(run).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE', hint: expect.stringContaining('mqtt://') });
  });
});

describe('writeSimulation', () => {
  const digest = async (of: { scenario: string; seed?: number }, speed: number | 'max' = 'max') => {
    const stream = new Text();
    const timer = { nowMs: () => 0, sleep: async () => {} };
    await writeSimulation(of, { format: 'none', stream }, { speed, timer });
    return stream.text;
  };

  it('gives the same digest for the same seed and scenario at any speed, and another for another seed', async () => {
    const first = await digest(source);
    expect(first).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await digest(source, 100)).toBe(first);
    expect(await digest({ ...source, seed: 4 })).not.toBe(first);
  });

  it('writes no digest of a run that was stopped', async () => {
    const stream = new Text();
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const summary = await writeSimulation(
      source,
      { format: 'none', stream },
      { speed: 'max', signal: stop.signal, onProgress },
    );
    expect(summary.complete).toBe(false);
    expect(stream.text).toBe('');
  });

  it('counts what it writes', async () => {
    const stream = new Text();
    const summary = await writeSimulation(source, { format: 'influx', stream }, { speed: 'max' });
    expect(stream.text.trimEnd().split('\n')).toHaveLength(frames.length);
    expect(summary).toMatchObject({ complete: true, frames: frames.length, retried: 0 });
  });
});
