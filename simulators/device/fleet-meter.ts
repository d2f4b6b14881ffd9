import type { DeviceKey } from '../../src/contract/words.ts';
import { type Duty, type Plan, type PlannedDevice, type PlannedFault, QUANTITIES, type World } from '../plan/types.ts';
import { batteryDrainPct } from './battery.ts';
import { counterBits, counterKey, uniformOf } from './counter-random.ts';
import type { FrameBlock } from './frame-block.ts';
import { gridMsFrom, phaseMsOf } from './sampling.ts';
import { SensorBank } from './sensor.ts';

const HOUR_MS = 3_600_000;
const BATTERY_IX = QUANTITIES.indexOf('batteryPct');
const AIR_IX = QUANTITIES.indexOf('airReturnC');

/**
 * The devices of a shard: asks the world at each of their sample instants and turns its truth into frames. A device
 * reports while its asset is on duty, is alive and has charge; how its frames travel is not its concern.
 */
export class FleetMeter {
  readonly #startMs: number;
  readonly #world: World;
  readonly #truth = new Float64Array(QUANTITIES.length);
  readonly #sensors: SensorBank;
  // By asset of the shard.
  readonly #assetIx: Uint32Array;
  readonly #duties: readonly (readonly Duty[])[];
  readonly #duty: Uint32Array;
  /** The duty it is in or will be in next; Infinity after the last. */
  readonly #dutyFromMs: Float64Array;
  readonly #dutyToMs: Float64Array;
  /** Its first device; one more entry than assets. */
  readonly #firstOf: Uint32Array;
  // By device of the shard: asset by asset, in order of key.
  readonly #deviceIx: Uint32Array;
  readonly #sampleMs: Float64Array;
  readonly #phaseMs: Float64Array;
  readonly #nextMs: Float64Array;
  readonly #width: Uint8Array;
  readonly #seq: Uint32Array;
  readonly #clockAheadMs: Float64Array;
  readonly #clockGain: Float64Array;
  readonly #missingShare: Float64Array;
  readonly #missingA: Int32Array;
  readonly #missingB: Int32Array;
  /** 0 where the asset feeds the device. */
  readonly #batteryHours: Float64Array;
  readonly #batteryPct: Float64Array;
  readonly #drainedMs: Float64Array;
  /** Device faults (dead, clock-wrong); undefined where there are none. */
  readonly #faults: readonly (readonly PlannedFault[] | undefined)[];

  /** @param assets which assets this shard has; all where left out */
  constructor(plan: Plan, world: World, assets: (assetIx: number) => boolean = () => true) {
    const own = devicesByAsset(plan).filter(({ assetIx }) => assets(assetIx));
    const deviceIx = own.flatMap((asset) => asset.devices);
    const devices = deviceIx.map((ix) => plan.devices[ix]!);
    const numbers = (value: (device: PlannedDevice) => number) => Float64Array.from(devices, value);
    this.#startMs = plan.startMs;
    this.#world = world;
    this.#assetIx = Uint32Array.from(own, ({ assetIx }) => assetIx);
    this.#duties = own.map(({ assetIx }) => plan.assets[assetIx]!.duties);
    this.#duty = new Uint32Array(own.length);
    this.#dutyFromMs = Float64Array.from(this.#duties, ([first]) => first?.fromMs ?? Number.POSITIVE_INFINITY);
    this.#dutyToMs = Float64Array.from(this.#duties, ([first]) => first?.toMs ?? Number.POSITIVE_INFINITY);
    this.#firstOf = new Uint32Array(own.length + 1);
    for (const [i, asset] of own.entries()) this.#firstOf[i + 1] = this.#firstOf[i]! + asset.devices.length;
    this.#deviceIx = Uint32Array.from(deviceIx);
    this.#sampleMs = numbers((device) => device.sampleMs);
    this.#phaseMs = numbers((device) => phaseMsOf(plan.seed, device));
    this.#nextMs = new Float64Array(devices.length);
    this.#width = Uint8Array.from(devices, (device) => device.channels.length);
    this.#seq = new Uint32Array(devices.length);
    this.#clockAheadMs = numbers((device) => device.clockAheadMs);
    this.#clockGain = numbers((device) => device.clockDriftPpm / 1e6);
    this.#missingShare = numbers((device) => device.missingShare);
    const keys = devices.map((device) => counterKey(plan.seed, 'missing', device.key));
    this.#missingA = Int32Array.from(keys, (key) => key.a);
    this.#missingB = Int32Array.from(keys, (key) => key.b);
    this.#batteryHours = numbers((device) => device.batteryHours ?? 0);
    this.#batteryPct = new Float64Array(devices.length).fill(100);
    this.#drainedMs = Float64Array.from(own.flatMap((asset, i) => asset.devices.map(() => this.#dutyFromMs[i]!)));
    const faults = faultsByDevice(plan, (kind) => kind === 'device-dead' || kind === 'clock-wrong');
    this.#faults = devices.map((device) => faults.get(device.key));
    const sensorFaults = faultsByDevice(plan, (kind) => kind.startsWith('sensor-'));
    this.#sensors = new SensorBank(plan.seed, plan.startMs, devices, sensorFaults);
  }

