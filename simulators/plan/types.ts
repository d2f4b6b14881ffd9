import type { EpcisEvent } from '../../src/contract/event.ts';
import type { AssetKey, AssetKind, DeviceKey, Interval } from '../../src/contract/words.ts';

/**
 * The plan: everything that will happen, decided from scenario and seed before the world starts. Plain data.
 * plan.ts makes it; world/ moves heat through it; device/ turns truth into frames.
 *
 * Indexed by asset throughout: what concerns one asset hangs on it, so that no stage searches the whole.
 */
export interface Plan {
  readonly scenario: string;
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  /** UTC offset that events are written with, e.g. `+08:00`. */
  readonly zone: string;
  /** Name of the produce: src/produce has its profile, thermal data and quality model. */
  readonly produce: string;
  /** Folder of places, roads and rails instead of those that come with the program. */
  readonly dataDir?: string;
  readonly orgs: readonly PlannedOrg[];
  readonly assets: readonly PlannedAsset[];
  readonly devices: readonly PlannedDevice[];
  readonly batches: readonly PlannedBatch[];
  /** Ascending in time, on the slice grid. */
  readonly moves: readonly CargoMove[];
  /** Ascending in time, on the slice grid; at the same instant a blend comes before any move. */
  readonly blends: readonly Blend[];
  readonly scans: PlannedScans;
  /** Ascending in time. */
  readonly faults: readonly PlannedFault[];
}

/**
 * The world runs in slices of this length from the plan's start: cargo changes hands at their edges only, so that
 * assets (and worker threads) need not wait for each other in between.
 */
export const SLICE_MS = 5 * 60_000;

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
  /** When it is in use, ascending and apart: outside of these it is neither simulated nor does it report. */
  readonly duties: readonly Duty[];
}

/** One use of an asset: a trip of a vehicle, or the whole run for what stands still. On the slice grid. */
export interface Duty extends Interval {
  readonly track: Track;
  /** Ascending and apart. */
  readonly doors: readonly DoorOpening[];
  /** Without power by plan: a box in drayage, a box waiting for its train. Ascending and apart. */
  readonly unpowered: readonly Interval[];
  /** Out of the mobile network's reach, as its way leads: gaps in coverage, tunnels. Ascending and apart. */
  readonly unreached: readonly Interval[];
}

export interface DoorOpening extends Interval {
  /** At a dock with cargo being moved: shelter and curtain in place. Otherwise one leaf, somewhere on the way. */
  readonly docked: boolean;
}

/** A way through places, by kilometres from its start. Shared by all who go it; one point for what stands still. */
export interface Route {
  readonly km: Float64Array;
  readonly latDeg: Float64Array;
  readonly lonDeg: Float64Array;
  readonly altitudeM: Float64Array;
}

/** How far along its route something is: kilometres, linear between the instants, still before and after them. */
export interface Track {
  readonly route: Route;
  readonly timeMs: Float64Array;
  readonly km: Float64Array;
}

/** In which order a device sends what it kept while its link was away. */
export const RECONNECT_ORDERS = ['oldest-first', 'newest-first', 'interleaved'] as const;
export type ReconnectOrder = (typeof RECONNECT_ORDERS)[number];

export interface PlannedDevice {
  readonly key: DeviceKey;
  /** Index into `Plan.assets`. */
  readonly assetIx: number;
  /** Derived from the seed, so that simulator and registry agree. */
  readonly secret: string;
  readonly sampleMs: number;
  /** A multiple of `sampleMs`: frames are gathered for this long and sent as one pack. */
  readonly reportMs: number;
  /** Frames the device can keep while its link is away; the oldest are lost beyond that. */
  readonly bufferFramesMax: number;
  readonly reconnect: ReconnectOrder;
  /** Share of packs that are sent twice. */
  readonly duplicateShare: number;
  /** Share of frames that never come into being: the sampling task was too busy. */
  readonly missingShare: number;
  /** Share of packs that are held back for a while and so come out of order. */
  readonly lateShare: number;
  /** How far its clock is ahead of the true time at the plan's start, and how fast it gains, parts per million. */
  readonly clockAheadMs: number;
  readonly clockDriftPpm: number;
  /** Hours that a full battery lasts at 20 °C; null where the asset feeds it. */
  readonly batteryHours: number | null;
  /** When its link is away for reasons of its own (broker outages, radio), ascending and apart. */
  readonly outages: readonly Interval[];
  readonly channels: readonly PlannedChannel[];
}

export interface PlannedChannel {
  readonly name: string;
  readonly quantity: Quantity;
  /** First-order lag of the sensor in its housing. */
  readonly tauS: number;
  readonly noiseSd: number;
  readonly bias: number;
  /** Slow drift of the calibration. */
  readonly driftPerDay: number;
  /** Step of the sensor's output; 0 where it has none beyond the channel's resolution. */
  readonly quantum: number;
}

/** What the world can tell about an asset, in the order in which `World.read` writes it. */
export const QUANTITIES = [
  'airSupplyC',
  'airReturnC',
  'airDoorC',
  'pulpFrontC',
  'pulpMiddleC',
  'pulpRearC',
  'ambientC',
  'setPointC',
  'humidityPct',
  'doorOpen',
  'unitOn',
  'defrostOn',
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
  /** Pulp temperature when it enters the world; a batch made by a blend takes that of its inputs instead. */
  readonly harvestPulpC: number;
}

