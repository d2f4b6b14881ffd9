import {
  type Duty,
  type Plan,
  type PlannedAsset,
  type PlannedDevice,
  type PlannedScan,
  type PlannedScans,
  QUANTITIES,
  type Track,
  type World,
} from '../../simulators/plan/types.ts';
import { assetUri, deviceUri, lgtin, orgUri } from '../../src/contract/identifiers.ts';
import type { Interval } from '../../src/contract/words.ts';

export const START_MS = Date.parse('2026-08-20T00:00:00Z');
export const MINUTE_MS = 60_000;
const END_MS = START_MS + 60 * MINUTE_MS;
const LOT = lgtin('9521141', '012345', 'L1');

/** A small plan made by hand: two orgs, two assets, three devices on different intervals, one batch, a few scans. */
export function toyPlan(changes: Partial<Plan> = {}): Plan {
  return {
    scenario: 'toy',
    seed: 7,
    startMs: START_MS,
    endMs: END_MS,
    zone: '+08:00',
    produce: 'prune',
    orgs: [
      { id: 'grower', name: 'Grower (simulated)', role: 'grower' },
      { id: 'carrier', name: 'Carrier (simulated)', role: 'carrier' },
    ],
    assets: [
      toyAsset('grower/store-1', { kind: 'cold-store', name: 'Store 1', setPointC: 0 }),
      toyAsset('carrier/truck-1', { name: 'Truck 1', duties: [toyDuty(0, 60, { track: toyDrive(0, 60) })] }),
    ],
    devices: [
      toyDevice('carrier/tu-1', 1, MINUTE_MS),
      toyDevice('grower/logger-1', 0, MINUTE_MS),
      toyDevice('grower/logger-2', 0, 5 * MINUTE_MS),
    ],
    batches: [{ id: LOT, massKg: 1000, harvestPulpC: 25 }],
    moves: [
      { timeMs: START_MS, batchIx: 0, fromAssetIx: null, toAssetIx: 0, warmerK: 0 },
      { timeMs: START_MS + 15 * MINUTE_MS, batchIx: 0, fromAssetIx: 0, toAssetIx: 1, warmerK: 0.5 },
      { timeMs: START_MS + 55 * MINUTE_MS, batchIx: 0, fromAssetIx: 1, toAssetIx: null, warmerK: 0 },
    ],
    blends: [],
    scans: scansOf([
      toyScan(0, 'grower', 'L1'),
      toyScan(12, 'grower', 'L2'),
      toyScan(12, 'carrier', 'L2'),
      toyScan(60, 'grower', 'L3'),
    ]),
    faults: [],
    ...changes,
  };
}

/** The toy plan with the link of its first device away for some minutes of the hour. */
export function planWithOutage(fromMinute: number, toMinute: number): Plan {
  const [first, ...rest] = toyPlan().devices;
  return toyPlan({ devices: [{ ...first!, outages: [minutes(fromMinute, toMinute)] }, ...rest] });
}

export const minutes = (from: number, to: number): Interval => ({
  fromMs: START_MS + from * MINUTE_MS,
  toMs: START_MS + to * MINUTE_MS,
});

export function toyAsset(key: string, changes: Partial<PlannedAsset> = {}): PlannedAsset {
  const org = key.split('/')[0]!;
  return { key, org, kind: 'reefer-truck', name: key, setPointC: -0.5, duties: [toyDuty(0, 60)], ...changes };
}

/** A duty between two minutes of the hour; it stands still at Jiashi unless it is given a way. */
export function toyDuty(fromMinute: number, toMinute: number, changes: Partial<Duty> = {}): Duty {
  const track = trackAt([39.5], [76.7], [START_MS]);
  return { ...minutes(fromMinute, toMinute), track, doors: [], unpowered: [], unreached: [], ...changes };
}

/** An hour's way west to east. */
export function toyDrive(fromMinute: number, toMinute: number): Track {
  const { fromMs, toMs } = minutes(fromMinute, toMinute);
  return trackAt([39.5, 39.5], [76.7, 77.7], [fromMs, toMs]);
}

