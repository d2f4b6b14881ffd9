import { CHANNEL_KINDS, channelKind } from '../../src/contract/channel.ts';
import type { DeviceKey } from '../../src/contract/words.ts';
import { type PlannedDevice, QUANTITIES } from '../plan/types.ts';
import { type CounterKey, counterBits, counterKey, normalOf } from './counter-random.ts';
import { layoutOf } from './sampling.ts';
import { SensorFaults, type StrikingFault } from './sensor-faults.ts';

const DAY_MS = 86_400_000;
const AIR_DOOR_IX = QUANTITIES.indexOf('airDoorC');

/** What an instrument can show at all: noise and bias never push it past the end of its scale. */
const ENDS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  humidity: [0, 100],
  battery: [0, 100],
  door: [0, 1],
  'unit-on': [0, 1],
  defrost: [0, 1],
  power: [0, Number.POSITIVE_INFINITY],
  speed: [0, Number.POSITIVE_INFINITY],
  lat: [-90, 90],
  lon: [-180, 180],
};
const ENDLESS = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

// By kind of channel.
const KINDS = CHANNEL_KINDS.map(({ kind }) => kind);
const MIN = Float64Array.from(KINDS, (kind) => (ENDS[kind] ?? ENDLESS)[0]);
const MAX = Float64Array.from(KINDS, (kind) => (ENDS[kind] ?? ENDLESS)[1]);
/** Steps of the resolution in one unit. */
const SCALE = Float64Array.from(CHANNEL_KINDS, ({ decimals }) => 10 ** decimals);

/**
 * All sensors of many devices: true values in, measured ones out. Each lags (first order), is off by its bias and its
 * drift, is noisy (normal), steps by its quantum and is rounded to its channel's resolution. Flat columns over all
 * channels, narrow because a whole fleet of them should stay near the processor; nothing is allocated or looked up by
 * name per sample.
 */
export class SensorBank {
  readonly #startMs: number;
  /** First channel of each device; one more entry than devices. */
  readonly #firstOf: Uint32Array;
  readonly #quantityIx: Uint8Array;
  readonly #kindIx: Uint8Array;
  readonly #follow: Float32Array;
  readonly #bias: Float32Array;
  readonly #driftPerMs: Float32Array;
  readonly #noiseSd: Float32Array;
  readonly #noiseA: Int32Array;
  readonly #noiseB: Int32Array;
  readonly #quantum: Float32Array;
  /** What the sensing element has reached; NaN before the first sample. */
  readonly #element: Float64Array;
  /** By device; undefined where no sensor of it is ever struck. */
  readonly #faults: (SensorFaults | undefined)[];

  /**
   * @param startMs the plan's start, from which drift is counted
   * @param faultsOf sensor faults by device key
   */
  constructor(
    seed: number,
    startMs: number,
    devices: readonly PlannedDevice[],
    faultsOf?: ReadonlyMap<DeviceKey, readonly StrikingFault[]>,
  ) {
    const channels = devices.flatMap((device) => sortedChannels(device));
    this.#startMs = startMs;
    this.#firstOf = Uint32Array.of(0, ...devices.map((device) => device.channels.length));
    for (let i = 1; i < this.#firstOf.length; i++) this.#firstOf[i]! += this.#firstOf[i - 1]!;
    this.#quantityIx = Uint8Array.from(channels, (c) => QUANTITIES.indexOf(c.plan.quantity));
    this.#kindIx = Uint8Array.from(channels, (c) => CHANNEL_KINDS.indexOf(c.kind));
    // The exact answer of a first-order lag to an input held over the sample: y += (x − y)(1 − e^(−Δt/τ)).
    this.#follow = column(channels, ({ plan, sampleMs }) =>
      plan.tauS > 0 ? -Math.expm1(-sampleMs / 1000 / plan.tauS) : 1,
    );
    this.#bias = column(channels, (c) => c.plan.bias);
    this.#driftPerMs = column(channels, (c) => c.plan.driftPerDay / DAY_MS);
    this.#noiseSd = column(channels, (c) => c.plan.noiseSd);
    const keys = channels.map((c) => counterKey(seed, 'sensor', c.device, c.plan.name));
    this.#noiseA = Int32Array.from(keys, (key) => key.a);
    this.#noiseB = Int32Array.from(keys, (key) => key.b);
    this.#quantum = column(channels, (c) => c.plan.quantum);
    this.#element = new Float64Array(channels.length).fill(Number.NaN);
    this.#faults = devices.map((device) => faultsFor(seed, device, faultsOf?.get(device.key)));
  }

