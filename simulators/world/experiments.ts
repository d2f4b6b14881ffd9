import type { AssetKind } from '../../src/contract/words.ts';
import { type Plan, QUANTITIES, SLICE_MS } from '../plan/types.ts';
import type { BodyKind } from './assets/body.ts';
import { BODY_KINDS } from './assets/kinds.ts';
import { createWorld } from './world.ts';

/** One asset in a climate chamber with one load, as a test station would have it. */
export interface ChamberTest {
  readonly kind: AssetKind;
  /** Instead of the shipped make of the kind. */
  readonly body?: BodyKind;
  readonly hours: number;
  readonly chamberC: number;
  readonly setPointC: number;
  readonly load?: { readonly massKg: number; readonly pulpC: number };
  readonly powered?: boolean;
}

/** Minute by minute. */
export interface ChamberRecord {
  readonly supplyC: readonly number[];
  readonly returnC: readonly number[];
  /** At the door's side. */
  readonly doorC: readonly number[];
  readonly defrosts: readonly boolean[];
  /** Mean of the three zones. */
  readonly pulpC: readonly number[];
  readonly powerW: readonly number[];
  /** Used since the start. */
  readonly dieselL: readonly number[];
}

/** Runs the test with the whole of the world's physics. */
export function runInChamber(test: ChamberTest): ChamberRecord {
  const plan = chamberPlan(test);
  const world = createWorld(plan, {
    kinds: { ...BODY_KINDS, ...(test.body && { [test.kind]: test.body }) },
    weather: {
      sampleAt(_route, _km, _timeMs, out) {
        out.set([test.chamberC, 0.008, 101_325, 0]);
      },
    },
  });
  const at = (name: (typeof QUANTITIES)[number]): number => QUANTITIES.indexOf(name);
  const record = {
    supplyC: [] as number[],
    returnC: [] as number[],
    doorC: [] as number[],
    defrosts: [] as boolean[],
    pulpC: [] as number[],
    powerW: [] as number[],
    dieselL: [] as number[],
  };
  const out = new Float64Array(QUANTITIES.length);
  for (let fromMs = plan.startMs; fromMs < plan.endMs; fromMs += SLICE_MS) {
    world.beginSlice(fromMs);
    for (let timeMs = fromMs; timeMs < fromMs + SLICE_MS; timeMs += 60_000) {
      world.advance(0, timeMs);
      world.read(0, out);
      record.supplyC.push(out[at('airSupplyC')]!);
      record.returnC.push(out[at('airReturnC')]!);
      record.doorC.push(out[at('airDoorC')]!);
      record.defrosts.push(out[at('defrostOn')] === 1);
      record.dieselL.push(world.energy(0).dieselL);
      record.pulpC.push((out[at('pulpFrontC')]! + out[at('pulpMiddleC')]! + out[at('pulpRearC')]!) / 3);
      record.powerW.push(out[at('powerW')]!);
    }
    world.endSlice(fromMs + SLICE_MS);
  }
  return record;
}

/**
 * Hours until the load has come half and seven eighths of its way to the set-point; Infinity where it does not.
 * The yardstick of pre-cooling (USDA Handbook 66): seven eighths is three times the half for a load in air that stays
 * at one temperature.
 */
export function coolingTimesH(test: ChamberTest & Required<Pick<ChamberTest, 'load'>>): {
  readonly halfH: number;
  readonly sevenEighthsH: number;
} {
  const { pulpC } = runInChamber(test);
  const wayK = test.load.pulpC - test.setPointC;
  const hoursTo = (leftShare: number): number => {
    const minute = pulpC.findIndex((t) => t - test.setPointC <= leftShare * wayK);
    return minute < 0 ? Infinity : minute / 60;
  };
  return { halfH: hoursTo(1 / 2), sevenEighthsH: hoursTo(1 / 8) };
}

/** 2026-01-01: a chamber has no season. */
const START_MS = Date.UTC(2026, 0, 1);

function chamberPlan({ kind, hours, setPointC, load, powered }: ChamberTest): Plan {
  const endMs = START_MS + Math.ceil((hours * 3_600_000) / SLICE_MS) * SLICE_MS;
  const here = Float64Array.of(0);
  const track = {
    route: { km: here, latDeg: here, lonDeg: here, altitudeM: here },
    timeMs: Float64Array.of(START_MS),
    km: here,
  };
  const always = { fromMs: START_MS, toMs: endMs };
  return {
    scenario: 'chamber',
    seed: 1,
    startMs: START_MS,
    endMs,
    zone: '+00:00',
    produce: 'prune',
    orgs: [],
    assets: [
      {
        key: 'chamber/box',
        org: 'chamber',
        kind,
        name: 'Box',
        setPointC,
        duties: [{ ...always, track, doors: [], unpowered: powered === false ? [always] : [], unreached: [] }],
      },
    ],
    devices: [],
    batches: load ? [{ id: 'urn:epc:class:lgtin:chamber', massKg: load.massKg, harvestPulpC: load.pulpC }] : [],
    moves: load ? [{ timeMs: START_MS, batchIx: 0, fromAssetIx: null, toAssetIx: 0, warmerK: 0 }] : [],
    blends: [],
    scans: {
      size: 0,
      timeMs: () => Number.NaN,
      at: () => {
        throw new RangeError('there are no scans');
      },
    },
    faults: [],
  };
}