/** A batch leaves one asset and enters another; null where it enters or leaves the world. */
export interface CargoMove {
  readonly timeMs: number;
  /** Index into `Plan.batches`. */
  readonly batchIx: number;
  readonly fromAssetIx: number | null;
  readonly toAssetIx: number | null;
  /** How much warmer it gets on the way, as from standing on a dock, K. 0 where all goes well. */
  readonly warmerK: number;
}

/**
 * Grading, packing, re-packing, splitting: batches in an asset end, and others begin there with their heat and their
 * age, mixed by mass. Outputs weigh no more than inputs; the difference was sorted out.
 */
export interface Blend {
  readonly timeMs: number;
  readonly assetIx: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** What handling in a warmer hall adds, K. */
  readonly warmerK: number;
}

export interface PlannedScan {
  readonly timeMs: number;
  /** The org on whose events topic it is published. */
  readonly org: string;
  readonly event: EpcisEvent;
}

/** All scans, ascending in time; an event is made only when it is asked for. */
export interface PlannedScans {
  readonly size: number;
  timeMs(i: number): number;
  at(i: number): PlannedScan;
}

/** Every kind of fault. What its severity means is in {@link FAULTS}. */
export const FAULT_KINDS = [
  'unit-failure',
  'unit-fading',
  'wrong-set-point',
  'unit-off',
  'door-left-open',
  'blocked-airflow',
  'warm-loading',
  'skipped-pre-cooling',
  'hurried-pre-cooling',
  'power-loss',
  'defrost-stuck',
  'sensor-stuck',
  'sensor-spikes',
  'sensor-drift',
  'sensor-dropout',
  'sensor-noise',
  'sensor-misplaced',
  'device-dead',
  'link-outage',
  'clock-wrong',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What a fault strikes: the climate of an asset, the fruit that comes in, or what is measured and told of it. */
export type FaultTarget = 'asset' | 'loading' | 'sensor' | 'device';

/** By kind: what it strikes, what its severity means, and the severities that make sense. */
export const FAULTS: Readonly<
  Record<FaultKind, { readonly target: FaultTarget; readonly min: number; readonly max: number; readonly doc: string }>
> = {
  'unit-failure': { target: 'asset', min: 0, max: 1, doc: 'share of the cooling capacity lost at once' },
  'unit-fading': { target: 'asset', min: 0, max: 1, doc: 'share of the capacity lost by its end, evenly over it' },
  'wrong-set-point': { target: 'asset', min: -30, max: 30, doc: '°C off the intended set-point' },
  'unit-off': { target: 'asset', min: 0, max: 1, doc: 'share of each hour for which it is switched off' },
  'door-left-open': { target: 'asset', min: 0, max: 1, doc: 'share of the door that is open' },
  'blocked-airflow': { target: 'asset', min: 0, max: 1, doc: 'share of the air flow that is blocked' },
  'warm-loading': { target: 'loading', min: 0, max: 40, doc: '°C by which the load is warmer than planned' },
  'skipped-pre-cooling': { target: 'loading', min: 0, max: 1, doc: '1: the pre-cooling room is left out' },
  'hurried-pre-cooling': { target: 'loading', min: 0, max: 1, doc: 'share of the pre-cooling time that is cut off' },
  'power-loss': { target: 'asset', min: 0, max: 1, doc: '1: no power, the fans stand still too' },
  'defrost-stuck': { target: 'asset', min: 0, max: 1, doc: 'share of the heater that stays on' },
  'sensor-stuck': { target: 'sensor', min: 0, max: 1, doc: '1: it repeats its last value' },
  'sensor-spikes': { target: 'sensor', min: 0, max: 1, doc: 'share of samples that jump' },
  'sensor-drift': { target: 'sensor', min: -20, max: 20, doc: '°C a day' },
  'sensor-dropout': { target: 'sensor', min: 0, max: 1, doc: 'share of samples without a value' },
  'sensor-noise': { target: 'sensor', min: 0, max: 10, doc: 'standard deviation added' },
  'sensor-misplaced': { target: 'sensor', min: 0, max: 1, doc: 'share of door-side air in what it sees' },
  'device-dead': { target: 'device', min: 0, max: 1, doc: '1: it reports nothing' },
  'link-outage': { target: 'device', min: 0, max: 1, doc: '1: it reaches no network' },
  'clock-wrong': { target: 'device', min: -86_400, max: 86_400, doc: 'seconds by which its clock is ahead' },
};

export interface PlannedFault extends Interval {
  readonly kind: FaultKind;
  readonly assetIx: number;
  /** Where it strikes a device or one of its sensors; else null. */
  readonly deviceIx: number | null;
  /** Where it strikes a sensor: the channel's name; else null. */
  readonly channel: string | null;
  readonly severity: number;
  /** Batches that a fault of loading strikes, as they were before: indices into `Plan.batches`. None for others. */
  readonly batchIxs?: readonly number[];
}

/** The moving world: true values, never measured ones. Slices are run in order, all of them. */
export interface World {
  /** Blends, moves and duties of this instant take place. */
  beginSlice(fromMs: number): void;
  /** Brings one asset up to an instant within the slice; instants of one asset do not go back. */
  advance(assetIx: number, timeMs: number): void;
  /** Writes the true values of an asset at the instant it was brought to, in the order of QUANTITIES. */
  read(assetIx: number, out: Float64Array): void;
  /** Brings every asset to the slice's end, and batches a slice older. */
  endSlice(toMs: number): void;
}
