import type { ToldBreach } from './heard-device.ts';
import { type Alarm, alarmsOf } from './match.ts';

/** What two rule sets said differently, alarm by alarm. */
export interface AlarmDiff {
  /** Alarms that overlap none of the other set on their asset. */
  readonly onlyA: readonly Alarm[];
  readonly onlyB: readonly Alarm[];
  /** Alarms of both on one asset that overlap and were not raised at the same instant; B's is later where above 0. */
  readonly moved: readonly { readonly a: Alarm; readonly b: Alarm; readonly laterMs: number }[];
  readonly same: number;
}

/** Compares what two rule sets said of the same frames. An alarm is compared with the first of the other it overlaps. */
export function diffAlarms(breachesA: readonly ToldBreach[], breachesB: readonly ToldBreach[]): AlarmDiff {
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
  return { onlyA, onlyB: alarmsB.filter((b) => !overlapping(b, inA)), moved, same };
}

const placeOf = ({ asset, subject }: Alarm) => `${subject} ${asset}`;

function byPlace(alarms: readonly Alarm[]): Map<string, Alarm[]> {
  const places = new Map<string, Alarm[]>();
  for (const alarm of alarms) places.set(placeOf(alarm), [...(places.get(placeOf(alarm)) ?? []), alarm]);
  return places;
}

function overlapping(alarm: Alarm, others: ReadonlyMap<string, readonly Alarm[]>): Alarm | undefined {
  return others.get(placeOf(alarm))?.find((other) => other.raisedMs < alarm.endMs && alarm.raisedMs < other.endMs);
}
