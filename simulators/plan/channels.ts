import type { AssetKind } from '../../src/contract/words.ts';
import type { Quantity } from './types.ts';

/** What devices can measure, with which sensor, and what they usually do in each kind of asset. */

interface SensorModel {
  readonly tauS: number;
  readonly noiseSd: number;
  readonly biasSd: number;
  readonly driftPerDaySd: number;
  readonly quantum: number;
}

/** About 0.1 °C in a year of 365 days, as a recorder's yearly verification would find. ESTIMATE. */
const DRIFT_PER_DAY = 0.1 / 365;

/** A sensor model: bare probe 8 s, in its housing far slower; ±0.1–0.2 °C (domain literature, secondary). */
export const SENSORS = {
  air: { tauS: 60, noiseSd: 0.05, biasSd: 0.1, driftPerDaySd: DRIFT_PER_DAY, quantum: 0.1 },
  pulp: { tauS: 180, noiseSd: 0.03, biasSd: 0.1, driftPerDaySd: DRIFT_PER_DAY, quantum: 0.1 },
  humidity: { tauS: 60, noiseSd: 0.4, biasSd: 1, driftPerDaySd: 0.003, quantum: 0.1 },
  power: { tauS: 0, noiseSd: 20, biasSd: 0, driftPerDaySd: 0, quantum: 10 },
  exact: { tauS: 0, noiseSd: 0, biasSd: 0, driftPerDaySd: 0, quantum: 0 },
  // About 5 m of scatter.
  position: { tauS: 0, noiseSd: 0.00003, biasSd: 0, driftPerDaySd: 0, quantum: 0 },
} as const satisfies Readonly<Record<string, SensorModel>>;

interface Measured {
  readonly quantity: Quantity;
  readonly sensor: keyof typeof SENSORS;
}

/** Every channel the simulator can fill, by name. */
export const CHANNELS: Readonly<Record<string, Measured>> = {
  air: { quantity: 'airReturnC', sensor: 'air' },
  'air-supply': { quantity: 'airSupplyC', sensor: 'air' },
  'air-return': { quantity: 'airReturnC', sensor: 'air' },
  'air-1': { quantity: 'airReturnC', sensor: 'air' },
  'air-2': { quantity: 'airDoorC', sensor: 'air' },
  'pulp-1': { quantity: 'pulpFrontC', sensor: 'pulp' },
  'pulp-2': { quantity: 'pulpMiddleC', sensor: 'pulp' },
  'pulp-3': { quantity: 'pulpRearC', sensor: 'pulp' },
  ambient: { quantity: 'ambientC', sensor: 'air' },
  'set-point': { quantity: 'setPointC', sensor: 'exact' },
  humidity: { quantity: 'humidityPct', sensor: 'humidity' },
  door: { quantity: 'doorOpen', sensor: 'exact' },
  'unit-on': { quantity: 'unitOn', sensor: 'exact' },
  defrost: { quantity: 'defrostOn', sensor: 'exact' },
  power: { quantity: 'powerW', sensor: 'power' },
  lat: { quantity: 'latDeg', sensor: 'position' },
  lon: { quantity: 'lonDeg', sensor: 'position' },
  speed: { quantity: 'speedMps', sensor: 'exact' },
  battery: { quantity: 'batteryPct', sensor: 'exact' },
};

const ROOM = ['air-supply', 'air-return', 'pulp-1', 'pulp-2', 'pulp-3', 'humidity', 'door', 'unit-on'];
const VEHICLE = [...ROOM, 'set-point', 'lat', 'lon'];

/** What the telematics unit of an asset reports where the scenario does not say. */
export const USUAL_CHANNELS: Readonly<Record<AssetKind, readonly string[]>> = {
  'reefer-truck': VEHICLE,
  'rail-reefer-box': [...VEHICLE, 'defrost'],
  'mobile-cold-room': ROOM,
  'pre-cooling-room': ROOM,
  'cold-store': ROOM,
  'forward-warehouse': ROOM,
  'retail-display': ['air', 'pulp-1', 'humidity', 'door', 'unit-on', 'defrost'],
};

/** A battery logger hangs at the door, apart from the unit's own sensors (EN 12830). */
export const LOGGER_CHANNELS: readonly string[] = ['air-2', 'battery'];
