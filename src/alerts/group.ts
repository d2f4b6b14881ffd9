import { type AlertContent, type AlertSubject, severityRank } from '../contract/alert.ts';
import type { Breach } from '../contract/breach.ts';
import { aboutInstruments, doubtsSensor } from '../produce/breach-chain.ts';
import { headlineOf } from './headline.ts';

/** A breach with who held what was in its asset when it began, sorted. */
export interface HeldBreach {
  readonly breach: Breach;
  readonly orgs: readonly string[];
}

interface Group {
  readonly about: AlertSubject;
  readonly orgs: readonly string[];
  readonly breaches: Breach[];
  /** Infinity while one of them is open. */
  endMs: number;
}

/**
 * Groups the breaches of one asset into alerts: a unit that fails is one alert, not one for each probe. Two breaches
 * belong together when the same orgs held what was in the asset as they began, both are about the cargo or both about
 * the instruments, and they overlap in time or no more than the gap lies between them; and so do those that a third one
 * joins. An open breach lasts until further notice.
 * A fold over the breaches by their start: what comes out does not depend on the order they are given in.
 */
export function groupBreaches(held: readonly HeldBreach[], gapMs: number): AlertContent[] {
  const groups: Group[] = [];
  const last = new Map<string, Group>();
  const doubts = doubtsByChannel(held.map(({ breach }) => breach));
  for (const { breach, orgs } of [...held].sort(byStart)) {
    const about = aboutInstruments(breach) || isDoubted(breach, doubts) ? 'instruments' : 'cargo';
    const key = `${about} ${orgs.join(' ')}`;
    const endMs = breach.endMs ?? Number.POSITIVE_INFINITY;
    const before = last.get(key);
    if (before && breach.startMs <= before.endMs + gapMs) {
      before.breaches.push(breach);
      before.endMs = Math.max(before.endMs, endMs);
      continue;
    }
    const group = { about, orgs, breaches: [breach], endMs } satisfies Group;
    last.set(key, group);
    groups.push(group);
  }
  return groups.map(contentOf).sort(inAlertOrder);
}

/**
 * Whether a sensor that was sick already when the breach began made it up: then it is news of the sensor, not of the
 * fruit. A sensor that fell sick later leaves it what it is.
 */
function isDoubted(breach: Breach, doubts: ReadonlyMap<string, readonly Breach[]>): boolean {
  if (breach.endedBy !== 'sensor-sick') return false;
  const { startMs } = breach;
  return (doubts.get(channelOf(breach)) ?? []).some(
    (doubt) => doubt.startMs <= startMs && (doubt.endMs ?? Number.POSITIVE_INFINITY) >= startMs,
  );
}

function doubtsByChannel(breaches: readonly Breach[]): Map<string, Breach[]> {
  const found = new Map<string, Breach[]>();
  for (const breach of breaches.filter(doubtsSensor)) {
    const key = channelOf(breach);
    found.set(key, [...(found.get(key) ?? []), breach]);
  }
  return found;
}

function contentOf({ about, orgs, breaches, endMs }: Group): AlertContent {
  const [first] = breaches;
  const severity = breaches.map((b) => b.severity).reduce((a, b) => (severityRank(b) > severityRank(a) ? b : a));
  return {
    asset: first!.asset,
    about,
    ...headlineOf(breaches),
    orgs,
    severity,
    breachIds: breaches.map(({ id }) => id),
    startMs: first!.startMs,
    raisedMs: Math.min(...breaches.map(({ raisedMs }) => raisedMs)),
    endMs: endMs === Number.POSITIVE_INFINITY ? null : endMs,
  };
}

function channelOf({ device, channel }: Breach): string {
  return `${device}:${channel}`;
}

function byStart({ breach: a }: HeldBreach, { breach: b }: HeldBreach): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function inAlertOrder(a: AlertContent, b: AlertContent): number {
  if (a.startMs !== b.startMs) return a.startMs - b.startMs;
  return `${a.orgs.join(' ')} ${a.about}` < `${b.orgs.join(' ')} ${b.about}` ? -1 : 1;
}
