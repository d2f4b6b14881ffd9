import type { Breach, BreachEnd } from '../contract/breach.ts';
import type { FrameChunk, Layout } from '../contract/frame.ts';
import type { DeviceKey } from '../contract/words.ts';
import { type ArmingInterval, armedAt, firstAfter } from './arming.ts';
import { type ArmedRule, armedRules, type Watch, type WatchPlan, watchPlan } from './compile.ts';
import { Heard } from './heard.ts';
import { Memories, type SavedMemories } from './memories.ts';
import type { Place } from './memory-map.ts';
import type { Spell } from './rule.ts';
import { NO_FRAME_MS, nextSilenceMs, shortestSilenceMs, silencesBetween } from './silence.ts';
import { foldStrata, type SpellSink } from './strata.ts';

/**
 * All that detection remembers of a device: a cache, rebuilt from a checkpoint and the frame store. Plain JSON, equal
 * for equal pasts. What rules remember belongs to the arming interval that holds `lastTimeMs`.
 */
export interface DeviceState {
  /** Time of the last frame folded; {@link NO_FRAME_MS} before the first. */
  readonly lastTimeMs: number;
  /** What its frames told of the device itself. */
  readonly heard: readonly number[];
  readonly memories: SavedMemories;
  /** Up to when a door or a defrost explains warm air; 0 where nothing does. */
  readonly explainedUntilMs: number;
}

export const initialState: DeviceState = { lastTimeMs: NO_FRAME_MS, heard: [], memories: {}, explainedUntilMs: 0 };

/** A checkpoint is kept where a device's frames cross a multiple of this in event time. */
export const CHECKPOINT_EVERY_MS = 6 * 3_600_000;

/** What comes out of a fold besides the state. */
export interface FoldSink {
  /** A breach that has ended for good, as far as the frames folded and the arming tell. */
  closed(breach: Breach): void;
  /** The state before the first frame after a multiple of {@link CHECKPOINT_EVERY_MS}. */
  checkpoint(state: DeviceState): void;
}

/**
 * The fold over one device's frames. What comes out depends on frames and arming alone: the same frames cut into other
 * chunks, or begun again from a saved state, give the same breaches and states.
 */
export class DeviceFold implements SpellSink {
  readonly #device: DeviceKey;
  readonly #heard: Heard;
  #arming: readonly ArmingInterval[];
  #shortestSilenceMs: number;
  #lastTimeMs: number;
  #explainedUntilMs: number;
  /** The one that holds the last frame, and what its rules remember; null where the device is not armed. */
  #interval: ArmingInterval | null = null;
  #memories: Memories | null = null;
  /** Of the last layout seen in the interval. */
  #layout: Layout | null = null;
  #plan: WatchPlan | null = null;
  #sink: FoldSink | null = null;

  /** @param arming must not have changed at or before the state's last frame since it was made */
  constructor(device: DeviceKey, arming: readonly ArmingInterval[], state: DeviceState = initialState) {
    this.#device = device;
    this.#arming = arming;
    this.#shortestSilenceMs = shortestSilenceMs(arming);
    this.#lastTimeMs = state.lastTimeMs;
    this.#explainedUntilMs = state.explainedUntilMs;
    this.#heard = new Heard(state.heard);
    this.#arm(state.lastTimeMs, state.memories);
  }

  /** Time of the last frame folded. */
  get lastTimeMs(): number {
    return this.#lastTimeMs;
  }

  /** What is remembered now. */
  state(): DeviceState {
    return {
      lastTimeMs: this.#lastTimeMs,
      heard: this.#heard.saved(),
      memories: this.#memories?.saved() ?? {},
      explainedUntilMs: this.#explainedUntilMs,
    };
  }

