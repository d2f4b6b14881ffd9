import { type Breach, SEVERITIES, type Severity } from './breach.ts';
import type { AssetKey } from './words.ts';

/** Why an alert was revised. */
export const ALERT_REASONS = {
  raised: 'its first breach was found as it happened',
  'raised-late': 'its first breach was found in late data',
  worse: 'a breach of a higher severity joined it',
  changed: 'breaches joined it, left it, or changed their times',
  cleared: 'its last open breach ended',
  reopened: 'a breach went on, or came back within the gap',
  merged: 'late data joined it with another alert, which goes on for both',
  withdrawn: 'late data proved all its breaches false',
  acknowledged: 'somebody took it on',
  escalated: 'nobody took it on in time',
} as const;
export type AlertReason = keyof typeof ALERT_REASONS;

export type AlertState = 'ACTIVE' | 'CLEARED';

/** `cargo`: the climate and the fruit in it. `instruments`: what measures them; nobody knows how the fruit is. */
export type AlertSubject = 'cargo' | 'instruments';

/** What an alert says: a function of the breaches of its asset and of who held what is in it, and of nothing else. */
export interface AlertContent {
  readonly asset: AssetKey;
  readonly about: AlertSubject;
  /** One line for people: the likely cause, then what is gravest. */
  readonly headline: string;
  /** The breach that is likely to be why the others are; null where none stands out. */
  readonly causeId: string | null;
  /** Who held a batch in the asset when the first breach began; else the asset's own org. Sorted. */
  readonly orgs: readonly string[];
  /** Of its worst breach. */
  readonly severity: Severity;
  /** Its breaches, by start and id. */
  readonly breachIds: readonly string[];
  readonly startMs: number;
  /** When the first of its breaches was raised, in event time. */
  readonly raisedMs: number;
  /** When the last of them ended; null while one is open. */
  readonly endMs: number | null;
}

/** Somebody's word that they have taken an alert on. */
export interface Acknowledgement {
  readonly by: string;
  readonly note: string;
  readonly atMs: number;
}

/** The life of a group of breaches for people, after ThingsBoard's model: ACTIVE/CLEARED × acknowledged. */
export interface Alert extends AlertContent {
  readonly id: string;
  readonly state: AlertState;
  /** Null too where a worse breach has joined since it was acknowledged. */
  readonly acknowledged: Acknowledgement | null;
  /** Its first breach was found in data that came after the frames that follow it. */
  readonly late: boolean;
  /** Later data proved all its breaches false; its content is as it was before. */
  readonly withdrawn: boolean;
  /** The alert that goes on for this one. */
  readonly mergedInto: string | null;
  /** When it became known and when its end did, by the clock in force: its other times are event times. */
  readonly knownMs: number;
  readonly clearedMs: number | null;
  /** Since when it waits for somebody to take it on, or from when on it will; null once somebody has. */
  readonly waitingMs: number | null;
  /** When it was escalated for want of an acknowledgement. */
  readonly escalatedMs: number | null;
}

/** What is told to the outside, one for each revision of an alert. */
export interface AlertNotice {
  readonly reason: AlertReason;
  /**
   * True where somebody should look now: it is on and waits for somebody, and it is new, back, worse, or was left
   * waiting too long. Else an update of what was told before.
   */
  readonly calls: boolean;
  /** The clock in force. */
  readonly asOfMs: number;
  /** That of the worst breach, one step higher once escalated. */
  readonly severity: Severity;
  /** As the alert was told last; null for the first time. */
  readonly before: { readonly severity: Severity; readonly orgs: readonly string[] } | null;
  readonly alert: Alert;
  readonly breaches: readonly Breach[];
}

/** Changes that call somebody, where the alert is on and waits. */
export const CALLING: ReadonlySet<AlertReason> = new Set(['raised', 'raised-late', 'reopened', 'worse', 'escalated']);

/** What is told of a change. @param before the alert as it was; undefined where it is new */
export function noticeOf(
  reason: AlertReason,
  asOfMs: number,
  alert: Alert,
  before: Alert | undefined,
  breaches: readonly Breach[],
): AlertNotice {
  return {
    reason,
    calls: CALLING.has(reason) && alert.state === 'ACTIVE' && (alert.waitingMs ?? Infinity) <= asOfMs,
    asOfMs,
    severity: shownSeverity(alert),
    before: before ? { severity: shownSeverity(before), orgs: before.orgs } : null,
    alert,
    breaches,
  };
}

/** The severity that people see: an escalated alert counts one step higher, as far as there is one. */
export function shownSeverity({ severity, escalatedMs }: Pick<Alert, 'severity' | 'escalatedMs'>): Severity {
  if (escalatedMs === null) return severity;
  return SEVERITIES[Math.min(severityRank(severity) + 1, SEVERITIES.length - 1)]!;
}

/** 0 for the least. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
