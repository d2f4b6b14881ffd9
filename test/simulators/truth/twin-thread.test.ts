import { describe, expect, it } from 'vitest';
import { type Plan, SLICE_MS } from '../../../simulators/plan/types.ts';
import { planOf, type ScenarioSource, twinOf } from '../../../simulators/source.ts';
import { dutiesInReach } from '../../../simulators/truth/reach.ts';
import type { TruthRecord } from '../../../simulators/truth/record.ts';
import { TruthRecorder } from '../../../simulators/truth/recorder.ts';
import { truthOf } from '../../../simulators/truth/truth.ts';
import { TwinThread } from '../../../simulators/truth/twin-thread.ts';
import { createWorld } from '../../../simulators/world/world.ts';

const source = { scenario: 'tiny' };
const [plan, twin] = [planOf(source), twinOf(source)];

/** The truth by a twin in a thread, of a run that ends at an instant. @param given what the thread is told to run */
function truthByThread(untilMs: number, given: ScenarioSource = source): TruthRecord {
  const real = { plan, world: createWorld(plan) };
  const thread = new TwinThread(given, real, twin, dutiesInReach(plan, twin));
  try {
    const recorder = new TruthRecorder(real, thread.running);
    for (let fromMs = plan.startMs; fromMs < untilMs; fromMs += SLICE_MS) {
      const toMs = Math.min(fromMs + SLICE_MS, untilMs);
      real.world.beginSlice(fromMs);
      real.world.endSlice(toMs);
      recorder.afterSlice(toMs);
    }
    thread.close();
    return recorder.end();
  } finally {
    thread.close();
  }
}

const endingAt = (endMs: number): [Plan, Plan] => [
  { ...plan, endMs },
  { ...twin, endMs },
];

describe('the twin in a thread of its own', { timeout: 120_000 }, () => {
  it('says what the twin in this thread says', () => {
    expect(truthByThread(plan.endMs)).toEqual(truthOf(plan, twin));
  });

  it('says the same of a run that is stopped, though the thread has gone on', () => {
    const stopMs = plan.startMs + 150 * SLICE_MS;
    const { batches, assets } = truthByThread(stopMs);
    const whole = truthOf(...endingAt(stopMs));
    expect(batches).toEqual(whole.batches);
    expect(assets).toEqual(whole.assets);
  });

  it('where the thread fails, nobody waits for it', () => {
    expect(() => truthByThread(plan.endMs, { scenario: 'no-such-scenario' })).toThrow(/thread .* has failed/);
  });
});
