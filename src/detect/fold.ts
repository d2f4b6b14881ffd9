import type { Breach, BreachEnd } from '../contract/breach.ts';
import { channelKind } from '../contract/channel.ts';
import type { FrameChunk } from '../contract/frame.ts';
import type { DeviceKey } from '../contract/words.ts';
import { type ArmingInterval, armedAt, firstAfter } from './arming.ts';
import { type ArmedRule, armedRules, type Watch, watchesFor } from './compile.ts';
import type { Excursion } from './rule.ts';

/**
 * All that detection remembers of a device: a cache, rebuilt from a checkpoint and the frame store. Plain JSON.
 * A channel within its limits takes no space in it.
 */
export interface DeviceState {
  /** Time of the last frame folded; {@link NO_FRAME_MS} before the first. */
  readonly lastTimeMs: number;
  /** By `{channel}:{rule}`; they belong to the arming interval that holds `lastTimeMs`. */
  readonly excursions: Readonly<Record<string, Excursion>>;
}

/** Earlier than any frame: ingest refuses times before the year 2000. */
const NO_FRAME_MS = 0;

export const initialState: DeviceState = { lastTimeMs: NO_FRAME_MS, excursions: {} };

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
 * Folds frames of one device into its state. Pure: the same frames cut into other chunks give the same states and
 * the same breaches, and the given state is left as it was.
 * @param chunk every frame later than `state.lastTimeMs`
 * @param arming the device's, which must not have changed at or before `state.lastTimeMs` since the state was made
 */
export function foldChunk(
  state: DeviceState,
  chunk: FrameChunk,
  arming: readonly ArmingInterval[],
  sink: FoldSink,
): DeviceState {
  const { timeMs, size } = chunk;
  if (size > 0 && timeMs[0]! <= state.lastTimeMs) throw new RangeError(`${chunk.device}: a frame folded out of order`);
  let { lastTimeMs, excursions } = state;
  let at = armedAt(arming, lastTimeMs);
  for (let from = 0; from < size; ) {
    const firstMs = timeMs[from]!;
    if (lastTimeMs !== NO_FRAME_MS && checkpointWindow(firstMs) > checkpointWindow(lastTimeMs)) {
      sink.checkpoint({ lastTimeMs, excursions });
    }
    if (at >= 0 && firstMs >= arming[at]!.toMs) {
      for (const breach of raisedIn(chunk.device, excursions, arming[at]!)) sink.closed(breach);
      excursions = initialState.excursions;
      at = -1;
    }
    if (at < 0) at = armedAt(arming, firstMs);
    const untilMs = Math.min(
      at >= 0 ? arming[at]!.toMs : (arming[firstAfter(arming, firstMs)]?.fromMs ?? Number.POSITIVE_INFINITY),
      (checkpointWindow(firstMs) + 1) * CHECKPOINT_EVERY_MS,
    );
    let to = from + 1;
    while (to < size && timeMs[to]! < untilMs) to++;
    if (at >= 0) excursions = foldArmed(excursions, chunk, from, to, arming[at]!, sink);
    lastTimeMs = timeMs[to - 1]!;
    from = to;
  }
  return { lastTimeMs, excursions };
}

/**
 * The breaches that are open in a state, as they are to be shown: where the arming is known to end, the breach ends
 * there too, though no frame after it may ever come. Later frames from before that end still change it.
 */
export function openBreaches(device: DeviceKey, state: DeviceState, arming: readonly ArmingInterval[]): Breach[] {
  const at = armedAt(arming, state.lastTimeMs);
  return at < 0 ? [] : raisedIn(device, state.excursions, arming[at]!);
}

/** Which multiple of {@link CHECKPOINT_EVERY_MS} an instant follows. */
function checkpointWindow(timeMs: number): number {
  return Math.floor(timeMs / CHECKPOINT_EVERY_MS);
}

/** Folds frames `from` to `to`, all inside one arming interval, rule by rule and column by column. */
function foldArmed(
  before: DeviceState['excursions'],
  chunk: FrameChunk,
  from: number,
  to: number,
  interval: ArmingInterval,
  sink: FoldSink,
): DeviceState['excursions'] {
  const { timeMs, values } = chunk;
  const width = chunk.layout.channels.length;
  let after: Record<string, Excursion> | null = null;
  for (const watch of watchesFor(interval.profile, interval.assetKind, chunk.layout)) {
    const first = before[watch.key] ?? null;
    const { bound, column } = watch;
    let excursion = first;
    for (let i = from, k = from * width + column; i < to; i++, k += width) {
      const value = values[k]!;
      if (Number.isNaN(value)) continue; // the frame lacks the channel
      const next = bound.step(excursion, timeMs[i]!, value);
      if (next === excursion) continue;
      if (next === null && excursion !== null && excursion.raisedMs !== null) {
        sink.closed(breachOf(chunk.device, watch.channel, watch, excursion, interval, timeMs[i]!, 'recovered'));
      }
      excursion = next;
    }
    if (excursion === first) continue;
    after ??= { ...before };
    if (excursion) after[watch.key] = excursion;
    else delete after[watch.key];
  }
  return after ?? before;
}

/** The breaches among a state's excursions, ended where their arming interval ends. */
function raisedIn(device: DeviceKey, excursions: DeviceState['excursions'], interval: ArmingInterval): Breach[] {
  const breaches: Breach[] = [];
  const endMs = Number.isFinite(interval.toMs) ? interval.toMs : null;
  for (const [key, excursion] of Object.entries(excursions)) {
    if (excursion.raisedMs === null) continue;
    const [channel, ruleName] = key.split(':') as [string, string];
    const kind = channelKind(channel)?.kind ?? '';
    const rule = armedRules(interval.profile, interval.assetKind).find(
      (r) => r.name === ruleName && r.channelKinds.includes(kind),
    );
    // A state saved under an older rule set may hold a rule that the profile has no longer: nobody's breach now.
    if (!rule) continue;
    breaches.push(
      breachOf(device, channel, rule, excursion, interval, endMs, endMs === null ? null : interval.endedBy),
    );
  }
  return breaches;
}

function breachOf(
  device: DeviceKey,
  channel: string,
  rule: ArmedRule | Watch,
  excursion: Excursion,
  interval: ArmingInterval,
  endMs: number | null,
  endedBy: BreachEnd | null,
): Breach {
  return {
    id: `${device}:${channel}:${rule.name}:${excursion.startMs}`,
    device,
    channel,
    asset: interval.asset,
    rule: rule.name,
    profile: interval.profile.name,
    severity: rule.severity,
    limitC: rule.bound.limitC,
    startMs: excursion.startMs,
    raisedMs: excursion.raisedMs!,
    endMs,
    endedBy,
    peakC: excursion.peakC,
    peakMs: excursion.peakMs,
  };
}
