import { AIR_KINDS, columnsOf, PULP_KINDS } from '../../contract/cargo-channels.ts';
import { roundTo } from '../../contract/channel.ts';
import type { FrameChunk, Layout } from '../../contract/frame.ts';
import type { Interval } from '../../contract/words.ts';
import { curveValue } from '../../produce/curve.ts';
import type { QualityModel } from '../../produce/quality.ts';
import type { Slice } from '../../store/frames/store.ts';
import { CLOCK_UNITS } from './tally.ts';

const DAY_MS = 86_400_000;

/** A stretch of time in which an asset's fruit is taken to be as it was read. */
export interface Stretch extends Interval {
  /** The oldest reading that speaks for it: what was read before a batch came in does not speak for that batch. */
  readonly readMs: number;
  /** The warmest probe in the fruit; null where air stands for it. Limits hold for every fruit. */
  readonly warmestC: number | null;
  /** The speed of the two clocks at the mean of what was read, CLOCK_UNITS a ms: whole numbers. */
  readonly ripeningPerMs: number;
  readonly chillingPerMs: number;
}

/** Frames of one device while it was on the asset. */
export interface DeviceFrames {
  readonly slice: Slice;
  /** Ascending, as the store gives them. */
  readonly chunks: readonly FrameChunk[];
}

/** Whether a channel's sensor is not to be believed at an instant. */
export type IsSick = (device: string, channel: string, timeMs: number) => boolean;

/** One frame of a device: means of its probes. NaN where it has none. */
interface Moment {
  readonly timeMs: number;
  readonly source: Source;
  readonly pulpC: number;
  readonly warmestC: number;
  readonly airC: number;
}

/** What a device said last. */
interface Source {
  pulp: Moment | null;
  air: Moment | null;
  readonly toMs: number;
}

/**
 * What is known of the fruit in an asset, ascending and disjoint; between the stretches nobody knows. As in a trace, a
 * value holds until the device's next one, but no longer than `maxGapMs`; pulp goes before air. Where several devices
 * speak, their means count alike, and the warmest probe of all. Depends on the frames alone, not on how they are cut.
 */
export function fruitRecord(
  devices: readonly DeviceFrames[],
  model: QualityModel,
  maxGapMs: number,
  isSick: IsSick | null,
): Stretch[] {
  const sources: Source[] = [];
  const moments: Moment[] = [];
  for (const { slice, chunks } of devices) {
    const source: Source = { pulp: null, air: null, toMs: slice.toMs };
    sources.push(source);
    for (const chunk of chunks) readMoments(chunk, slice, source, isSick, moments);
  }
  // Stable: at one instant devices speak in the order given.
  moments.sort((a, b) => a.timeMs - b.timeMs);
  const rates = Rates.of(model);
  const record: Stretch[] = [];
  moments.forEach((moment, i) => {
    if (!Number.isNaN(moment.pulpC)) moment.source.pulp = moment;
    if (!Number.isNaN(moment.airC)) moment.source.air = moment;
    const nextMs = moments[i + 1]?.timeMs ?? Number.POSITIVE_INFINITY;
    if (nextMs > moment.timeMs) hold(sources, moment.timeMs, nextMs, maxGapMs, rates, record);
  });
  return record;
}

function readMoments(chunk: FrameChunk, slice: Slice, source: Source, isSick: IsSick | null, into: Moment[]): void {
  const { layout, size, timeMs, values } = chunk;
  const pulp = columnsOf(layout, PULP_KINDS);
  const air = columnsOf(layout, AIR_KINDS);
  for (let i = 0; i < size; i++) {
    const t = timeMs[i]!;
    if (t < slice.fromMs || t >= slice.toMs) continue;
    const at = i * layout.channels.length;
    const [pulpC, warmestC] = pooled(values, at, pulp, layout, chunk.device, t, isSick);
    const [airC] = pooled(values, at, air, layout, chunk.device, t, isSick);
    if (!Number.isNaN(pulpC) || !Number.isNaN(airC)) into.push({ timeMs: t, source, pulpC, warmestC, airC });
  }
}

