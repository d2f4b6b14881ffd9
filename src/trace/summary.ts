import { columnsOf } from '../contract/cargo-channels.ts';
import { roundTo } from '../contract/channel.ts';
import type { FrameChunk, Layout } from '../contract/frame.ts';
import type { Interval } from '../contract/words.ts';
import { complementOf, lengthMs, unionOf } from './intervals.ts';

/** USP <1079.2>: ΔH/R with ΔH = 83.144 kJ/mol, in kelvin. */
const ACTIVATION_K = 10_000;
const ZERO_CELSIUS_K = 273.15;

/** A band that is normal up to and including both ends. */
export interface Band {
  readonly lowC: number;
  readonly highC: number;
}

/** What frames tell about an interval of a custody. */
export interface Summary {
  /** Channel values, not frames. */
  readonly count: number;
  /** Null where there is no value, as the other temperatures. Rounded to 0.001 °C, the resolution of what came in. */
  readonly minC: number | null;
  /** Weighted by time. */
  readonly meanC: number | null;
  readonly maxC: number | null;
  /** Mean kinetic temperature (USP <1079.2>), weighted by time. For information: colder is not better for fruit. */
  readonly mktC: number | null;
  /** How long any channel was beyond the band; null where there is no band or no value. */
  readonly outOfRangeMs: number | null;
  readonly coveredMs: number;
  /** What of the interval no frame speaks for; with `coveredMs` it makes up the whole. */
  readonly gaps: readonly Interval[];
}

/** Sums of one slice, before rounding; {@link summaryOf} puts those of several devices together. */
export interface SliceSums {
  readonly count: number;
  readonly minC: number;
  readonly maxC: number;
  /** Σ of hold times, of mean × hold, and of exp(−ΔH/RT) × hold. */
  readonly heldMs: number;
  readonly heldC: number;
  readonly heldRate: number;
  readonly covered: readonly Interval[];
  readonly beyond: readonly Interval[];
}

/**
 * THE summary of temperatures: a fold over raw frames of one device in one slice, the same for every store.
 *
 * A frame's value holds until the next frame that has one of the channels, but no longer than `maxGapMs` and not past
 * the slice: EN 12830 bounds the interval between records, so what lies further from a record is not evidence.
 * Several channels of a frame are pooled: extremes over all, mean alike, out of range if any one is. NaN is missing.
 * The sums run frame by frame in the layout's channel order, however the frames are cut into chunks: equal frames
 * give equal bits.
 */
export class SummaryFold {
  readonly #slice: Interval;
  readonly #kinds: ReadonlySet<string>;
  readonly #band: Band;
  readonly #maxGapMs: number;
  #layout: Layout | undefined;
  #columns: readonly number[] = [];
  #count = 0;
  #minC = Number.POSITIVE_INFINITY;
  #maxC = Number.NEGATIVE_INFINITY;
  #heldMs = 0;
  #heldC = 0;
  #heldRate = 0;
  readonly #covered = new RunBuilder();
  readonly #beyond = new RunBuilder();
  /** The frame whose value holds: its time (NaN before the first), pooled mean, rate, and whether it is out. */
  #lastMs = Number.NaN;
  #lastC = 0;
  #lastRate = 0;
  #lastOut = false;

  /** @param kinds channel kinds to pool @param band null where nothing counts as out of range */
  constructor(slice: Interval, kinds: ReadonlySet<string>, band: Band | null, maxGapMs: number) {
    this.#slice = slice;
    this.#kinds = kinds;
    this.#band = band ?? { lowC: Number.NEGATIVE_INFINITY, highC: Number.POSITIVE_INFINITY };
    this.#maxGapMs = maxGapMs;
  }

