import { describe, expect, test } from 'vitest';
import { makePlan } from '../../../simulators/plan/plan.ts';
import { type Plan, SLICE_MS } from '../../../simulators/plan/types.ts';
import { loadScenario } from '../../../simulators/scenario/load.ts';
import { createWorld, type TrueWorld } from '../../../simulators/world/world.ts';

/** Runs a shipped scenario; calls back after each slice with every batch that is in an asset. */
function runChain(
  plan: Plan,
  seen: (assetIx: number, batchIx: number, world: TrueWorld, timeMs: number) => void,
): TrueWorld {
  const world = createWorld(plan, { keepsAccounts: true });
  for (let t = plan.startMs; t < plan.endMs; t += SLICE_MS) {
    world.beginSlice(t);
    world.endSlice(t + SLICE_MS);
    for (const ix of plan.assets.keys()) for (const b of world.contents(ix)) seen(ix, b, world, t + SLICE_MS);
  }
  return world;
}

const pulps = (world: TrueWorld, batchIx: number): Float64Array =>
  world.batches.pulpC.subarray(batchIx * 3, batchIx * 3 + 3);

describe.each([3, 4, 5])('a steady chain, seed %d', (seed) => {
  const plan = makePlan(loadScenario('steady'), { seed });
  let warmestC = -99;
  let coldestAboveFreezingK = 99;
  const world = runChain(plan, (assetIx, batchIx, w) => {
    const { freezingC } = w.batchTruth(batchIx);
    for (const t of pulps(w, batchIx)) {
      if (plan.assets[assetIx]!.kind !== 'pre-cooling-room') warmestC = Math.max(warmestC, t);
      coldestAboveFreezingK = Math.min(coldestAboveFreezingK, t - freezingC);
    }
  });

  test('after pre-cooling no fruit is above 2 °C, and none comes to its freezing point', () => {
    expect(warmestC).toBeGreaterThan(-1);
    expect(warmestC).toBeLessThan(2);
    expect(coldestAboveFreezingK).toBeGreaterThan(0.1);
  });

  test('fruit ages by a few per cent of its life in three days, and loses little water', () => {
    for (const batchIx of plan.batches.keys()) {
      const ripening = world.batches.ripening[batchIx * 3 + 1]!;
      expect(ripening).toBeLessThan(0.35);
      expect(world.batches.weightLoss[batchIx]!).toBeLessThan(0.03);
    }
    expect(Math.max(...world.batches.ripening)).toBeGreaterThan(0.02);
  });

  test('no asset makes or loses heat, and every one that was on duty has taken energy', () => {
    for (const [ix, { duties }] of plan.assets.entries()) {
      expect(Math.abs(world.imbalanceJ(ix))).toBeLessThan(0.1);
      if (duties.some((duty) => duty.fromMs < plan.endMs)) expect(world.energy(ix).co2eKg).toBeGreaterThan(0);
    }
  });
});

test('the demo: fruit freezes in the truck that is set to −6 °C and on no truck without a fault', () => {
  const plan = makePlan(loadScenario('demo'));
  const setCold = plan.faults.find((f) => f.kind === 'wrong-set-point' && f.severity < -4)!;
  const faulty = new Set(plan.faults.map((f) => f.assetIx));
  const frozenIn = new Set<number>();
  runChain(plan, (assetIx, batchIx, world) => {
    if (Math.min(...pulps(world, batchIx)) < world.batchTruth(batchIx).freezingC) frozenIn.add(assetIx);
  });
  expect(frozenIn).toContain(setCold.assetIx);
  for (const ix of frozenIn) if (plan.assets[ix]!.kind === 'reefer-truck') expect(faulty).toContain(ix);
});
