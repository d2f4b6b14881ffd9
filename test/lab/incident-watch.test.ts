import { describe, expect, test } from 'vitest';
import { SLICE_MS } from '../../simulators/plan/types.ts';
import { planOf } from '../../simulators/source.ts';
import { TruthRecorder } from '../../simulators/truth/recorder.ts';
import { IncidentWatch } from '../../src/lab/incident-watch.ts';
import { runSeed } from '../../src/lab/seed-run.ts';
import { slice, toyFault, toyRunning, toySeason } from '../simulators/truth/toy-season.ts';

const HOUR_MS = 3_600_000;

/** The incidents of the toy season, whose pulp is warm exactly while a fault acts on its asset. */
function incidentsOf(faults: Parameters<typeof toySeason>[0]) {
  const plan = toySeason(faults);
  const watch = new IncidentWatch(plan);
  const real = toyRunning(plan);
  const recorder = new TruthRecorder(real, toyRunning(toySeason([])), { onSlice: watch.onSlice });
  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
    real.world.beginSlice(fromMs);
    real.world.endSlice(fromMs + SLICE_MS);
    recorder.afterSlice(fromMs + SLICE_MS);
  }
  return watch.incidents(recorder.end());
}

const [store, truck] = [1, 2];

describe('windows of a fault', () => {
  test('its own asset, until its air has settled; then fruit that is as it would have been needs none', () => {
    const [incident] = incidentsOf([toyFault(truck, 35, 45, 10)]);
    expect(incident).toMatchObject({ kind: 'unit-failure', subject: 'cargo', fromMs: slice(35) });
    expect(incident!.windows).toEqual([
      { asset: 'carrier/truck', fromMs: slice(35), toMs: slice(45) + 2 * HOUR_MS },
      { asset: 'carrier/truck', fromMs: slice(35), toMs: slice(45) },
    ]);
  });

  test('damage is dated by the hour beyond the limits', () => {
    // At 11 °C and more all zones are beyond 4 °C: sixty minutes are twelve slices, the first of which is the base.
    const [incident] = incidentsOf([toyFault(truck, 35, 55, 10)]);
    expect(incident!.damageMs).toBe(slice(48));
    expect(incident!.harmByLimits).toBe(true);
    expect(incidentsOf([toyFault(truck, 35, 40, 10)])[0]!.damageMs).toBeNull();
  });

  test('fruit is followed through a blend and into the next asset while both are struck', () => {
    // Lots 0 and 1 are blended in the store at slice 20; the load leaves it at slice 30.
    const [incident] = incidentsOf([toyFault(store, 15, 40, 3)]);
    expect(incident!.windows.slice(1)).toEqual([{ asset: 'grower/store', fromMs: slice(15), toMs: slice(30) }]);
  });

  test('a fault without fruit has its own asset alone, and no damage', () => {
    const [incident] = incidentsOf([toyFault(truck, 5, 10, 10)]);
    expect(incident!.windows).toHaveLength(1);
    expect(incident).toMatchObject({ damageMs: null, harmByDamage: false, harmByLimits: false, lossDays: 0 });
  });
});

test('fruit that was packed too early is the fault’s doing before its twin is there', () => {
  const source = { scenario: 'hurried-pre-cooling', seed: 1 };
  const run = runSeed(source.scenario, source.seed, []);
  let step = run.next();
  while (!step.done) step = run.next();
  const plan = planOf(source);
  const hurried = step.value.incidents.flatMap((incident, ix) =>
    incident.kind === 'hurried-pre-cooling' && incident.harmByLimits ? [{ incident, fault: plan.faults[ix]! }] : [],
  );
  expect(hurried.length).toBeGreaterThan(0);
  for (const { incident, fault } of hurried) {
    // The fault lasts until cooling should have ended; the fruit is in a store long before.
    const left = incident.windows.findLast(({ asset }) => asset.includes('/pre-cooling-'))!;
    const next = incident.windows.find(({ fromMs, asset }) => fromMs >= left.toMs && asset !== left.asset)!;
    expect(next.fromMs).toBe(left.toMs);
    expect(left.toMs).toBeLessThan(fault.toMs);
    expect(incident.damageMs!).toBeLessThan(fault.toMs);
  }
});
