import type { Plan } from '../plan/types.ts';
import { runSlices } from '../run.ts';
import { createWorld } from '../world/world.ts';
import type { TruthRecord } from './record.ts';
import { type TruthOptions, TruthRecorder } from './recorder.ts';
import { twinRunning } from './twin-world.ts';

/**
 * The truth of a plan: runs its world and its twin's, nothing else. Yields the world time at the end of each slice.
 * @param twin the same scenario and seed, planned with `faults: false`
 */
export function* truthSlices(plan: Plan, twin: Plan, options: TruthOptions = {}): Generator<number, TruthRecord> {
  const world = createWorld(plan);
  const real = { plan, world };
  const recorder = new TruthRecorder(real, twinRunning(real, twin), options);
  for (const { toMs } of runSlices(plan, world, () => {})) {
    recorder.afterSlice(toMs);
    yield toMs;
  }
  return recorder.end();
}

/** The same all at once, in memory. */
export function truthOf(plan: Plan, twin: Plan, options: TruthOptions = {}): TruthRecord {
  const slices = truthSlices(plan, twin, options);
  for (;;) {
    const next = slices.next();
    if (next.done) return next.value;
  }
}
