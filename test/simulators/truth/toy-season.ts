import { type Plan, type PlannedFault, SLICE_MS } from '../../../simulators/plan/types.ts';
import type { Recorded } from '../../../simulators/truth/watched-world.ts';
import { scansOf, toyAsset } from '../toy-plan.ts';

const START_MS = Date.parse('2026-08-20T00:00:00Z');
export const slice = (n: number) => START_MS + n * SLICE_MS;

/** Share of life that toy fruit uses in a slice for each °C above 0. */
export const RIPENS = 1e-4;
/** Where all goes well, °C. */
export const WELL_C = 1;

/** A pre-cooling room, a store, a truck and a shop; lots 0 and 1 are packed into 2, which is split into 3 and 4. */
export function toySeason(faults: readonly PlannedFault[], changes: Partial<Plan> = {}): Plan {
  const [room, store, truck, shop] = [0, 1, 2, 3];
  const move = (n: number, batchIx: number, fromAssetIx: number | null, toAssetIx: number | null) => {
    return { timeMs: slice(n), batchIx, fromAssetIx, toAssetIx, warmerK: 0 };
  };
  return {
    scenario: 'toy-season',
    seed: 7,
    startMs: START_MS,
    endMs: slice(100),
    zone: '+08:00',
    produce: 'prune',
    orgs: [],
    assets: [
      toyAsset('grower/room', { kind: 'pre-cooling-room' }),
      toyAsset('grower/store', { kind: 'cold-store' }),
      toyAsset('carrier/truck'),
      toyAsset('retailer/shop', { kind: 'forward-warehouse' }),
    ],
    devices: [],
    batches: [
      { id: 'lot-0', massKg: 3000, harvestPulpC: 25 },
      { id: 'lot-1', massKg: 1000, harvestPulpC: 25 },
      { id: 'load', massKg: 3600, harvestPulpC: 0 },
      { id: 'half-a', massKg: 1800, harvestPulpC: 0 },
      { id: 'half-b', massKg: 1800, harvestPulpC: 0 },
    ],
    moves: [
      move(0, 0, null, room),
      move(0, 1, null, store),
      move(10, 0, room, store),
      move(30, 2, store, truck),
      move(60, 2, truck, shop),
      move(90, 3, shop, null),
    ],
    blends: [
      { timeMs: slice(20), assetIx: store, inputs: [0, 1], outputs: [2], warmerK: 0 },
      { timeMs: slice(70), assetIx: shop, inputs: [2], outputs: [3, 4], warmerK: 0 },
    ],
    scans: scansOf([]),
    faults,
    ...changes,
  };
}

export function toyFault(assetIx: number, fromSlice: number, toSlice: number, excessC: number): PlannedFault {
  const interval = { fromMs: slice(fromSlice), toMs: slice(toSlice) };
  return { kind: 'unit-failure', assetIx, deviceIx: null, channel: null, severity: excessC, ...interval };
}

/**
 * A world in which pulp stands at {@link WELL_C}, warmer by the severities of the asset's faults while they act; the
 * rear zone by twice as much. Its clocks go by {@link RIPENS}.
 */
export function toyRunning(plan: Plan): Recorded {
  const n = plan.batches.length;
  const pulpC = new Float64Array(3 * n);
  const ripening = new Float64Array(3 * n);
  const batches = { pulpC, ripening, chilling: new Float64Array(3 * n), weightLoss: new Float64Array(n) };
  const assetOf = new Map<number, number>();
  return {
    plan,
    world: {
      batches,
      advance: () => {},
      energy: (assetIx) => ({ electricKWh: 0, dieselL: 10 * assetIx, co2eKg: 26.8 * assetIx }),
      read: () => {},
      beginSlice: (fromMs) => {
        for (const { inputs, outputs, assetIx } of plan.blends.filter((blend) => blend.timeMs === fromMs)) {
          const massKg = inputs.reduce((sum, ix) => sum + plan.batches[ix]!.massKg, 0);
          for (const out of outputs) {
            assetOf.set(out, assetIx);
            for (let zone = 0; zone < 3; zone++) {
              const used = inputs.reduce((sum, ix) => sum + ripening[3 * ix + zone]! * plan.batches[ix]!.massKg, 0);
              ripening[3 * out + zone] = used / massKg;
            }
          }
          for (const ix of inputs) assetOf.delete(ix);
        }
        for (const { batchIx, toAssetIx } of plan.moves.filter((move) => move.timeMs === fromMs)) {
          if (toAssetIx === null) assetOf.delete(batchIx);
          else assetOf.set(batchIx, toAssetIx);
        }
      },
      endSlice: (toMs) => {
        for (const [batchIx, assetIx] of assetOf) {
          const acting = plan.faults.filter((f) => f.assetIx === assetIx && f.fromMs < toMs && f.toMs >= toMs);
          const excessC = acting.reduce((sum, fault) => sum + fault.severity, 0);
          for (let zone = 0; zone < 3; zone++) {
            const at = 3 * batchIx + zone;
            pulpC[at] = WELL_C + excessC * (zone === 2 ? 2 : 1);
            ripening[at] = ripening[at]! + RIPENS * pulpC[at]!;
          }
        }
      },
    },
  };
}
