import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, SLICE_MS } from '../../../simulators/plan/types.ts';
import { TruthRecorder } from '../../../simulators/truth/recorder.ts';
import { temperatureRows } from '../../../simulators/truth/temperature-rows.ts';
import { slice, toyRunning, toySeason } from './toy-season.ts';

/** Rows as they are told. */
function told(plan: Plan, everyMs: number): number {
  let rows = 0;
  const onTemperature = () => {
    rows++;
  };
  const real = toyRunning(plan);
  const recorder = new TruthRecorder(real, toyRunning(plan), { everyMs, onTemperature });
  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
    real.world.beginSlice(fromMs);
    real.world.endSlice(fromMs + SLICE_MS);
    recorder.afterSlice(fromMs + SLICE_MS);
  }
  return rows;
}

describe('temperatureRows', () => {
  it('foretells how many there will be, at any resolution, wherever the run ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 100 }), (every, end) => {
        const plan = toySeason([], { endMs: slice(end) });
        expect(temperatureRows(plan, every * SLICE_MS)).toBe(told(plan, every * SLICE_MS));
      }),
    );
  });
});
