import type { AssetKey, DeviceKey } from './words.ts';

export const SEVERITIES = ['warning', 'alarm', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a breach speaks of: the climate and the fruit, what measures them, or what tells of them. */
export type BreachSubject = 'cargo' | 'sensor' | 'device';

/** Why a device is silent, as far as its last frames tell: its battery was running out, or it was on the move. */
export type SilenceCause = 'battery' | 'moving' | 'never-heard';

/** What closed a breach; `sensor-sick`: its sensor can no longer be trusted, so that nobody knows. */
export type BreachEnd = 'recovered' | 'sensor-sick' | 'custody-ended' | 'placement-ended';

/**
 * An interval in which a rule's condition held. Its content is a function of frames, events, rule set and as-of
 * time alone: two runs over the same input hold the same breaches, byte for byte.
 */
export interface Breach {
  /** `{device}:{channel}:{rule}:{startMs}`: the same condition always gets the same id. */
  readonly id: string;
  readonly device: DeviceKey;
  /** `frames` for a device that gave none. */
  readonly channel: string;
  readonly asset: AssetKey;
  /** Name of the profile's rule, e.g. `pulp-high`. */
  readonly rule: string;
  /** What that rule does, e.g. `high`: names are the packs' own, folds are known. */
  readonly fold: string;
  readonly profile: string;
  readonly severity: Severity;
  readonly about: BreachSubject;
  readonly limit: number;
  /** Of the limit and the peak, by RFC 8428 §12.1 where it has one: `Cel`, `%RH`, `%EL`, `K`, `K/h`, `min`. */
  readonly unit: string;
  /** First frame beyond the limit. */
  readonly startMs: number;
  /** The frame at which the dwell time was reached: from here on it is a breach. */
  readonly raisedMs: number;
  /** First instant at which the condition no longer held; null while it still does. */
  readonly endMs: number | null;
  /** Null while it is open, and where nobody knows: its frames were gone when changed rules judged it. */
  readonly endedBy: BreachEnd | null;
  /** Only of a silence; null where nothing tells. */
  readonly cause: SilenceCause | null;
  /** The worst value, and when it was seen. */
  readonly peak: number;
  readonly peakMs: number;
}

/**
 * Why a breach was revised:
 * - `raised`       its condition reached the dwell time
 * - `raised-late`  so it did before frames that were known already: late data brought it to light
 * - `changed`      its worst value or the instant at which it was raised is another
 * - `cleared`      it ended
 * - `extended`     it lasted longer than was known, or goes on after all
 * - `shortened`    it ended earlier than was known
 * - `merged`       late data: it is part of a longer breach of the same rule, which began earlier
 * - `withdrawn`    late data: it never was
 */
export type BreachReason =
  | 'raised'
  | 'raised-late'
  | 'changed'
  | 'cleared'
  | 'extended'
  | 'shortened'
  | 'merged'
  | 'withdrawn';

/** Whether a change takes a breach out of those that hold. */
export function isTakenBack(change: BreachReason): boolean {
  return change === 'merged' || change === 'withdrawn';
}

/** One step in the life of a breach; `breach` is its content after the step (for one taken back, before it). */
export interface BreachChange {
  readonly change: BreachReason;
  readonly breach: Breach;
}
