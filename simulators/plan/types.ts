import type { EpcisEvent } from '../../src/contract/event.ts';
import type { AssetKey, AssetKind, DeviceKey } from '../../src/contract/words.ts';

/**
 * The plan: everything that will happen, decided from scenario and seed before the world starts. Plain data.
 * plan.ts makes it; world.ts moves the heat through it; device.ts and link.ts turn truth into frames.
 */
export interface Plan {
  readonly scenario: string;
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly orgs: readonly PlannedOrg[];
  readonly assets: readonly PlannedAsset[];
  readonly devices: readonly PlannedDevice[];
  readonly batches: readonly PlannedBatch[];
  /** Cargo moves, ascending in time: the world's side of the scans. */
  readonly moves: readonly CargoMove[];
  /** EPCIS events, ascending in time. */
  readonly scans: readonly PlannedScan[];
  /** Where each mobile asset is, by way-points ascending in time; fixed assets have one. Index = asset index. */
  readonly tracks: readonly (readonly WayPoint[])[];
  readonly doors: readonly DoorEvent[];
  readonly faults: readonly PlannedFault[];
  /** Link outages by device, ascending in time. */
  readonly outages: readonly LinkOutage[];
}

export interface PlannedOrg {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

export interface PlannedAsset {
  readonly key: AssetKey;
  readonly org: string;
  readonly kind: AssetKind;
  readonly name: string;
  /** Intended set-point of the unit; a fault may change what it runs at. */
  readonly setPointC: number;
}

export interface PlannedDevice {
  readonly key: DeviceKey;
  /** Index into `Plan.assets`. */
  readonly assetIx: number;
  /** Derived from the seed, so that simulator and registry agree. */
  readonly secret: string;
  readonly sampleMs: number;
  /** Frames the device can keep while its link is away; the oldest are lost beyond that. */
  readonly bufferFramesMax: number;
  readonly channels: readonly PlannedChannel[];
}

export interface PlannedChannel {
  readonly name: string;
  readonly quantity: Quantity;
  /** First-order lag of the sensor in its housing. */
  readonly tauS: number;
  readonly noiseSd: number;
  readonly bias: number;
  /** Step of the sensor's output; 0 where it has none beyond the channel's resolution. */
  readonly quantum: number;
}

/** What the world can tell about an asset, in the order in which `World.read` writes it. */
export const QUANTITIES = [
  'airSupplyC',
  'airReturnC',
  'pulpFrontC',
  'pulpMiddleC',
  'pulpRearC',
  'ambientC',
  'setPointC',
  'humidityPct',
  'doorOpen',
  'unitOn',
  'powerW',
  'latDeg',
  'lonDeg',
  'speedMps',
  'batteryPct',
] as const;
export type Quantity = (typeof QUANTITIES)[number];

export interface PlannedBatch {
  /** LGTIN class URI. */
  readonly id: string;
  readonly massKg: number;
  /** Pulp temperature when it enters the world: at harvest, or in the store for stock from before the run. */
  readonly harvestPulpC: number;
}

/** A batch leaves one asset and enters another at a slice boundary; null where it enters or leaves the world. */
export interface CargoMove {
  readonly timeMs: number;
  /** Index into `Plan.batches`. */
  readonly batchIx: number;
  readonly fromAssetIx: number | null;
  readonly toAssetIx: number | null;
}

export interface PlannedScan {
  readonly timeMs: number;
  /** The org on whose events topic it is published. */
  readonly org: string;
  readonly event: EpcisEvent;
}

export interface WayPoint {
  readonly timeMs: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly altitudeM: number;
}

export interface DoorEvent {
  readonly assetIx: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export const FAULT_KINDS = ['unit-failure', 'door-left-open', 'wrong-set-point', 'warm-loading'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface PlannedFault {
  readonly kind: FaultKind;
  readonly assetIx: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Meaning by kind: share of capacity lost (unit-failure), °C off (wrong-set-point), °C above plan (warm-loading). */
  readonly severity: number;
}

export interface LinkOutage {
  /** Index into `Plan.devices`. */
  readonly deviceIx: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The moving world: true values, never measured ones. */
export interface World {
  readonly timeMs: number;
  /** Integrates every asset up to the instant (in fixed inner steps; exact at slice boundaries). */
  advanceTo(timeMs: number): void;
  /** Writes the true values of an asset at `timeMs` into `out`, in the order of QUANTITIES. */
  read(assetIx: number, out: Float64Array): void;
}
