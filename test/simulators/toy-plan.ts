import { type Plan, type PlannedDevice, QUANTITIES, type World } from '../../simulators/plan/types.ts';
import { assetUri, deviceUri, lgtin, orgUri } from '../../src/contract/identifiers.ts';

export const START_MS = Date.parse('2026-08-20T00:00:00Z');
export const MINUTE_MS = 60_000;

/** A small plan made by hand: two orgs, two assets, three devices on different intervals, a few scans. */
export function toyPlan(changes: Partial<Plan> = {}): Plan {
  return {
    scenario: 'toy',
    seed: 7,
    startMs: START_MS,
    endMs: START_MS + 60 * MINUTE_MS,
    orgs: [
      { id: 'grower', name: 'Grower (simulated)', role: 'grower' },
      { id: 'carrier', name: 'Carrier (simulated)', role: 'carrier' },
    ],
    assets: [
      { key: 'grower/store-1', org: 'grower', kind: 'cold-store', name: 'Store 1', setPointC: 0 },
      { key: 'carrier/truck-1', org: 'carrier', kind: 'reefer-truck', name: 'Truck 1', setPointC: -0.5 },
    ],
    devices: [
      toyDevice('carrier/tu-1', 1, MINUTE_MS),
      toyDevice('grower/logger-1', 0, MINUTE_MS),
      toyDevice('grower/logger-2', 0, 5 * MINUTE_MS),
    ],
    batches: [],
    moves: [],
    scans: [
      toyScan(0, 'grower', 'L1'),
      toyScan(12, 'grower', 'L2'),
      toyScan(12, 'carrier', 'L2'),
      toyScan(60, 'grower', 'L3'),
    ],
    tracks: [
      [{ timeMs: START_MS, latDeg: 39.5, lonDeg: 76.7, altitudeM: 1200 }],
      [{ timeMs: START_MS, latDeg: 39.5, lonDeg: 76.7, altitudeM: 1200 }],
    ],
    doors: [],
    faults: [],
    outages: [],
    ...changes,
  };
}

export function toyDevice(key: string, assetIx: number, sampleMs: number, bufferFramesMax = 1000): PlannedDevice {
  const channel = { tauS: 30, noiseSd: 0.05, bias: 0.1, quantum: 0 };
  return {
    key,
    assetIx,
    secret: `secret of ${key}`,
    sampleMs,
    bufferFramesMax,
    channels: [
      { ...channel, name: 'pulp-1', quantity: 'pulpFrontC' },
      { ...channel, name: 'air-return', quantity: 'airReturnC' },
      { name: 'door', quantity: 'doorOpen', tauS: 0, noiseSd: 0, bias: 0, quantum: 0 },
    ],
  };
}

function toyScan(minute: number, org: string, lot: string): Plan['scans'][number] {
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

/** A world in which every quantity is a smooth function of asset and time; refuses to go back. */
export function toyWorld(startMs = START_MS): World & { readonly steps: number } {
  let timeMs = startMs;
  let steps = 0;
  return {
    get timeMs() {
      return timeMs;
    },
    get steps() {
      return steps;
    },
    advanceTo(toMs) {
      if (toMs < timeMs) throw new RangeError('the world does not go back');
      timeMs = toMs;
      steps++;
    },
    read(assetIx, out) {
      const hours = (timeMs - START_MS) / 3_600_000;
      for (let i = 0; i < QUANTITIES.length; i++) out[i] = 2 * Math.sin(hours + i + 10 * assetIx);
      out[QUANTITIES.indexOf('doorOpen')] = hours % 1 < 0.1 ? 1 : 0;
    },
  };
}
