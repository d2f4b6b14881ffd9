import type { Breach, BreachChange, BreachReason } from '../contract/breach.ts';

/**
 * What must be told so that whoever knows `before` comes to know `after`. Those taken back first, then by start and id.
 * A breach that was raised and ended since is told once, as raised, with its end.
 * @param headMs the newest frame time that was known before: a breach raised at or before it was found in late data
 */
export function diffBreaches(before: Iterable<Breach>, after: readonly Breach[], headMs: number): BreachChange[] {
  const gone = new Map<string, Breach>();
  for (const breach of before) gone.set(breach.id, breach);
  const changes: BreachChange[] = [];
  for (const breach of [...after].sort(byStart)) {
    const known = gone.get(breach.id);
    gone.delete(breach.id);
    if (!known) changes.push({ change: breach.raisedMs > headMs ? 'raised' : 'raised-late', breach });
    else if (!sameContent(known, breach)) changes.push({ change: reasonOf(known, breach), breach });
  }
  const takenBack = [...gone.values()].sort(byStart).map((breach): BreachChange => {
    const longer = after.some((other) => covers(other, breach));
    return { change: longer ? 'merged' : 'withdrawn', breach };
  });
  return [...takenBack, ...changes];
}

function reasonOf(before: Breach, after: Breach): BreachReason {
  const [wasMs, isMs] = [before.endMs, after.endMs];
  if (wasMs === isMs) return 'changed';
  if (wasMs === null) return 'cleared';
  return isMs === null || isMs > wasMs ? 'extended' : 'shortened';
}

function covers(longer: Breach, breach: Breach): boolean {
  const isOfOneCondition =
    longer.device === breach.device && longer.channel === breach.channel && longer.rule === breach.rule;
  return isOfOneCondition && longer.startMs < breach.startMs && (longer.endMs ?? Infinity) > breach.startMs;
}

function sameContent(a: Breach, b: Breach): boolean {
  return (Object.keys(a) as (keyof Breach)[]).every((field) => a[field] === b[field]);
}

function byStart(a: Breach, b: Breach): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : 1);
}
