import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { digestSimulation } from '../../simulators/digest.ts';
import type { Progress } from '../../simulators/main.ts';
import { type Plan, QUANTITIES, type World } from '../../simulators/plan/types.ts';
import { runBlocks } from '../../simulators/run.ts';
import { digestOf, runShards, SHARDS } from '../../simulators/shard.ts';
import { ShardBarrier } from '../../simulators/shard-barrier.ts';
import { planOf } from '../../simulators/source.ts';
import { createWorld } from '../../simulators/world/world.ts';
import { planWithOutage, scansIn, scansOf, toyPlan, toyWorld } from './toy-plan.ts';

const source = { scenario: 'tiny', seed: 3 };
const ALL = Array.from({ length: SHARDS }, (_, shard) => shard);

function toyDigest(plan: Plan, world: World = toyWorld()): string {
  const run = runShards(plan, world, ALL);
  for (;;) {
    const step = run.next();
    if (step.done) return digestOf(step.value);
  }
}

describe('the digest of a run', () => {
  it('is the same for the same plan, and sees a change of one frame or one event', () => {
    const first = toyDigest(toyPlan());
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(toyDigest(toyPlan())).toBe(first);
    expect(toyDigest(toyPlan({ seed: 8 }))).not.toBe(first);
    const [scan, ...rest] = scansIn(toyPlan());
    expect(toyDigest(toyPlan({ scans: scansOf([{ ...scan!, org: 'carrier' }, ...rest]) }))).not.toBe(first);
    const world = toyWorld();
    const warmer: World = {
      ...world,
      beginSlice: world.beginSlice,
      read: (assetIx, out) => {
        world.read(assetIx, out);
        if (assetIx === 1) out[QUANTITIES.indexOf('airReturnC')]! += 1e-3;
      },
    };
    expect(toyDigest(toyPlan(), warmer)).not.toBe(first);
  });

  it('does not see how frames travel', () => {
    expect(toyDigest(planWithOutage(7, 31))).toBe(toyDigest(toyPlan()));
  });
});

describe('digestSimulation', () => {
  it('gives the same digest and counts in this thread and with 1 or 2 workers', async () => {
    const plan = planOf(source);
    const here = await digestSimulation({ plan }, { workers: 1 });
    let frames = 0;
    let readings = 0;
    for (const block of runBlocks(plan, createWorld(plan))) {
      frames += block.size;
      readings += block.readings;
    }
    const { digest, startMs, endMs } = here;
    const same = { digest, startMs, endMs, worldTimeMs: endMs, frames, readings, events: plan.scans.size };
    expect(here).toMatchObject({ ...same, complete: true, framesLost: 0 });
    for (const workers of [1, 2]) {
      expect(await digestSimulation(source, { workers })).toMatchObject({ ...same, complete: true });
    }
  }, 60_000);

  it('tells how far it is, ends all threads alike when stopped, and gives no digest of half a run', async () => {
    const stop = new AbortController();
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => {
      seen.push(progress);
      if (progress.worldTimeMs > progress.startMs) stop.abort();
    };
    const summary = await digestSimulation({ scenario: 'demo' }, { workers: 2, signal: stop.signal, onProgress });
    expect(seen.at(-1)!.worldTimeMs).toBeGreaterThan(seen.at(-1)!.startMs);
    expect(seen.at(-1)!.readings).toBeGreaterThan(seen.at(-1)!.frames);
    expect(summary).toMatchObject({ complete: false, digest: null });
    expect(summary.worldTimeMs).toBeLessThan(summary.endMs);
  });

  it('stops while a season is still being planned, without waiting for it', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 500);
    const summary = await digestSimulation({ scenario: 'season' }, { workers: 2, signal: stop.signal });
    expect(summary).toMatchObject({ complete: false, digest: null, frames: 0, worldTimeMs: summary.startMs });
    expect(summary.endMs - summary.startMs).toBeGreaterThan(60 * 86_400_000);
    // Planning alone takes some five seconds.
    expect(summary.elapsedMs).toBeLessThan(2000);
  });

  it('tells the share of the work that is done, not of the time, and when the work began', async () => {
    const seen: Progress[] = [];
    await digestSimulation({ plan: planOf({ scenario: 'demo' }) }, { workers: 1, onProgress: (p) => seen.push(p) });
    for (const [i, { doneShare, runningMs, elapsedMs }] of seen.entries()) {
      expect(doneShare).toBeGreaterThan(i === 0 ? 0 : seen[i - 1]!.doneShare - 1e-12);
      expect(doneShare).toBeLessThanOrEqual(1);
      expect(runningMs).toBeLessThan(elapsedMs);
    }
  });

  it('stops in this thread too, and tells whoever watches the world after each of its slices', async () => {
    const plan = planOf(source);
    const stop = new AbortController();
    const told: number[] = [];
    const record = () => ({
      afterSlice: (toMs: number) => {
        told.push(toMs);
        if (told.length === 3) stop.abort();
      },
    });
    const summary = await digestSimulation({ plan }, { workers: 1, signal: stop.signal, record });
    expect(summary).toMatchObject({ complete: false, digest: null, worldTimeMs: told.at(-1) });
    expect(told).toHaveLength(3);
  });

  it('fails as reading the scenario fails', async () => {
    const run = digestSimulation({ scenario: 'no-such' }, { workers: 2 });
    await expect(run).rejects.toMatchObject({ code: 'SCENARIO_UNREADABLE' });
  });
});

describe('ShardBarrier', () => {
  /** Threads that add up what all have written before each round, and so see when one runs ahead. */
  const THREAD = `
    const { workerData: { barrier, board, me, threads, rounds, source }, parentPort } = require('node:worker_threads');
    const { ShardBarrier } = new Function('return ' + source)();
    const meeting = new ShardBarrier(barrier, threads);
    const cells = new Int32Array(board);
    let bad = 0, done = 0;
    for (let round = 1; round <= rounds; round++) {
      Atomics.store(cells, me, round);
      if (!meeting.arrive()) break;
      for (let i = 0; i < threads; i++) if (Atomics.load(cells, i) < round) bad++;
      if (!meeting.arrive()) break;
      done = round;
    }
    parentPort.postMessage({ bad, done });`;

  async function race(threads: number, rounds: number, during: (barrier: ShardBarrier) => void) {
    const memory = ShardBarrier.memory();
    const board = new SharedArrayBuffer(4 * threads);
    const source = `(() => { const ARRIVED = 0, ROUND = 1, STOP_ASKED = 2, ENDED = 3; ${ShardBarrier.toString()}; return { ShardBarrier }; })()`;
    const ends = Array.from({ length: threads }, (_, me) => {
      const workerData = { barrier: memory, board, me, threads, rounds, source };
      const worker = new Worker(THREAD, { eval: true, workerData });
      return new Promise<{ bad: number; done: number }>((resolve, reject) => {
        worker.on('message', resolve).on('error', reject);
      });
    });
    during(new ShardBarrier(memory, threads));
    return Promise.all(ends);
  }

  it('lets nobody run ahead', async () => {
    expect(await race(3, 500, () => {})).toEqual(new Array(3).fill({ bad: 0, done: 500 }));
  });

  it('ends all in the same round', async () => {
    const ends = await race(3, 1e9, (barrier) => setTimeout(() => barrier.stop(), 300));
    expect(new Set(ends.map(({ done }) => done)).size).toBe(1);
    expect(ends.every(({ bad }) => bad === 0)).toBe(true);
  });

  it('lets nobody wait for one that has failed', async () => {
    await race(2, 1e9, (barrier) => setTimeout(() => barrier.abandon(), 100));
  });
});