  /**
   * Adds all frames sampled in [fromMs, toMs) to a block: one slice of the world, which must have been begun. Duties
   * begin and end with slices, so that an asset is on duty for the whole of it or not at all.
   */
  measure(fromMs: number, toMs: number, block: FrameBlock): void {
    for (let a = 0; a < this.#assetIx.length; a++) {
      while (this.#dutyToMs[a]! <= fromMs) this.#nextDuty(a);
      if (this.#dutyFromMs[a]! <= fromMs) this.#measureAsset(a, fromMs, toMs, block);
    }
  }

  /** Sensors start at the truth, and batteries full: they are charged between duties. */
  #nextDuty(a: number): void {
    const duty = this.#duties[a]![++this.#duty[a]!];
    this.#dutyFromMs[a] = duty?.fromMs ?? Number.POSITIVE_INFINITY;
    this.#dutyToMs[a] = duty?.toMs ?? Number.POSITIVE_INFINITY;
    for (let d = this.#firstOf[a]!; d < this.#firstOf[a + 1]!; d++) {
      this.#sensors.restart(d);
      this.#batteryPct[d] = 100;
      this.#drainedMs[d] = this.#dutyFromMs[a]!;
    }
  }

  #measureAsset(a: number, fromMs: number, toMs: number, block: FrameBlock): void {
    const first = this.#firstOf[a]!;
    const end = this.#firstOf[a + 1]!;
    for (let d = first; d < end; d++) this.#nextMs[d] = gridMsFrom(fromMs, this.#sampleMs[d]!, this.#phaseMs[d]!);
    for (;;) {
      let due = first;
      for (let d = first + 1; d < end; d++) if (this.#nextMs[d]! < this.#nextMs[due]!) due = d;
      const timeMs = this.#nextMs[due]!;
      if (timeMs >= toMs) break;
      this.#nextMs[due] = timeMs + this.#sampleMs[due]!;
      this.#sample(due, this.#assetIx[a]!, timeMs, block);
    }
    // While its numbers are at hand.
    this.#world.advance(this.#assetIx[a]!, toMs);
  }

  #sample(d: number, assetIx: number, timeMs: number, block: FrameBlock): void {
    const faults = this.#faults[d];
    if (faults !== undefined && severityAt(faults, 'device-dead', timeMs) > 0) {
      this.#sensors.restart(d);
      return;
    }
    const truth = this.#truth;
    this.#world.advance(assetIx, timeMs);
    this.#world.read(assetIx, truth);
    const batteryHours = this.#batteryHours[d]!;
    if (batteryHours > 0 && !this.#drain(d, batteryHours, timeMs, truth)) return;
    const sinceStartMs = timeMs - this.#startMs;
    const n = Math.floor(sinceStartMs / this.#sampleMs[d]!);
    const width = this.#width[d]!;
    const at = block.room(width);
    const readings = this.#sensors.measure(d, timeMs, n, truth, block.values, at);
    const missingShare = this.#missingShare[d]!;
    if (missingShare > 0 && uniformOf(counterBits(this.#missingA[d]!, this.#missingB[d]!, n)) < missingShare) return;
    if (readings === 0) return;
    let clockMs = timeMs + this.#clockAheadMs[d]! + this.#clockGain[d]! * sinceStartMs;
    if (faults !== undefined) clockMs += 1000 * severityAt(faults, 'clock-wrong', timeMs);
    block.add(this.#deviceIx[d]!, timeMs, Math.round(clockMs), this.#seq[d]!++, width, readings);
  }

  /** Takes from a battery what the time since the last sample has cost. False when it is empty. */
  #drain(d: number, fullHours: number, timeMs: number, truth: Float64Array): boolean {
    const hours = (timeMs - this.#drainedMs[d]!) / HOUR_MS;
    const left = this.#batteryPct[d]! - batteryDrainPct(hours, fullHours, truth[AIR_IX]!);
    this.#drainedMs[d] = timeMs;
    this.#batteryPct[d] = Math.max(0, left);
    truth[BATTERY_IX] = Math.max(0, left);
    return left > 0;
  }
}

/** Assets that have devices, ascending; their devices, as indices into the plan, in order of key. */
function devicesByAsset(plan: Plan): { assetIx: number; devices: number[] }[] {
  const byAsset = plan.assets.map((_, assetIx) => ({ assetIx, devices: [] as number[] }));
  for (const [deviceIx, { assetIx }] of plan.devices.entries()) byAsset[assetIx]!.devices.push(deviceIx);
  const equipped = byAsset.filter(({ devices }) => devices.length > 0);
  const key = (deviceIx: number) => plan.devices[deviceIx]!.key;
  for (const { devices } of equipped) devices.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return equipped;
}

function faultsByDevice(plan: Plan, wanted: (kind: string) => boolean): Map<DeviceKey, PlannedFault[]> {
  const byDevice = new Map<DeviceKey, PlannedFault[]>();
  for (const fault of plan.faults) {
    if (fault.deviceIx === null || !wanted(fault.kind)) continue;
    const { key } = plan.devices[fault.deviceIx]!;
    const own = byDevice.get(key);
    if (own) own.push(fault);
    else byDevice.set(key, [fault]);
  }
  return byDevice;
}

/** How severely a kind of fault strikes at an instant; 0 where it does not. */
function severityAt(faults: readonly PlannedFault[], kind: PlannedFault['kind'], timeMs: number): number {
  let severity = 0;
  for (const fault of faults) {
    if (fault.kind === kind && fault.fromMs <= timeMs && timeMs < fault.toMs) severity += fault.severity;
  }
  return severity;
}
