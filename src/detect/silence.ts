import type { Breach } from '../contract/breach.ts';
import type { DeviceKey } from '../contract/words.ts';
import { type ArmingInterval, armedAt, firstAfter } from './arming.ts';
import { type ArmedRule, armedRules } from './compile.ts';

/** What a silence is a breach of: a device has no channel for it, so its frames stand for one. */
const FRAMES = 'frames';

const MINUTE_MS = 60_000;

/** Shorter times between frames are never looked at; `no-data` does not take less (see its schema). */
export const SHORTEST_SILENCE_MS = MINUTE_MS;

/**
 * The silences of a device after its last frame, in every stretch in which it is armed.
 * @param untilMs the next frame, or the time that it is
 * @param heard true where a frame came at `untilMs`
 */
export function silencesBetween(
  device: DeviceKey,
  lastMs: number,
  untilMs: number,
  heard: boolean,
  everyMs: number,
  arming: readonly ArmingInterval[],
): Breach[] {
  const breaches: Breach[] = [];
  for (const { interval, rule, startMs, raisedMs } of silencesAfter(lastMs, everyMs, arming)) {
    if (startMs >= untilMs) break;
    const endedByFrame = heard && untilMs < interval.toMs;
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
      profile: interval.profile.name,
      severity: rule.severity,
      about: rule.about,
      limit,
      unit: rule.unitOn(FRAMES),
      startMs,
      raisedMs,
      endMs,
      endedBy: endMs === null ? null : endedByFrame ? 'recovered' : interval.endedBy,
      cause: null,
      peak: endedByFrame ? (untilMs - startMs) / MINUTE_MS : limit,
      peakMs: endedByFrame ? untilMs : raisedMs,
    });
  }
  return breaches;
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

/**
 * How often a device reports, after one more frame: a mean that forgets, over eight frames. A long silence counts as
 * four intervals at most, so that a gap does not make the next one look usual.
 */
export function reportingEveryMs(everyMs: number, gapMs: number): number {
  return everyMs === 0 ? gapMs : Math.round(everyMs + (Math.min(gapMs, 4 * everyMs) - everyMs) / 8);
}