  /** Forgets what the sensors of a device had reached: it was switched off. */
  restart(device: number): void {
    this.#element.fill(Number.NaN, this.#firstOf[device], this.#firstOf[device + 1]);
  }

  /**
   * Measures once with the sensors of one device.
   * @param device index into the devices the bank was made with
   * @param n running number of the sample: noise is drawn by it
   * @param truth the asset's true values, in the order of QUANTITIES
   * @param out gets one value for each channel of the device's layout, from `at` on; NaN where a sensor gives none
   * @returns how many values are there
   */
  measure(device: number, timeMs: number, n: number, truth: Float64Array, out: Float64Array, at: number): number {
    const first = this.#firstOf[device]!;
    const end = this.#firstOf[device + 1]!;
    const faults = this.#faults[device];
    if (faults?.strikeAt(timeMs)) {
      return this.#measureStruck(faults, first, end, timeMs, n, truth, out, at);
    }
    const sinceStartMs = timeMs - this.#startMs;
    for (let c = first; c < end; c++) {
      const element = this.#reach(c, truth[this.#quantityIx[c]!]!);
      out[at + c - first] = this.#show(c, element + this.#driftPerMs[c]! * sinceStartMs, n, this.#noiseSd[c]!);
    }
    return end - first;
  }

  /** The same while faults act on some of the sensors. */
  #measureStruck(
    faults: SensorFaults,
    first: number,
    end: number,
    timeMs: number,
    n: number,
    truth: Float64Array,
    out: Float64Array,
    at: number,
  ): number {
    const sinceStartMs = timeMs - this.#startMs;
    let present = 0;
    for (let c = first; c < end; c++) {
      const acting = faults.actingOn(c - first, timeMs, n);
      const inPlace = truth[this.#quantityIx[c]!]!;
      const seen = inPlace + acting.doorShare * (truth[AIR_DOOR_IX]! - inPlace);
      const element = this.#reach(c, seen) + acting.offset;
      const drifted = element + this.#driftPerMs[c]! * sinceStartMs;
      const shown = acting.value(this.#show(c, drifted, n, this.#noiseSd[c]! + acting.noiseSd));
      out[at + c - first] = shown;
      if (!Number.isNaN(shown)) present++;
    }
    return present;
  }

  /** Lets the sensing element follow its surroundings for one sample. */
  #reach(c: number, trueValue: number): number {
    const before = this.#element[c]!;
    const element = Number.isNaN(before) ? trueValue : before + (trueValue - before) * this.#follow[c]!;
    this.#element[c] = element;
    return element;
  }

  /** What the instrument shows of what its element has reached. */
  #show(c: number, element: number, n: number, noiseSd: number): number {
    let shown = element + this.#bias[c]!;
    if (noiseSd > 0) shown += noiseSd * normalOf(counterBits(this.#noiseA[c]!, this.#noiseB[c]!, n));
    const quantum = this.#quantum[c]!;
    if (quantum > 0) shown = Math.round(shown / quantum) * quantum;
    const kindIx = this.#kindIx[c]!;
    const min = MIN[kindIx]!;
    const max = MAX[kindIx]!;
    if (shown < min) shown = min;
    else if (shown > max) shown = max;
    // As roundTo of the contract; adding 0 makes 0 of −0.
    const scale = SCALE[kindIx]!;
    return Math.round(shown * scale) / scale + 0;
  }
}

function sortedChannels(device: PlannedDevice) {
  const byName = new Map(device.channels.map((c) => [c.name, c]));
  return layoutOf(device).channels.map((name) => {
    const kind = channelKind(name);
    if (!kind) throw new RangeError(`device ${device.key}: no channel is called ${name}`);
    return { device: device.key, sampleMs: device.sampleMs, plan: byName.get(name)!, kind };
  });
}

type SortedChannel = ReturnType<typeof sortedChannels>[number];

const column = (channels: readonly SortedChannel[], value: (channel: SortedChannel) => number): Float32Array =>
  Float32Array.from(channels, value);

function faultsFor(
  seed: number,
  device: PlannedDevice,
  faults: readonly StrikingFault[] | undefined,
): SensorFaults | undefined {
  if (!faults || faults.length === 0) return undefined;
  const { channels } = layoutOf(device);
  const keyOf = (channel: string): CounterKey => counterKey(seed, 'sensor fault', device.key, channel);
  return new SensorFaults(channels, faults, keyOf);
}
