import { describe, expect, it } from 'vitest';
import { type Plan, QUANTITIES, SLICE_MS } from '../../../simulators/plan/types.ts';
import { worstOf } from '../../../simulators/plot/choose.ts';
import type { Panel } from '../../../simulators/plot/panel.ts';
import { type PlotChoice, sampleSlices } from '../../../simulators/plot/sample.ts';
import { TruthRecorder } from '../../../simulators/truth/recorder.ts';
import { toyDuty } from '../toy-plan.ts';
import { slice, toyFault, toyRunning, toySeason, WELL_C } from '../truth/toy-season.ts';

const TRUCK = 2;

function season(faults: Plan['faults']): Plan {
  const plan = toySeason(faults);
  const duty = (ix: number) =>
    toyDuty(0, 0, ix === TRUCK ? { fromMs: slice(25), toMs: slice(62) } : { fromMs: slice(0), toMs: slice(100) });
  return { ...plan, assets: plan.assets.map((asset, ix) => ({ ...asset, duties: [duty(ix)] })) };
}

/** A toy world in which supply air tells the minutes since the start. */
function readable(plan: Plan) {
  const running = toyRunning(plan);
  let atMs = plan.startMs;
  return {
    ...running,
    world: {
      ...running.world,
      advance: (_: number, timeMs: number) => {
        atMs = timeMs;
      },
      read: (_: number, out: Float64Array) => {
        out.fill(0);
        out[QUANTITIES.indexOf('airSupplyC')] = (atMs - plan.startMs) / 60_000;
        out[QUANTITIES.indexOf('defrostOn')] = atMs >= slice(30) && atMs < slice(32) ? 1 : 0;
      },
    },
  };
}

function panelsOf(plan: Plan, choice: PlotChoice): Panel[] {
  const slices = sampleSlices(readable(plan), readable(season([])), choice);
  for (;;) {
    const next = slices.next();
    if (next.done) return next.value;
  }
}

function truthOf(plan: Plan) {
  const real = toyRunning(plan);
  const recorder = new TruthRecorder(real, toyRunning(season([])));
  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
    real.world.beginSlice(fromMs);
    real.world.endSlice(fromMs + SLICE_MS);
    recorder.afterSlice(fromMs + SLICE_MS);
  }
  return recorder.end();
}

describe('what is drawn', () => {
  const plan = season([toyFault(1, 5, 6, 1), toyFault(TRUCK, 40, 50, 6)]);

  it('by default the asset with the fault that cost most, for one duty, and the fruit that it cost it', () => {
    const choice = worstOf(plan, truthOf(plan));
    expect(choice).toEqual({ assetIx: TRUCK, window: { fromMs: slice(25), toMs: slice(62) }, batchIx: 2 });
  });

  it('the asset is read minute by minute within its window, its defrosts are found', () => {
    const [panel] = panelsOf(plan, { assetIx: TRUCK, window: { fromMs: slice(25), toMs: slice(62) }, batchIx: null });
    const supply = panel!.lines.find((line) => line.role === 'supply')!;
    expect(supply.valueC).toEqual(Array.from({ length: 37 * 5 }, (_, i) => 25 * 5 + i));
    expect(panel!.spans).toEqual([
      { kind: 'fault', label: 'unit-failure', fromMs: slice(40), toMs: slice(50) },
      { kind: 'defrost', label: 'defrost', fromMs: slice(30), toMs: slice(32) },
    ]);
  });

  it('the batch is followed through blends from place to place, beside what it would have been', () => {
    const [, panel] = panelsOf(plan, { assetIx: TRUCK, window: { fromMs: slice(25), toMs: slice(62) }, batchIx: 2 });
    expect(panel!.spans.filter((span) => span.kind === 'stay').map((span) => span.label)).toEqual([
      'room',
      'store',
      'truck',
      'shop',
    ]);
    expect(panel).toMatchObject({ fromMs: slice(0), toMs: slice(90) });
    const rear = panel!.lines.find((line) => line.role === 'pulp-rear')!;
    const twin = panel!.lines.find((line) => line.role === 'twin')!;
    expect(Math.max(...rear.valueC)).toBe(WELL_C + 12);
    expect(new Set(twin.valueC)).toEqual(new Set([WELL_C]));
  });
});