function pooled(
  values: Float64Array,
  at: number,
  columns: readonly number[],
  layout: Layout,
  device: string,
  timeMs: number,
  isSick: IsSick | null,
): readonly [meanC: number, warmestC: number] {
  let n = 0;
  let sumC = 0;
  let warmestC = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    const c = values[at + column]!;
    if (Number.isNaN(c) || isSick?.(device, layout.channels[column]!, timeMs)) continue;
    n++;
    sumC += c;
    if (c > warmestC) warmestC = c;
  }
  return n === 0 ? [Number.NaN, Number.NaN] : [sumC / n, warmestC];
}

/** Lets what was said last hold from one instant to the next, for as long as it may. */
function hold(
  sources: readonly Source[],
  fromMs: number,
  toMs: number,
  maxGapMs: number,
  rates: Rates,
  record: Stretch[],
): void {
  for (let atMs = fromMs; atMs < toMs; ) {
    const by = spokenBy(sources, 'pulp', atMs, maxGapMs) ?? spokenBy(sources, 'air', atMs, maxGapMs);
    if (!by) return;
    const untilMs = Math.min(by.untilMs, toMs);
    const { ripeningPerMs, chillingPerMs } = rates.at(by.meanC);
    record.push({
      fromMs: atMs,
      toMs: untilMs,
      readMs: by.readMs,
      warmestC: by.warmestC,
      ripeningPerMs,
      chillingPerMs,
    });
    atMs = untilMs;
  }
}

function spokenBy(sources: readonly Source[], kind: 'pulp' | 'air', atMs: number, maxGapMs: number) {
  let n = 0;
  let sumC = 0;
  let warmestC = Number.NEGATIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;
  let readMs = Number.POSITIVE_INFINITY;
  for (const source of sources) {
    const last = source[kind];
    if (!last) continue;
    const endMs = Math.min(last.timeMs + maxGapMs, source.toMs);
    if (endMs <= atMs) continue;
    n++;
    sumC += kind === 'pulp' ? last.pulpC : last.airC;
    warmestC = Math.max(warmestC, last.warmestC);
    untilMs = Math.min(untilMs, endMs);
    readMs = Math.min(readMs, last.timeMs);
  }
  if (n === 0) return undefined;
  return { meanC: sumC / n, warmestC: kind === 'pulp' ? warmestC : null, untilMs, readMs };
}

/** More temperatures than fruit ever has, at a thousandth of a degree. */
const RATES_MAX = 100_000;

/** The clocks' speeds by temperature: fruit has the same few thousand temperatures again and again. */
class Rates {
  static readonly #ofModel = new WeakMap<QualityModel, Rates>();
  readonly #model: QualityModel;
  readonly #known = new Map<number, { readonly ripeningPerMs: number; readonly chillingPerMs: number }>();

  private constructor(model: QualityModel) {
    this.#model = model;
  }

  static of(model: QualityModel): Rates {
    let rates = Rates.#ofModel.get(model);
    if (!rates) {
      rates = new Rates(model);
      Rates.#ofModel.set(model, rates);
    }
    return rates;
  }

  at(meanC: number) {
    const tempC = roundTo(meanC, 3);
    let rates = this.#known.get(tempC);
    if (!rates) {
      const perMs = (perDay: number) => Math.round((perDay / DAY_MS) * CLOCK_UNITS);
      rates = {
        ripeningPerMs: perMs(curveValue(this.#model.ripeningPerDay, tempC)),
        chillingPerMs: perMs(curveValue(this.#model.chillingPerDay, tempC)),
      };
      if (this.#known.size >= RATES_MAX) this.#known.clear();
      this.#known.set(tempC, rates);
    }
    return rates;
  }
}
