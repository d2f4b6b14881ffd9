import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { channelKind, roundTo } from '../../src/contract/channel.ts';
import { internLayout, type Layout } from '../../src/contract/frame.ts';
import type { DeviceKey } from '../../src/contract/words.ts';
import { type PlannedChannel, QUANTITIES } from '../plan/types.ts';
import { randomStream, uniform } from '../random-stream.ts';

/** What an instrument can show at all: noise and bias never push it past the end of its scale. */
const SCALES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  humidity: [0, 100],
  battery: [0, 100],
  door: [0, 1],
  'unit-on': [0, 1],
  power: [0, Number.POSITIVE_INFINITY],
  speed: [0, Number.POSITIVE_INFINITY],
  lat: [-90, 90],
  lon: [-180, 180],
};

/**
 * The sensors of one device: true values in, measured ones out. Each lags (first order), is off by its bias, is
 * noisy (gaussian), steps by its quantum and is rounded to its channel's resolution. Nothing is allocated per sample.
 */
export class SensorBank {
  /** The channels in the order in which {@link sample} writes them. */
  readonly layout: Layout;
  readonly #quantityIx: Uint8Array;
  readonly #decimals: Uint8Array;
  readonly #follow: Float64Array;
  readonly #bias: Float64Array;
  readonly #noiseSd: Float64Array;
  readonly #quantum: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  /** What the sensing element has reached; NaN before the first sample. */
  readonly #element: Float64Array;
  readonly #noise: readonly Gaussian[];

  /** @param sampleMs time between samples, on which the share of a step that is followed depends */
  constructor(seed: number, device: DeviceKey, channels: readonly PlannedChannel[], sampleMs: number) {
    this.layout = internLayout(channels.map((c) => c.name));
    const byName = new Map(channels.map((c) => [c.name, c]));
    const sorted = this.layout.channels.map((name) => byName.get(name)!);
    const kinds = sorted.map((c) => {
      const kind = channelKind(c.name);
      if (!kind) throw new RangeError(`device ${device}: no channel is called ${c.name}`);
      return kind;
    });
    this.#quantityIx = Uint8Array.from(sorted, (c) => QUANTITIES.indexOf(c.quantity));
    this.#decimals = Uint8Array.from(kinds, (k) => k.decimals);
    // The exact answer of a first-order lag to an input held over the sample: y += (x − y)(1 − e^(−Δt/τ)).
    this.#follow = Float64Array.from(sorted, (c) => (c.tauS > 0 ? -Math.expm1(-sampleMs / 1000 / c.tauS) : 1));
    this.#bias = Float64Array.from(sorted, (c) => c.bias);
    this.#noiseSd = Float64Array.from(sorted, (c) => c.noiseSd);
    this.#quantum = Float64Array.from(sorted, (c) => c.quantum);
    this.#min = Float64Array.from(kinds, (k) => SCALES[k.kind]?.[0] ?? Number.NEGATIVE_INFINITY);
    this.#max = Float64Array.from(kinds, (k) => SCALES[k.kind]?.[1] ?? Number.POSITIVE_INFINITY);
    this.#element = new Float64Array(sorted.length).fill(Number.NaN);
    this.#noise = sorted.map((c) => new Gaussian(randomStream(seed, 'sensor', device, c.name)));
  }

  /**
   * Measures once.
   * @param truth the asset's true values, in the order of QUANTITIES
   * @param out one value for each channel of the layout
   */
  sample(truth: Float64Array, out: Float64Array): void {
    for (let i = 0; i < this.#element.length; i++) {
      const trueValue = truth[this.#quantityIx[i]!]!;
      const before = this.#element[i]!;
      const element = Number.isNaN(before) ? trueValue : before + (trueValue - before) * this.#follow[i]!;
      this.#element[i] = element;
      let shown = element + this.#bias[i]!;
      const sd = this.#noiseSd[i]!;
      if (sd > 0) shown += sd * this.#noise[i]!.next();
      const quantum = this.#quantum[i]!;
      if (quantum > 0) shown = Math.round(shown / quantum) * quantum;
      shown = Math.min(this.#max[i]!, Math.max(this.#min[i]!, shown));
      out[i] = roundTo(shown, this.#decimals[i]!);
    }
  }
}

/** Standard normal numbers by Box and Muller (1958): two from each pair of uniform ones. */
class Gaussian {
  readonly #stream: RandomGenerator;
  #spare = Number.NaN;

  constructor(stream: RandomGenerator) {
    this.#stream = stream;
  }

  next(): number {
    const spare = this.#spare;
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform(this.#stream)));
    const angle = 2 * Math.PI * uniform(this.#stream);
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}
