import type { BreachSubject } from '../contract/breach.ts';
import type { AssetKey } from '../contract/words.ts';
import type { ToldBreach } from './heard-device.ts';
import type { Incident } from './incident.ts';

/** Breaches of one asset and one subject that overlap, or are raised at one instant: for people, one alarm. It speaks when the first is raised. */
export interface Alarm {
  readonly asset: AssetKey;
  readonly subject: BreachSubject;
  readonly breaches: readonly ToldBreach[];
  readonly raisedMs: number;
  /** Infinity while it goes on. */
  readonly endMs: number;
}

/** What alarms say of incidents. */
export interface Match {
  /** By incident: when people could know of it, epoch ms; null where no alarm speaks of it. */
  readonly foundMs: readonly (number | null)[];
  readonly alarms: readonly Alarm[];
  readonly falseAlarms: readonly Alarm[];
}

/**
 * Matches alarms to incidents. The rule, also in docs/lab.md:
 *
 * - A breach is right about an incident of its subject where it is raised after the incident began, in an asset and
 *   during a window of the incident; a breach whose condition began in the window may reach its dwell after it.
 * - An incident is found once, when the first of the breaches that are right about it could be told; more of them
 *   change nothing. Where an alarm that is right about another incident speaks already when this one begins, it is
 *   found at once: nobody is told twice.
 * - An alarm is false where its first breach is right about no incident. What was raised before anything went wrong
 *   found nothing, so that an alarm that is always on finds nothing and is false.
 */
export function match(incidents: readonly Incident[], breaches: readonly ToldBreach[]): Match {
  const alarms = alarmsOf(breaches);
  const byPlace = new Map<string, Alarm[]>();
  for (const alarm of alarms) append(byPlace, placeOf(alarm.asset, alarm.subject), alarm);
  const right = new Set<Alarm>();
  const foundMs = incidents.map((incident) => {
    let firstMs: number | null = null;
    for (const alarm of alarmsAbout(incident, byPlace)) {
      const toldMs = firstRight(incident, alarm.breaches);
      if (toldMs === null) continue;
      if (isRight(incident, alarm.breaches[0]!)) right.add(alarm);
      firstMs = Math.min(firstMs ?? Infinity, toldMs);
    }
    return firstMs;
  });
  for (const [i, incident] of incidents.entries()) {
    if (standsAt(incident, byPlace, right)) foundMs[i] = incident.fromMs;
  }
  return { foundMs, alarms, falseAlarms: alarms.filter((alarm) => !right.has(alarm)) };
}

/** Breaches that overlap, or are raised at one instant, of one asset and subject as one alarm; by asset, ascending. */
export function alarmsOf(breaches: readonly ToldBreach[]): Alarm[] {
  const byPlace = new Map<string, ToldBreach[]>();
  for (const breach of breaches) append(byPlace, placeOf(breach.asset, breach.about), breach);
  const alarms: Alarm[] = [];
  for (const at of byPlace.values()) {
    at.sort((a, b) => a.raisedMs - b.raisedMs || (a.id < b.id ? -1 : 1));
    let open: { breaches: ToldBreach[]; endMs: number } | null = null;
    for (const breach of at) {
      const endMs = breach.endMs ?? Infinity;
      if (open && (breach.raisedMs < open.endMs || breach.raisedMs === open.breaches[0]!.raisedMs)) {
        open.breaches.push(breach);
        open.endMs = Math.max(open.endMs, endMs);
        alarms[alarms.length - 1] = { ...alarms.at(-1)!, endMs: open.endMs };
        continue;
      }
      open = { breaches: [breach], endMs };
      const { asset, about, raisedMs } = breach;
      alarms.push({ asset, subject: about, breaches: open.breaches, raisedMs, endMs });
    }
  }
  return alarms;
}

function isRight({ fromMs, windows }: Incident, { asset, startMs, raisedMs }: ToldBreach): boolean {
  if (raisedMs < fromMs) return false;
  return windows.some((w) => w.asset === asset && raisedMs >= w.fromMs && Math.min(startMs, raisedMs) < w.toMs);
}

function firstRight(incident: Incident, breaches: readonly ToldBreach[]): number | null {
  const right = breaches.filter((breach) => isRight(incident, breach));
  // A device's clock may be some seconds behind: nothing is told before it has begun.
  return right.length > 0 ? Math.max(incident.fromMs, Math.min(...right.map(({ toldMs }) => toldMs))) : null;
}

/** Whether an alarm that is right about something speaks in the incident's first window when it begins. */
function standsAt(
  incident: Incident,
  byPlace: ReadonlyMap<string, readonly Alarm[]>,
  right: ReadonlySet<Alarm>,
): boolean {
  const { fromMs, windows, subject } = incident;
  const first = windows[0];
  if (!first) return false;
  const at = byPlace.get(placeOf(first.asset, subject)) ?? [];
  return at.some((alarm) => right.has(alarm) && alarm.raisedMs < fromMs && alarm.endMs > fromMs);
}

function* alarmsAbout(
  { windows, subject }: Incident,
  byPlace: ReadonlyMap<string, readonly Alarm[]>,
): Generator<Alarm> {
  for (const asset of new Set(windows.map((window) => window.asset))) {
    yield* byPlace.get(placeOf(asset, subject)) ?? [];
  }
}

const placeOf = (asset: AssetKey, subject: BreachSubject) => `${subject} ${asset}`;

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
