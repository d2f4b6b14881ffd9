import {
  type CargoMove,
  type Duty,
  type Plan,
  type PlannedAsset,
  type PlannedBatch,
  type PlannedFault,
  QUANTITIES,
  type Quantity,
  SLICE_MS,
} from '../../../simulators/plan/types.ts';
import type { Weather } from '../../../simulators/world/assets/surroundings.ts';
import type { TrueWorld } from '../../../simulators/world/world.ts';
import type { AssetKind } from '../../../src/contract/words.ts';

export const START_MS = Date.parse('2026-08-20T00:00:00Z');
export const HOUR_MS = 3_600_000;

/** A climate chamber: the same at all times and places. */
export function chamber(airC: number, sunWm2 = 0): Weather {
  return {
    sampleAt(_route, _km, _timeMs, out) {
      out[0] = airC;
      out[1] = 0.008;
      out[2] = 90_000;
      out[3] = sunWm2;
    },
  };
}

/** Standing still in Jiashi. */
const standing = {
  route: {
    km: Float64Array.of(0),
    latDeg: Float64Array.of(39.5),
    lonDeg: Float64Array.of(76.7),
    altitudeM: Float64Array.of(1200),
  },
  timeMs: Float64Array.of(START_MS),
  km: Float64Array.of(0),
};

export interface BoxAsset {
  readonly kind: AssetKind;
  readonly setPointC?: number;
  readonly duty?: Partial<Duty>;
}

/** Assets that stand still for some hours, with what is put into them. */
export function boxPlan(
  hours: number,
  assets: readonly BoxAsset[],
  rest: {
    readonly batches?: readonly { readonly massKg: number; readonly harvestPulpC: number }[];
    readonly moves?: readonly Partial<CargoMove>[];
    readonly blends?: Plan['blends'];
    readonly faults?: readonly Partial<PlannedFault>[];
    readonly seed?: number;
  } = {},
): Plan {
  const endMs = START_MS + hours * HOUR_MS;
  return {
    scenario: 'box',
    seed: rest.seed ?? 7,
    startMs: START_MS,
    endMs,
    zone: '+08:00',
    produce: 'prune',
    orgs: [],
    devices: [],
    scans: {
      size: 0,
      timeMs: () => 0,
      at: () => {
        throw new RangeError('no scans');
      },
    },
    assets: assets.map(
      ({ kind, setPointC, duty }, ix): PlannedAsset => ({
        key: `grower/box-${ix}`,
        org: 'grower',
        kind,
        name: `Box ${ix}`,
        setPointC: setPointC ?? -0.5,
        duties: [{ fromMs: START_MS, toMs: endMs, track: standing, doors: [], unpowered: [], unreached: [], ...duty }],
      }),
    ),
    batches: (rest.batches ?? []).map((b, ix): PlannedBatch => ({ id: `urn:epc:class:lgtin:lot-${ix}`, ...b })),
    moves: (rest.moves ?? []).map((m) => ({
      timeMs: START_MS,
      batchIx: 0,
      fromAssetIx: null,
      toAssetIx: 0,
      warmerK: 0,
      ...m,
    })),
    blends: rest.blends ?? [],
    faults: (rest.faults ?? []).map((f) => ({
      kind: 'unit-failure',
      fromMs: START_MS,
      toMs: endMs,
      assetIx: 0,
      deviceIx: null,
      channel: null,
      severity: 1,
      ...f,
    })),
  };
}

/** Runs a world to its end; calls back at every instant of a grid, each asset brought to it. */
export function runWorld(
  plan: Plan,
  world: TrueWorld,
  everyMs = SLICE_MS,
  at: (timeMs: number) => void = () => {},
): void {
  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
    world.beginSlice(fromMs);
    const first = Math.ceil((fromMs - plan.startMs) / everyMs) * everyMs + plan.startMs;
    for (let t = first; t < fromMs + SLICE_MS; t += everyMs) {
      for (const ix of plan.assets.keys()) world.advance(ix, t);
      at(t);
    }
    world.endSlice(fromMs + SLICE_MS);
  }
}

const out = new Float64Array(QUANTITIES.length);

export function readingOf(world: TrueWorld, assetIx: number, quantity: Quantity): number {
  world.read(assetIx, out);
  return out[QUANTITIES.indexOf(quantity)]!;
}

/** A quantity of an asset, minute by minute. */
export function seriesOf(plan: Plan, world: TrueWorld, assetIx: number, quantities: readonly Quantity[]): number[][] {
  const series: number[][] = quantities.map(() => []);
  runWorld(plan, world, 60_000, () => {
    world.read(assetIx, out);
    for (const [i, quantity] of quantities.entries()) series[i]!.push(out[QUANTITIES.indexOf(quantity)]!);
  });
  return series;
}
