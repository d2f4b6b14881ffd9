import { createHash } from 'node:crypto';
import type { AssetKind, Interval } from '../../src/contract/words.ts';
import { drawBetween, drawNormal } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { DevicesData } from '../scenario/schema.ts';
import { CHANNELS, LOGGER_CHANNELS, SENSORS, USUAL_CHANNELS } from './channels.ts';
import type { FleetAsset } from './fleet.ts';
import type { PlannedChannel, PlannedDevice } from './types.ts';

const MINUTE_MS = 60_000;

/** What a preset says where the scenario says nothing itself. */
interface Manners {
  readonly duplicates: number;
  readonly missing: number;
  readonly late: number;
  readonly clockSkew: number;
}

const PRESETS: Readonly<Record<DevicesData['preset'], Manners>> = {
  clean: { duplicates: 0, missing: 0, late: 0, clockSkew: 0 },
  // A little of everything: ESTIMATES.
  field: { duplicates: 0.005, missing: 0.002, late: 0.01, clockSkew: 5000 },
  // TSBS's iot case: batch missing 1 %, out of order 5 %; entry missing 10 %, out of order 30 %. A pack is both here:
  // missing is 1 − 0.99 · 0.90, out of order 1 − 0.95 · 0.70.
  tsbs: { duplicates: 0, missing: 0.109, late: 0.335, clockSkew: 0 },
};

/** A clock that is off gains or loses up to this: a watch crystal, 20 ppm. ESTIMATE. */
const CLOCK_DRIFT_PPM = 20;

/** A battery logger records every 10 min (WHO's 30-day loggers) and lives on one battery for about a month. */
const LOGGER_SAMPLE_MS = 10 * MINUTE_MS;
const LOGGER_BATTERY_HOURS = 30 * 24;

const VEHICLES: ReadonlySet<AssetKind> = new Set(['reefer-truck', 'rail-reefer-box']);

/** Whether an asset moves. */
export const isVehicle = (kind: AssetKind): boolean => VEHICLES.has(kind);

/** Whether an asset cools what comes from the orchard, and is on only while there is some. */
export const isPreCooling = (kind: AssetKind): boolean => kind === 'pre-cooling-room' || kind === 'mobile-cold-room';

/** What reports for an asset: a telematics unit that speaks for all its sensors, in some a battery logger besides. */
export function devicesOf(
  asset: FleetAsset,
  assetIx: number,
  seed: number,
  wanted: DevicesData,
  outages: readonly Interval[],
): PlannedDevice[] {
  const name = asset.key.split('/')[1]!;
  const shared = { asset, assetIx, seed, wanted, outages };
  const unit = deviceOf({
    ...shared,
    key: `${asset.org}/tm-${name}`,
    sampleMs: sampleMsOf(asset.kind, wanted),
    batteryHours: null,
    channels: wanted.channels?.[asset.kind] ?? USUAL_CHANNELS[asset.kind],
  });
  const chance = drawBetween(randomStream(seed, 'logger', asset.key), 0, 1);
  if (!isVehicle(asset.kind) || chance >= wanted.loggers) return [unit];
  const logger = deviceOf({
    ...shared,
    key: `${asset.org}/lg-${name}`,
    sampleMs: Math.max(LOGGER_SAMPLE_MS, wanted.sampleEvery),
    batteryHours: LOGGER_BATTERY_HOURS,
    channels: LOGGER_CHANNELS,
  });
  return [unit, logger];
}

function sampleMsOf(kind: AssetKind, wanted: DevicesData): number {
  if (kind === 'rail-reefer-box') return wanted.railEvery;
  return isVehicle(kind) ? wanted.sampleEvery : (wanted.roomsEvery ?? wanted.sampleEvery);
}

interface Wanted {
  readonly key: string;
  readonly assetIx: number;
  readonly seed: number;
  readonly wanted: DevicesData;
  readonly outages: readonly Interval[];
  readonly sampleMs: number;
  readonly batteryHours: number | null;
  readonly channels: readonly string[];
}

function deviceOf({ key, assetIx, seed, wanted, outages, sampleMs, batteryHours, channels }: Wanted): PlannedDevice {
  const manners = PRESETS[wanted.preset];
  const clock = randomStream(seed, 'clock', key);
  const skewMs = wanted.clockSkew ?? manners.clockSkew;
  return {
    key,
    assetIx,
    secret: createHash('sha256').update(`secret\0${seed}\0${key}`).digest().subarray(0, 16).toString('base64url'),
    sampleMs,
    reportMs: Math.max(1, Math.round((wanted.reportEvery ?? sampleMs) / sampleMs)) * sampleMs,
    bufferFramesMax: Math.floor(wanted.bufferFor / sampleMs),
    reconnect: wanted.reconnect,
    duplicateShare: wanted.duplicates ?? manners.duplicates,
    missingShare: wanted.missing ?? manners.missing,
    lateShare: wanted.late ?? manners.late,
    clockAheadMs: skewMs === 0 ? 0 : Math.round(drawNormal(clock, 0, skewMs)),
    clockDriftPpm: skewMs === 0 ? 0 : drawBetween(clock, -CLOCK_DRIFT_PPM, CLOCK_DRIFT_PPM),
    batteryHours,
    outages,
    channels: channels.map((channel) => plannedChannel(channel, seed, key)),
  };
}

function plannedChannel(name: string, seed: number, device: string): PlannedChannel {
  const { quantity, sensor: model } = CHANNELS[name]!;
  const sensor = SENSORS[model];
  const measured = { name, quantity, tauS: sensor.tauS, noiseSd: sensor.noiseSd, quantum: sensor.quantum };
  if (sensor.biasSd === 0) return { ...measured, bias: 0, driftPerDay: 0 };
  const stream = randomStream(seed, 'bias', device, name);
  // Uniform with the given standard deviation: a calibration that is further off is taken out of service.
  const uniform = (sd: number): number => drawBetween(stream, -Math.sqrt(3) * sd, Math.sqrt(3) * sd);
  return { ...measured, bias: uniform(sensor.biasSd), driftPerDay: uniform(sensor.driftPerDaySd) };
}
