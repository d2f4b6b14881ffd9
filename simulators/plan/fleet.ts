import { createHash } from 'node:crypto';
import type { AssetKind } from '../../src/contract/words.ts';
import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { ScenarioData } from '../scenario/schema.ts';
import { loadNetwork } from './network.ts';
import type { PlannedAsset, PlannedChannel, PlannedDevice, PlannedOrg, Quantity, WayPoint } from './types.ts';

/** Who and what there is before anything happens. All names are made up and say so. */

const GROWERS = 'jiashi-growers';
/** Trucks take turns: the first is the first carrier's, the second the second's … */
const CARRIERS = ['tarim-carriers', 'oasis-carriers'] as const;

type Fleet = Pick<ScenarioData, 'fleet' | 'origin'>;

const warehouseOrg = (place: string): string => `${place}-warehouse`;

/** The orgs of a scenario. */
export function orgsOf(scenario: Fleet): PlannedOrg[] {
  const { places } = loadNetwork();
  return [
    { id: GROWERS, name: 'Jiashi growers (simulated)', role: 'grower' },
    { id: CARRIERS[0], name: 'Tarim carriers (simulated)', role: 'carrier' },
    { id: CARRIERS[1], name: 'Oasis carriers (simulated)', role: 'carrier' },
    ...scenario.fleet.forwardWarehouses.map((place) => ({
      id: warehouseOrg(place),
      name: `${places.get(place)!.title} forward warehouse (simulated)`,
      role: 'warehouse',
    })),
  ];
}

/** An asset and the place it belongs to. */
export interface FleetAsset extends PlannedAsset {
  readonly place: string;
}

/** All assets: trucks, then pre-cooling rooms, cold stores and forward warehouses. */
export function fleetOf(scenario: Fleet): FleetAsset[] {
  const { fleet, origin } = scenario;
  const asset = (org: string, name: string, kind: AssetKind, title: string, place: string): FleetAsset => ({
    key: `${org}/${name}`,
    org,
    kind,
    name: title,
    setPointC: fleet.setPointC,
    place,
  });
  const digits = Math.max(2, String(fleet.trucks).length);
  const number = (i: number): string => String(i + 1).padStart(digits, '0');
  const several = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  return [
    ...several(fleet.trucks).map((i) =>
      asset(CARRIERS[i % 2]!, `truck-${number(i)}`, 'reefer-truck', `Reefer truck ${number(i)}`, origin),
    ),
    ...several(fleet.preCoolingRooms).map((i) =>
      asset(GROWERS, `pre-cooling-${i + 1}`, 'pre-cooling-room', `Pre-cooling room ${i + 1}`, origin),
    ),
    ...several(fleet.coldStores).map((i) =>
      asset(GROWERS, `cold-store-${i + 1}`, 'cold-store', `Cold store ${i + 1}`, origin),
    ),
    ...fleet.forwardWarehouses.map((place) =>
      asset(warehouseOrg(place), `forward-${place}`, 'forward-warehouse', `Forward warehouse ${place}`, place),
    ),
  ];
}

/** The yard position of an asset: its place, moved by up to a few km so that neighbours do not cover each other. */
export function yardOf(asset: FleetAsset, seed: number): WayPoint {
  const place = loadNetwork().places.get(asset.place)!;
  const stream = randomStream(seed, 'yard', asset.key);
  return {
    timeMs: 0,
    latDeg: place.lat + drawBetween(stream, -0.03, 0.03),
    lonDeg: place.lon + drawBetween(stream, -0.03, 0.03),
    altitudeM: place.altitudeM,
  };
}

/** A sensor model: bare probe 8 s, in its housing far slower; ±0.1–0.2 °C (domain literature, secondary). */
const SENSORS = {
  air: { tauS: 60, noiseSd: 0.05, biasSd: 0.1, quantum: 0.1 },
  pulp: { tauS: 180, noiseSd: 0.03, biasSd: 0.1, quantum: 0.1 },
  humidity: { tauS: 60, noiseSd: 0.4, biasSd: 1, quantum: 0.1 },
  exact: { tauS: 0, noiseSd: 0, biasSd: 0, quantum: 0 },
  // About 5 m of scatter.
  position: { tauS: 0, noiseSd: 0.00003, biasSd: 0, quantum: 0 },
} as const;

type Listed = readonly [name: string, quantity: Quantity, sensor: keyof typeof SENSORS];

const CLIMATE_CHANNELS: readonly Listed[] = [
  ['air-supply', 'airSupplyC', 'air'],
  ['air-return', 'airReturnC', 'air'],
  ['pulp-1', 'pulpFrontC', 'pulp'],
  ['pulp-2', 'pulpMiddleC', 'pulp'],
  ['pulp-3', 'pulpRearC', 'pulp'],
  ['humidity', 'humidityPct', 'humidity'],
  ['door', 'doorOpen', 'exact'],
  ['unit-on', 'unitOn', 'exact'],
];

const TRUCK_CHANNELS: readonly Listed[] = [
  ...CLIMATE_CHANNELS,
  ['set-point', 'setPointC', 'exact'],
  ['lat', 'latDeg', 'position'],
  ['lon', 'lonDeg', 'position'],
];

/** One telematics unit an asset, speaking for all its sensors. */
export function deviceOf(
  asset: PlannedAsset,
  assetIx: number,
  seed: number,
  devices: ScenarioData['devices'],
): PlannedDevice {
  const key = `${asset.org}/tm-${asset.key.split('/')[1]}`;
  const listed = asset.kind === 'reefer-truck' ? TRUCK_CHANNELS : CLIMATE_CHANNELS;
  return {
    key,
    assetIx,
    secret: createHash('sha256').update(`secret\0${seed}\0${key}`).digest().subarray(0, 16).toString('base64url'),
    sampleMs: devices.sampleEvery,
    bufferFramesMax: Math.floor(devices.bufferFor / devices.sampleEvery),
    channels: listed.map((channel) => plannedChannel(channel, seed, key)),
  };
}

function plannedChannel([name, quantity, model]: Listed, seed: number, device: string): PlannedChannel {
  const sensor = SENSORS[model];
  const stream = randomStream(seed, 'bias', device, name);
  // Uniform with the given standard deviation: a calibration that drifts further is taken out of service.
  const widest = Math.sqrt(3) * sensor.biasSd;
  return {
    name,
    quantity,
    tauS: sensor.tauS,
    noiseSd: sensor.noiseSd,
    bias: widest === 0 ? 0 : drawBetween(stream, -widest, widest),
    quantum: sensor.quantum,
  };
}