  /** Takes the next frames; those outside the slice are passed over. */
  add(chunk: FrameChunk): void {
    if (chunk.layout !== this.#layout) {
      this.#layout = chunk.layout;
      this.#columns = columnsOf(chunk.layout, this.#kinds);
    }
    const { size, timeMs, values } = chunk;
    const columns = this.#columns;
    const width = chunk.layout.channels.length;
    const { fromMs, toMs } = this.#slice;
    const { lowC, highC } = this.#band;
    for (let i = 0; i < size; i++) {
      const t = timeMs[i]!;
      if (t < fromMs || t >= toMs) continue;
      let n = 0;
      let sumC = 0;
      let sumRate = 0;
      let lowestC = Number.POSITIVE_INFINITY;
      let highestC = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < columns.length; k++) {
        const c = values[i * width + columns[k]!]!;
        if (Number.isNaN(c)) continue;
        n++;
        sumC += c;
        sumRate += Math.exp(-ACTIVATION_K / (c + ZERO_CELSIUS_K));
        if (c < lowestC) lowestC = c;
        if (c > highestC) highestC = c;
      }
      if (n === 0) continue;
      this.#hold(t);
      this.#count += n;
      if (lowestC < this.#minC) this.#minC = lowestC;
      if (highestC > this.#maxC) this.#maxC = highestC;
      this.#lastMs = t;
      this.#lastC = sumC / n;
      this.#lastRate = sumRate / n;
      this.#lastOut = lowestC < lowC || highestC > highC;
    }
  }

  /** The sums up to the slice's end. The fold is spent. */
  end(): SliceSums {
    this.#hold(this.#slice.toMs);
    return {
      count: this.#count,
      minC: this.#minC,
      maxC: this.#maxC,
      heldMs: this.#heldMs,
      heldC: this.#heldC,
      heldRate: this.#heldRate,
      covered: this.#covered.take(),
      beyond: this.#beyond.take(),
    };
  }

  /** Lets the last frame's value hold until the next one. */
  #hold(nextMs: number): void {
    const fromMs = this.#lastMs;
    if (Number.isNaN(fromMs)) return;
    const toMs = Math.min(nextMs, fromMs + this.#maxGapMs);
    const ms = toMs - fromMs;
    this.#heldMs += ms;
    this.#heldC += this.#lastC * ms;
    this.#heldRate += this.#lastRate * ms;
    this.#covered.add(fromMs, toMs);
    if (this.#lastOut) this.#beyond.add(fromMs, toMs);
  }
}

/**
 * One summary of a whole interval from its slices: devices pooled by their covered time, covered and out of range
 * where any device is. A gap is only where none of them speaks.
 * @param slices in a fixed order (device, time): sums of doubles depend on it
 */
export function summaryOf(slices: readonly SliceSums[], whole: Interval, band: Band | null): Summary {
  let count = 0;
  let minC = Number.POSITIVE_INFINITY;
  let maxC = Number.NEGATIVE_INFINITY;
  let heldMs = 0;
  let heldC = 0;
  let heldRate = 0;
  for (const s of slices) {
    count += s.count;
    minC = Math.min(minC, s.minC);
    maxC = Math.max(maxC, s.maxC);
    heldMs += s.heldMs;
    heldC += s.heldC;
    heldRate += s.heldRate;
  }
  const covered = unionOf(slices.map((s) => s.covered));
  const known = count > 0;
  return {
    count,
    minC: known ? celsius(minC) : null,
    meanC: known ? celsius(heldC / heldMs) : null,
    maxC: known ? celsius(maxC) : null,
    mktC: known ? celsius(ACTIVATION_K / -Math.log(heldRate / heldMs) - ZERO_CELSIUS_K) : null,
    outOfRangeMs: band && known ? lengthMs(unionOf(slices.map((s) => s.beyond))) : null,
    coveredMs: lengthMs(covered),
    gaps: complementOf(covered, whole),
  };
}

function celsius(value: number): number {
  return roundTo(value, 3);
}

/** Joins ascending intervals that touch. */
class RunBuilder {
  #runs: Interval[] = [];
  #fromMs = Number.NaN;
  #toMs = Number.NaN;

  add(fromMs: number, toMs: number): void {
    if (fromMs !== this.#toMs) {
      this.#push();
      this.#fromMs = fromMs;
    }
    this.#toMs = toMs;
  }

  take(): Interval[] {
    this.#push();
    return this.#runs;
  }

  #push(): void {
    if (this.#fromMs < this.#toMs) this.#runs.push({ fromMs: this.#fromMs, toMs: this.#toMs });
  }
}
