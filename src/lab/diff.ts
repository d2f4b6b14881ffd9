import type { ToldBreach } from './heard-device.ts';
import type { Incident } from './incident.ts';
import { type Alarm, alarmsOf, match } from './match.ts';

/** An alarm of one rule set, and whether it was false; null where the truth is not known. */
export interface JudgedAlarm {
  readonly alarm: Alarm;
  readonly isFalse: boolean | null;
}

/** What two rule sets said differently, alarm by alarm. */
export interface AlarmDiff {
  /** Alarms that overlap none of the other set on their asset. */
  readonly onlyA: readonly JudgedAlarm[];
  readonly onlyB: readonly JudgedAlarm[];
  /** Alarms of both on one asset that overlap and were not raised at the same instant; B's is later where above 0. */
  readonly moved: readonly { readonly a: Alarm; readonly b: Alarm; readonly laterMs: number }[];
  readonly same: number;
}

/**
 * Compares what two rule sets said of the same frames. An alarm is compared with the first of the other it overlaps.
 * @param incidents what truly went wrong, where that is known
 */
export function diffAlarms(
  breachesA: readonly ToldBreach[],
  breachesB: readonly ToldBreach[],
  incidents: readonly Incident[] | null,
): AlarmDiff {
  const [alarmsA, alarmsB] = [alarmsOf(breachesA), alarmsOf(breachesB)];
  const inB = byPlace(alarmsB);
  const inA = byPlace(alarmsA);
  const onlyA: Alarm[] = [];
  const moved: { a: Alarm; b: Alarm; laterMs: number }[] = [];
  let same = 0;
  for (const a of alarmsA) {
    const b = overlapping(a, inB);
    if (!b) onlyA.push(a);
    else if (a.raisedMs === b.raisedMs) same++;
    else moved.push({ a, b, laterMs: b.raisedMs - a.raisedMs });
  }
  const onlyB = alarmsB.filter((b) => !overlapping(b, inA));
  return { onlyA: judged(onlyA, breachesA, incidents), onlyB: judged(onlyB, breachesB, incidents), moved, same };
}

function judged(
  alarms: readonly Alarm[],
  breaches: readonly ToldBreach[],
  incidents: readonly Incident[] | null,
): JudgedAlarm[] {
  if (!incidents) return alarms.map((alarm) => ({ alarm, isFalse: null }));
  const wrong = new Set(match(incidents, breaches).falseAlarms.map((alarm) => alarm.breaches[0]!.id));
  return alarms.map((alarm) => ({ alarm, isFalse: wrong.has(alarm.breaches[0]!.id) }));
}

const placeOf = ({ asset, subject }: Alarm) => `${subject} ${asset}`;

function byPlace(alarms: readonly Alarm[]): Map<string, Alarm[]> {
  const places = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    const at = places.get(placeOf(alarm));
    if (at) at.push(alarm);
    else places.set(placeOf(alarm), [alarm]);
  }
  return places;
}

function overlapping(alarm: Alarm, others: ReadonlyMap<string, readonly Alarm[]>): Alarm | undefined {
  return others.get(placeOf(alarm))?.find((other) => other.raisedMs < alarm.endMs && alarm.raisedMs < other.endMs);
}
