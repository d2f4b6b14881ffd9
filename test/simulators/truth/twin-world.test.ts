import { describe, expect, it } from 'vitest';
import { type Plan, SLICE_MS } from '../../../simulators/plan/types.ts';
import { planOf, twinOf } from '../../../simulators/source.ts';
import { dutiesInReach } from '../../../simulators/truth/reach.ts';
import type { TruthRecord } from '../../../simulators/truth/record.ts';
import { TruthRecorder } from '../../../simulators/truth/recorder.ts';
import { truthOf } from '../../../simulators/truth/truth.ts';
import { createWorld } from '../../../simulators/world/world.ts';

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
      const reached = dutiesInReach(plan, twin).size;
      expect(reached).toBeGreaterThan(0);
      expect(reached).toBeLessThan(plan.assets.length);
      expect(truthOf(plan, twin)).toEqual(truthByWholeTwin(plan, twin));
    },
  );
});
