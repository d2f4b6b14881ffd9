import { describe, expect, test } from 'vitest';
import { makePlan } from '../../simulators/plan/plan.ts';
import type { FaultKind, Plan } from '../../simulators/plan/types.ts';
import { runSimulation } from '../../simulators/run.ts';
import { loadScenario } from '../../simulators/scenario/load.ts';
import { createWorld } from '../../simulators/world/world.ts';
import type { Breach } from '../../src/contract/breach.ts';
import type { Frame, FrameChunk } from '../../src/contract/frame.ts';
import { armingOf, type CustodySpan } from '../../src/detect/arming.ts';
import { DeviceFold } from '../../src/detect/fold.ts';
import { profileFor } from '../../src/produce/profiles.ts';

/** Measured values of whole scenarios under the shipped prune rules: what a user of the demo will see. */
function breachesOf(plan: Plan): Breach[] {
  const frames = new Map<string, Frame[]>(plan.devices.map(({ key }) => [key, []]));
  for (const { packs } of runSimulation(plan, createWorld(plan))) {
    for (const pack of packs) frames.get(pack.device)!.push(...pack.frames);
  }
  return plan.devices.flatMap(({ key, assetIx }) => {
    const { key: asset, kind } = plan.assets[assetIx]!;
    const arming = armingOf([{ asset, fromMs: plan.startMs, toMs: null }], custodiesOf(plan, assetIx), () => kind);
    const closed: Breach[] = [];
    const sink = { closed: (breach: Breach) => closed.push(breach), checkpoint: () => {} };
    const fold = new DeviceFold(key, arming);
    fold.fold(chunkOf(key, frames.get(key)!), sink);
    return [...closed, ...fold.openBreaches(plan.endMs)];
  });
}

function custodiesOf(plan: Plan, assetIx: number): CustodySpan[] {
  const asset = plan.assets[assetIx]!.key;
  return plan.moves
    .filter((move) => move.toAssetIx === assetIx)
    .map(({ batchIx, timeMs }) => {
      const next = plan.moves.find((m) => m.batchIx === batchIx && m.fromAssetIx === assetIx && m.timeMs > timeMs);
      return { asset, fromMs: timeMs, toMs: next?.timeMs ?? null, profile: profileFor('prune')! };
    });
}

function chunkOf(device: string, unsorted: readonly Frame[]): FrameChunk {
  const frames = [...unsorted].sort((a, b) => a.timeMs - b.timeMs);
  const layout = frames[0]!.layout;
  const width = layout.channels.length;
  const chunk = {
    device,
    layout,
    size: frames.length,
    timeMs: Float64Array.from(frames, (f) => f.timeMs),
    seq: Float64Array.from(frames, (f) => f.seq ?? Number.NaN),
    values: new Float64Array(frames.length * width),
  };
  for (const [i, frame] of frames.entries()) chunk.values.set(Array.from(frame.values), i * width);
  return chunk;
}

test.each([3, 4, 5])('steady raises nothing, with seed %d', (seed) => {
  expect(breachesOf(makePlan(loadScenario('steady'), { seed }))).toEqual([]);
});

describe.each([821, 4711])('the demo with seed %d', (seed) => {
  const plan = makePlan(loadScenario('demo'), { seed });
  const breaches = breachesOf(plan);
  const rulesOf = (asset: string) => new Set(breaches.filter((b) => b.asset === asset).map((b) => b.rule));

  test.each<[FaultKind, string, string]>([
    ['unit-failure', 'tarim-carriers/truck-01', 'pulp-high'],
    ['door-left-open', 'tarim-carriers/truck-03', 'door-open'],
    ['warm-loading', 'tarim-carriers/truck-05', 'pulp-critical'],
    ['wrong-set-point', 'oasis-carriers/truck-06', 'pulp-freezing'],
  ])('%s on %s raises %s', (kind, asset, rule) => {
    expect(plan.faults.some((f) => f.kind === kind && plan.assets[f.assetIx]!.key === asset)).toBe(true);
    expect(rulesOf(asset)).toContain(rule);
  });

  test('no truck without a fault raises anything, and most have none', () => {
    const faulty = new Set(plan.faults.map((f) => plan.assets[f.assetIx]!.key));
    const trucks = plan.assets.filter((a) => a.kind === 'reefer-truck');
    const healthy = trucks.filter((a) => !faulty.has(a.key));
    expect(healthy.length).toBeGreaterThan(trucks.length / 2);
    for (const { key } of healthy) expect([...rulesOf(key)]).toEqual([]);
  });
});
