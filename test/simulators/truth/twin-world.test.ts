import { describe, expect, it } from 'vitest';
import { type Plan, type PlannedFault, SLICE_MS } from '../../../simulators/plan/types.ts';
import { planOf, twinOf } from '../../../simulators/source.ts';
import type { TruthRecord } from '../../../simulators/truth/record.ts';
import { TruthRecorder } from '../../../simulators/truth/recorder.ts';
import { truthOf } from '../../../simulators/truth/truth.ts';
import { assetsInReach } from '../../../simulators/truth/twin-world.ts';
import { createWorld } from '../../../simulators/world/world.ts';
import { toyFault, toySeason } from './toy-season.ts';

/** The truth with a twin of which every asset is run. */
function truthByWholeTwin(plan: Plan, twin: Plan): TruthRecord {
  const world = createWorld(plan);
  const recorder = new TruthRecorder({ plan, world }, { plan: twin, world: createWorld(twin) });
  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
    const toMs = Math.min(fromMs + SLICE_MS, plan.endMs);
    world.beginSlice(fromMs);
    world.endSlice(toMs);
    recorder.afterSlice(toMs);
  }
  return recorder.end();
}

describe('the twin of which only a part is run', () => {
  it.each(['tiny', 'demo', 'hurried-pre-cooling'])(
    'says of %s what a whole one says',
    { timeout: 120_000 },
    (scenario) => {
      const [plan, twin] = [planOf({ scenario }), twinOf({ scenario })];
      const reached = assetsInReach(plan, twin).size;
      expect(reached).toBeGreaterThan(0);
      expect(reached).toBeLessThan(plan.assets.length);
      expect(truthOf(plan, twin)).toEqual(truthByWholeTwin(plan, twin));
    },
  );
});

describe('assetsInReach', () => {
  const [ROOM, STORE, TRUCK, SHOP] = [0, 1, 2, 3];
  const reach = (faults: PlannedFault[], changes?: Partial<Plan>) =>
    [...assetsInReach(toySeason(faults, changes), toySeason([]))].sort();

  it('goes where the cargo goes, and not back', () => {
    expect(reach([])).toEqual([]);
    expect(reach([toyFault(TRUCK, 40, 50, 3)])).toEqual([TRUCK, SHOP]);
    expect(reach([toyFault(STORE, 40, 50, 3)])).toEqual([STORE, TRUCK, SHOP]);
  });

  it('a sensor fault touches nothing', () => {
    expect(reach([{ ...toyFault(TRUCK, 40, 50, 3), kind: 'sensor-stuck', channel: 'pulp-1' }])).toEqual([]);
  });

  it('begins where a fault of loading has changed the moves, or a blend', () => {
    const { moves, blends } = toySeason([]);
    const warmer = moves.map((move) => (move.toAssetIx === TRUCK ? { ...move, warmerK: 5 } : move));
    expect(reach([], { moves: warmer })).toEqual([STORE, TRUCK, SHOP]);
    expect(reach([], { moves: moves.slice(1) })).toContain(ROOM);
    const later = blends.map((blend) => (blend.assetIx === SHOP ? { ...blend, timeMs: blend.timeMs + 1 } : blend));
    expect(reach([], { blends: later })).toEqual([SHOP]);
  });
});
