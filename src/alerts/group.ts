import { type AlertContent, severityRank } from '../contract/alert.ts';
import type { Breach } from '../contract/breach.ts';

/** A breach with who held what was in its asset when it began, sorted. */
export interface HeldBreach {
  readonly breach: Breach;
  readonly orgs: readonly string[];
}

/**
 * Groups the breaches of one asset into alerts: a unit that fails is one alert, not one for each probe. Two breaches
 * belong together when the same orgs held what was in the asset as they began, and they overlap in time or no more
 * than the gap lies between them; and so do those that a third one joins. An open breach lasts until further notice.
 * A fold over the breaches by their start: what comes out does not depend on the order they are given in.
 */
export function groupBreaches(held: readonly HeldBreach[], gapMs: number): AlertContent[] {
  const done: AlertContent[] = [];
  const last = new Map<string, AlertContent>();
  for (const { breach, orgs } of [...held].sort(byStart)) {
    const key = orgs.join(' ');
    const before = last.get(key);
    if (before && breach.startMs <= (before.endMs ?? Number.POSITIVE_INFINITY) + gapMs) {
      last.set(key, joined(before, breach));
      continue;
    }
    if (before) done.push(before);
    last.set(key, alone(breach, orgs));
  }
  return [...done, ...last.values()].sort(
    (a, b) => a.startMs - b.startMs || (a.orgs.join(' ') < b.orgs.join(' ') ? -1 : 1),
  );
}

function alone(breach: Breach, orgs: readonly string[]): AlertContent {
  const { asset, severity, startMs, raisedMs, endMs } = breach;
  return { asset, orgs, severity, breachIds: [breach.id], startMs, raisedMs, endMs };
}

function joined(group: AlertContent, { id, severity, raisedMs, endMs }: Breach): AlertContent {
  return {
    ...group,
    severity: severityRank(severity) > severityRank(group.severity) ? severity : group.severity,
    breachIds: [...group.breachIds, id],
    raisedMs: Math.min(group.raisedMs, raisedMs),
    endMs: group.endMs === null || endMs === null ? null : Math.max(group.endMs, endMs),
  };
}

function byStart({ breach: a }: HeldBreach, { breach: b }: HeldBreach): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