function trackAt(latDeg: readonly number[], lonDeg: readonly number[], timeMs: readonly number[]): Track {
  const km = Float64Array.from(latDeg, (_, i) => 86 * i);
  const altitudeM = new Float64Array(latDeg.length).fill(1200);
  const route = { km, latDeg: Float64Array.from(latDeg), lonDeg: Float64Array.from(lonDeg), altitudeM };
  return { route, timeMs: Float64Array.from(timeMs), km };
}

export function toyDevice(
  key: string,
  assetIx: number,
  sampleMs: number,
  changes: Partial<PlannedDevice> = {},
): PlannedDevice {
  const channel = { tauS: 30, noiseSd: 0.05, bias: 0.1, driftPerDay: 0, quantum: 0 };
  return {
    key,
    assetIx,
    secret: `secret of ${key}`,
    sampleMs,
    reportMs: sampleMs,
    bufferFramesMax: 1000,
    reconnect: 'oldest-first',
    duplicateShare: 0,
    missingShare: 0,
    lateShare: 0,
    clockAheadMs: 0,
    clockDriftPpm: 0,
    batteryHours: null,
    outages: [],
    channels: [
      { ...channel, name: 'pulp-1', quantity: 'pulpFrontC' },
      { ...channel, name: 'air-return', quantity: 'airReturnC' },
      { ...channel, name: 'door', quantity: 'doorOpen', tauS: 0, noiseSd: 0, bias: 0 },
    ],
    ...changes,
  };
}

export function scansOf(list: readonly PlannedScan[]): PlannedScans {
  return { size: list.length, timeMs: (i) => list[i]!.timeMs, at: (i) => list[i]! };
}

/** All scans of a plan at once. */
export const scansIn = ({ scans }: Plan): PlannedScan[] => Array.from({ length: scans.size }, (_, i) => scans.at(i));

function toyScan(minute: number, org: string, lot: string): PlannedScan {
  const timeMs = START_MS + minute * MINUTE_MS;
  return {
    timeMs,
    org,
    event: {
      type: 'ObjectEvent',
      action: 'OBSERVE',
      eventTime: new Date(timeMs).toISOString(),
      eventTimeZoneOffset: '+08:00',
      quantityList: [{ epcClass: lgtin('9521141', '012345', lot) }],
      bizLocation: { id: assetUri('grower/store-1') },
      destinationList: [{ type: 'possessing_party', destination: orgUri(org) }],
      'coldtrail:seenBy': deviceUri('carrier/tu-1'),
    },
  };
}

export interface ToyWorld extends World {
  /** Calls of advance that brought an asset forward. */
  readonly steps: number;
  /** The end of the last slice that was ended. */
  readonly endedMs: number;
}

/** A world in which every quantity is a smooth function of asset and time. Refuses what the contract forbids. */
export function toyWorld(): ToyWorld {
  const timeMs = new Map<number, number>();
  let steps = 0;
  let endedMs = START_MS;
  let openFromMs: number | undefined;
  return {
    get steps() {
      return steps;
    },
    get endedMs() {
      return endedMs;
    },
    beginSlice(fromMs) {
      if (openFromMs !== undefined || fromMs !== endedMs) throw new RangeError('slices are run in order, all of them');
      openFromMs = fromMs;
    },
    advance(assetIx, toMs) {
      if (openFromMs === undefined || toMs < openFromMs) throw new RangeError('not an instant of this slice');
      const beforeMs = timeMs.get(assetIx) ?? openFromMs;
      if (toMs < beforeMs) throw new RangeError('an asset does not go back');
      if (toMs > beforeMs) steps++;
      timeMs.set(assetIx, toMs);
    },
    read(assetIx, out) {
      const hours = ((timeMs.get(assetIx) ?? START_MS) - START_MS) / 3_600_000;
      for (let i = 0; i < QUANTITIES.length; i++) out[i] = 2 * Math.sin(hours + i + 10 * assetIx);
      out[QUANTITIES.indexOf('doorOpen')] = hours % 1 < 0.1 ? 1 : 0;
      out[QUANTITIES.indexOf('batteryPct')] = 100;
    },
    endSlice(toMs) {
      if (openFromMs === undefined || toMs <= openFromMs) throw new RangeError('no slice was begun');
      for (const [assetIx, atMs] of timeMs) {
        if (atMs > toMs) throw new RangeError('an asset is past the end of its slice');
        timeMs.set(assetIx, toMs);
      }
      endedMs = toMs;
      openFromMs = undefined;
    },
  };
}
