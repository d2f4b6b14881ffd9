import type { Breach, BreachEnd } from '../contract/breach.ts';
import { channelKind } from '../contract/channel.ts';
import type { FrameChunk } from '../contract/frame.ts';
import type { DeviceKey } from '../contract/words.ts';
import { type ArmingInterval, armedAt, firstAfter } from './arming.ts';
import { type ArmedRule, armedRules, watchPlan } from './compile.ts';
import type { Spell } from './rule.ts';
import { reportingEveryMs, SHORTEST_SILENCE_MS, silencesBetween } from './silence.ts';
import { foldStrata, type StrataState } from './strata.ts';

/**
 * All that detection remembers of a device: a cache, rebuilt from a checkpoint and the frame store. Plain JSON.
 * What the strata remember belongs to the arming interval that holds `lastTimeMs`.
 */
export interface DeviceState extends StrataState {
  /** Time of the last frame folded; {@link NO_FRAME_MS} before the first. */
  readonly lastTimeMs: number;
  /** How often the device reports; 0 before the second frame. */
  readonly everyMs: number;
}

/** Earlier than any frame: ingest refuses times before the year 2000. */
const NO_FRAME_MS = 0;

const AT_REST: StrataState = { memories: {}, explainedUntilMs: 0 };

export const initialState: DeviceState = { lastTimeMs: NO_FRAME_MS, everyMs: 0, ...AT_REST };

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
  const { device, timeMs, size } = chunk;
  if (size > 0 && timeMs[0]! <= state.lastTimeMs) throw new RangeError(`${device}: a frame folded out of order`);
  let { lastTimeMs, everyMs } = state;
  let strata: StrataState = state;
  const hear = (frameMs: number) => {
    const gapMs = frameMs - lastTimeMs;
    if (gapMs > SHORTEST_SILENCE_MS) {
      for (const breach of silencesBetween(device, lastTimeMs, frameMs, true, everyMs, arming)) sink.closed(breach);
    }
    if (lastTimeMs !== NO_FRAME_MS) everyMs = reportingEveryMs(everyMs, gapMs);
    lastTimeMs = frameMs;
  };
  let at = armedAt(arming, lastTimeMs);
  for (let from = 0; from < size; ) {
    const firstMs = timeMs[from]!;
    if (lastTimeMs !== NO_FRAME_MS && checkpointWindow(firstMs) > checkpointWindow(lastTimeMs)) {
      sink.checkpoint({ lastTimeMs, everyMs, memories: strata.memories, explainedUntilMs: strata.explainedUntilMs });
    }
    if (at >= 0 && firstMs >= arming[at]!.toMs) {
      for (const breach of raisedIn(device, strata, arming[at]!)) sink.closed(breach);
      strata = AT_REST;
      at = -1;
    }
    if (at < 0) at = armedAt(arming, firstMs);
    const untilMs = Math.min(
      at >= 0 ? arming[at]!.toMs : (arming[firstAfter(arming, firstMs)]?.fromMs ?? Number.POSITIVE_INFINITY),
      (checkpointWindow(firstMs) + 1) * CHECKPOINT_EVERY_MS,
    );
    let to = from;
    while (to < size && timeMs[to]! < untilMs) hear(timeMs[to++]!);
    if (at >= 0) strata = foldArmed(strata, chunk, from, to, arming[at]!, sink);
    from = to;
  }
  return { lastTimeMs, everyMs, memories: strata.memories, explainedUntilMs: strata.explainedUntilMs };
}

/**
 * The breaches that are open in a state, as they are to be shown: where the arming is known to end, the breach ends
 * there too, though no frame after it may ever come. Later frames from before that end still change it.
 * @param asOfMs the time that it is, by the clock in force: how long a silent device has been silent
 */
export function openBreaches(
  device: DeviceKey,
  state: DeviceState,
  arming: readonly ArmingInterval[],
  asOfMs: number,
): Breach[] {
  const at = armedAt(arming, state.lastTimeMs);
  const raised = at < 0 ? [] : raisedIn(device, state, arming[at]!);
  return [...raised, ...silencesBetween(device, state.lastTimeMs, asOfMs, false, state.everyMs, arming)];
}

/** Which multiple of {@link CHECKPOINT_EVERY_MS} an instant follows. */
function checkpointWindow(timeMs: number): number {
  return Math.floor(timeMs / CHECKPOINT_EVERY_MS);
}

/** Folds frames `from` to `to`, all inside one arming interval. */
function foldArmed(
  before: StrataState,
  chunk: FrameChunk,
  from: number,
  to: number,
  interval: ArmingInterval,
  sink: FoldSink,
): StrataState {
  const plan = watchPlan(interval.profile, interval.assetKind, chunk.layout);
  return foldStrata(before, chunk, from, to, plan, (watch, spell, endMs, sensorSick) => {
    const endedBy = sensorSick ? 'sensor-sick' : 'recovered';
    sink.closed(breachOf(chunk.device, watch.channel, watch, spell, interval, endMs, endedBy));
  });
}

/** The breaches among a state's spells, ended where their arming interval ends. */
function raisedIn(device: DeviceKey, { memories }: StrataState, interval: ArmingInterval): Breach[] {
  const breaches: Breach[] = [];
  const endMs = Number.isFinite(interval.toMs) ? interval.toMs : null;
  for (const [key, { spell }] of Object.entries(memories)) {
    if (spell === null || spell.raisedMs === null) continue;
    const [channel, ruleName] = key.split(':') as [string, string];
    const kind = channelKind(channel)?.kind ?? '';
    const rule = armedRules(interval.profile, interval.assetKind).find(
      (r) => r.name === ruleName && r.channelKinds.includes(kind),
    );
    // A state saved under an older rule set may hold a rule that the profile has no longer: nobody's breach now.
    if (!rule) continue;
    breaches.push(breachOf(device, channel, rule, spell, interval, endMs, endMs === null ? null : interval.endedBy));
  }
  return breaches;
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
    profile: interval.profile.name,
    severity: rule.severity,
    about: rule.about,
    limit: rule.bound.limitFor?.(spell.peak) ?? rule.bound.limit,
    unit: rule.unitOn(channel),
    startMs: spell.startMs,
    raisedMs: spell.raisedMs!,
    endMs,
    endedBy,
    cause: null,
    peak: spell.peak,
    peakMs: spell.peakMs,
  };
}