  /** Takes a new arming. @param arming the same as before at and before the last frame */
  rearm(arming: readonly ArmingInterval[]): void {
    const at = armedAt(arming, this.#lastTimeMs);
    this.#arming = arming;
    this.#shortestSilenceMs = shortestSilenceMs(arming);
    this.#interval = at < 0 ? null : arming[at]!;
  }

  /** Folds frames. @param chunk every frame later than the last one folded */
  fold(chunk: FrameChunk, sink: FoldSink): void {
    const { timeMs, size } = chunk;
    if (size === 0) return;
    if (timeMs[0]! <= this.#lastTimeMs) throw new RangeError(`${this.#device}: a frame folded out of order`);
    this.#sink = sink;
    for (let from = 0; from < size; ) {
      const firstMs = timeMs[from]!;
      const window = checkpointWindow(firstMs);
      if (this.#lastTimeMs !== NO_FRAME_MS && window > checkpointWindow(this.#lastTimeMs)) {
        sink.checkpoint(this.state());
      }
      if (this.#interval && firstMs >= this.#interval.toMs) this.#disarm();
      if (!this.#interval) this.#arm(firstMs, {});
      const armedUntilMs = this.#interval?.toMs ?? this.#armedFromMs(firstMs);
      const to = this.#hear(chunk, from, Math.min(armedUntilMs, (window + 1) * CHECKPOINT_EVERY_MS));
      if (this.#interval) this.#foldArmed(chunk, from, to, this.#interval);
      from = to;
    }
    this.#sink = null;
  }

  /**
   * The breaches that are open, as they are to be shown: where the arming is known to end, the breach ends there too,
   * though no frame after it may ever come. Later frames from before that end still change it.
   * @param asOfMs the time that it is, by the clock in force: how long a silent device has been silent
   */
  openBreaches(asOfMs: number): Breach[] {
    const raised = this.#raised();
    if (asOfMs - this.#lastTimeMs < this.#shortestSilenceMs) return raised;
    const silences = silencesBetween(this.#device, this.#lastTimeMs, asOfMs, false, this.#heard, this.#arming);
    return silences.length === 0 ? raised : [...raised, ...silences];
  }

  /** When, after the instant, the device is next in breach if it stays silent; Infinity where it never is. */
  nextSilenceMs(afterMs: number): number {
    if (this.#shortestSilenceMs === Number.POSITIVE_INFINITY) return this.#shortestSilenceMs;
    return nextSilenceMs(this.#lastTimeMs, this.#heard.everyMs(), this.#arming, afterMs);
  }

  /** Sink of the strata. */
  ended(watch: Watch, spell: Spell, endMs: number, sensorSick: boolean): void {
    const endedBy = sensorSick ? 'sensor-sick' : 'recovered';
    this.#sink!.closed(breachOf(this.#device, watch.channel, watch, spell, this.#interval!, endMs, endedBy));
  }

  /** Takes the times of frames before `untilMs`, and what they tell of the device. @returns the index after them */
  #hear(chunk: FrameChunk, from: number, untilMs: number): number {
    const { timeMs, size } = chunk;
    let noted = from;
    let to = from;
    for (; to < size && timeMs[to]! < untilMs; to++) {
      const frameMs = timeMs[to]!;
      const gapMs = frameMs - this.#lastTimeMs;
      if (gapMs >= this.#shortestSilenceMs) {
        this.#heard.frames(chunk, noted, to);
        noted = to;
        const silences = silencesBetween(this.#device, this.#lastTimeMs, frameMs, true, this.#heard, this.#arming);
        for (const breach of silences) this.#sink!.closed(breach);
      }
      if (this.#lastTimeMs !== NO_FRAME_MS) this.#heard.gap(gapMs);
      this.#lastTimeMs = frameMs;
    }
    this.#heard.frames(chunk, noted, to);
    return to;
  }

  #foldArmed(chunk: FrameChunk, from: number, to: number, interval: ArmingInterval): void {
    if (this.#layout !== chunk.layout || !this.#plan) {
      this.#layout = chunk.layout;
      this.#plan = watchPlan(interval.profile, interval.assetKind, chunk.layout);
    }
    const plan = this.#plan;
    const memories = this.#memories!;
    const offsets = memories.offsets(plan);
    const { numbers } = memories;
    const explainedUntilMs = this.#explainedUntilMs;
    this.#explainedUntilMs = foldStrata({ chunk, from, to, plan, numbers, offsets, explainedUntilMs }, this);
  }

  #armedFromMs(afterMs: number): number {
    return this.#arming[firstAfter(this.#arming, afterMs)]?.fromMs ?? Number.POSITIVE_INFINITY;
  }

  #arm(timeMs: number, saved: SavedMemories): void {
    const at = armedAt(this.#arming, timeMs);
    if (at < 0) return;
    this.#interval = this.#arming[at]!;
    this.#memories = new Memories(armedRules(this.#interval.profile, this.#interval.assetKind), saved);
  }

  #disarm(): void {
    for (const breach of this.#raised()) this.#sink!.closed(breach);
    this.#interval = null;
    this.#memories = null;
    this.#plan = null;
    this.#explainedUntilMs = 0;
  }

  /** The raised breaches, ended where their arming interval ends. */
  #raised(): Breach[] {
    const breaches: Breach[] = [];
    const interval = this.#interval;
    if (!interval) return breaches;
    const endMs = Number.isFinite(interval.toMs) ? interval.toMs : null;
    const endedBy = endMs === null ? null : interval.endedBy;
    const tell = ({ channel, rule }: Place, spell: Spell) => {
      breaches.push(breachOf(this.#device, channel, rule, spell, interval, endMs, endedBy));
    };
    this.#memories!.forEachRaised(tell);
    if (endMs !== null) this.#memories!.forEachLeft(endMs, tell);
    return breaches;
  }
}

/** Which multiple of {@link CHECKPOINT_EVERY_MS} an instant follows. */
function checkpointWindow(timeMs: number): number {
  return Math.floor(timeMs / CHECKPOINT_EVERY_MS);
}

function breachOf(
  device: DeviceKey,
  channel: string,
  rule: ArmedRule,
  spell: Spell,
  interval: ArmingInterval,
  endMs: number | null,
  endedBy: BreachEnd | null,
): Breach {
  return {
    id: `${device}:${channel}:${rule.name}:${spell.startMs}`,
    device,
    channel,
    asset: interval.asset,
    rule: rule.name,
    fold: rule.fold,
    profile: interval.profile.name,
    severity: rule.severity,
    about: rule.aboutOn(channel),
    limit: rule.bound.limitFor?.(spell.peak) ?? rule.bound.limit,
    unit: rule.unitOn(channel),
    startMs: spell.startMs,
    raisedMs: spell.raisedMs,
    endMs,
    endedBy,
    cause: null,
    peak: spell.peak,
    peakMs: spell.peakMs,
  };
}
