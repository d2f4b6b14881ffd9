import type { Breach, SilenceCause } from '../contract/breach.ts';
import type { DeviceKey } from '../contract/words.ts';
import { type ArmingInterval, armedAt, firstAfter } from './arming.ts';
import { type ArmedRule, armedRules } from './compile.ts';
import type { Heard } from './heard.ts';

/** What a silence is a breach of: a device has no channel for it, so its frames stand for one. */
const FRAMES = 'frames';

const MINUTE_MS = 60_000;

/** The last frame of a device that has sent none. Earlier than any: ingest refuses times before the year 2000. */
export const NO_FRAME_MS = 0;

/** A device that told less charge than this in its last frame has likely run out. ESTIMATE. */
const BATTERY_OUT_PCT = 10;

/** A device that moved faster than this is likely in a tunnel or out of reach. ESTIMATE: faster than on foot. */
const MOVING_MPS = 3;

/** The shortest silence that any of the intervals' rules may call a breach; Infinity where none does. */
export function shortestSilenceMs(arming: readonly ArmingInterval[]): number {
  let shortestMs = Number.POSITIVE_INFINITY;
  for (const { profile, assetKind } of arming) {
    for (const { bound } of armedRules(profile, assetKind)) {
      shortestMs = Math.min(shortestMs, bound.silentAfterMs?.(0) ?? Number.POSITIVE_INFINITY);
    }
  }
  return shortestMs;
}

/**
 * The silences of a device after its last frame, in every stretch in which it is armed.
 * @param untilMs the next frame, or the time that it is
 * @param isFrame true where a frame came at `untilMs`
 * @param before what the device's frames told of it up to the last one
 */
export function silencesBetween(
  device: DeviceKey,
  lastMs: number,
  untilMs: number,
  isFrame: boolean,
  before: Heard,
  arming: readonly ArmingInterval[],
): Breach[] {
  const breaches: Breach[] = [];
  for (const { interval, rule, startMs, raisedMs } of silencesAfter(lastMs, before.everyMs(), arming)) {
    if (startMs >= untilMs) break;
    const endedByFrame = isFrame && untilMs < interval.toMs;
    // What ends in the time known to come ends there for people too, as any open breach does.
    const endMs = endedByFrame ? untilMs : Number.isFinite(interval.toMs) ? interval.toMs : null;
    if (raisedMs > untilMs || (endMs !== null && raisedMs > endMs)) continue;
    const limit = (raisedMs - startMs) / MINUTE_MS;
    breaches.push({
      id: `${device}:${FRAMES}:${rule.name}:${startMs}`,
      device,
      channel: FRAMES,
      asset: interval.asset,
      rule: rule.name,
      fold: rule.fold,
      profile: interval.profile.name,
      severity: rule.severity,
      about: rule.aboutOn(FRAMES),
      limit,
      unit: rule.unitOn(FRAMES),
      startMs,
      raisedMs,
      endMs,
      endedBy: endMs === null ? null : endedByFrame ? 'recovered' : interval.endedBy,
      cause: causeOf(lastMs, before),
      peak: endedByFrame ? (untilMs - startMs) / MINUTE_MS : limit,
      peakMs: endedByFrame ? untilMs : raisedMs,
    });
  }
  return breaches;
}

function causeOf(lastMs: number, before: Heard): SilenceCause | null {
  if (lastMs === NO_FRAME_MS) return 'never-heard';
  if ((before.batteryPct ?? 100) < BATTERY_OUT_PCT) return 'battery';
  return before.speedMps > MOVING_MPS ? 'moving' : null;
}

/** When, after the instant, a device that stays silent is next in breach; Infinity where it never is. */
export function nextSilenceMs(
  lastMs: number,
  everyMs: number,
  arming: readonly ArmingInterval[],
  afterMs: number,
): number {
  for (const { interval, raisedMs } of silencesAfter(lastMs, everyMs, arming)) {
    if (raisedMs > afterMs && raisedMs <= interval.toMs) return raisedMs;
  }
  return Number.POSITIVE_INFINITY;
}

interface Silence {
  readonly interval: ArmingInterval;
  readonly rule: ArmedRule;
  readonly startMs: number;
  readonly raisedMs: number;
}

/** Every silence there would be if no frame came any more, by arming interval and rule. */
function* silencesAfter(lastMs: number, everyMs: number, arming: readonly ArmingInterval[]): Generator<Silence> {
  const at = armedAt(arming, lastMs);
  for (let i = at >= 0 ? at : firstAfter(arming, lastMs); i < arming.length; i++) {
    const interval = arming[i]!;
    const startMs = Math.max(lastMs, interval.fromMs);
    for (const rule of armedRules(interval.profile, interval.assetKind)) {
      const afterMs = rule.bound.silentAfterMs?.(everyMs);
      if (afterMs !== undefined) yield { interval, rule, startMs, raisedMs: startMs + afterMs };
    }
  }
}
