import type { BatchState, PlannedLeg } from './batch-state.ts';

/** Where a fold goes on. */
export interface Resumption {
  readonly state: BatchState;
  readonly legIx: number;
  readonly fromMs: number;
}

/**
 * Where the fold of a batch has to go on, by what changed since it was judged.
 * @param before null where it was never judged
 * @param changedFromMs the earliest frame that came late; Infinity where none did
 */
export function resume(
  before: BatchState | null,
  { batch, profile, origin }: Pick<BatchState, 'batch' | 'profile' | 'origin'>,
  legs: readonly PlannedLeg[],
  changedFromMs: number,
): Resumption {
  if (before?.profile !== profile || JSON.stringify(before.origin) !== JSON.stringify(origin)) {
    const { lastRead, cooling } = origin;
    return restart({ batch, profile, origin, legs: [], judgedMs: 0, lastRead, cooling, usedUp: [] }, legs);
  }
  const { judgedMs } = before;
  const same = countWhile(before.legs, (leg, i) => isSame(leg, legs[i], judgedMs));
  if (same === before.legs.length && changedFromMs >= judgedMs) {
    return { state: relabelled(before, legs), legIx: Math.max(0, same - 1), fromMs: judgedMs };
  }
  const untouched = countWhile(before.legs, ({ toMs }) => toMs !== null && toMs <= changedFromMs);
  const kept = Math.min(same, untouched);
  const again = before.legs[kept];
  const state = {
    ...before,
    legs: before.legs.slice(0, kept),
    lastRead: again ? again.before.lastRead : before.lastRead,
    cooling: again ? again.before.cooling : before.cooling,
    usedUp: before.usedUp.filter(({ leg }) => leg < kept),
  };
  return restart(state, legs);
}

/** With ends and devices as they are known now; the same state where they were. */
function relabelled(state: BatchState, legs: readonly PlannedLeg[]): BatchState {
  const isAsBefore = (leg: PlannedLeg, now: PlannedLeg) =>
    leg.toMs === now.toMs && leg.devices.join() === now.devices.join();
  if (state.legs.every((leg, i) => isAsBefore(leg, legs[i]!))) return state;
  return { ...state, legs: state.legs.map((leg, i) => ({ ...leg, toMs: legs[i]!.toMs, devices: legs[i]!.devices })) };
}

function restart(state: BatchState, legs: readonly PlannedLeg[]): Resumption {
  const legIx = state.legs.length;
  return { state, legIx, fromMs: legs[legIx]?.fromMs ?? Number.POSITIVE_INFINITY };
}

function isSame(leg: PlannedLeg, now: PlannedLeg | undefined, judgedMs: number): boolean {
  const endOf = ({ toMs }: PlannedLeg) => Math.min(toMs ?? Number.POSITIVE_INFINITY, judgedMs);
  return (
    now !== undefined &&
    leg.org === now.org &&
    leg.asset === now.asset &&
    leg.assetKind === now.assetKind &&
    leg.fromMs === now.fromMs &&
    endOf(leg) === endOf(now)
  );
}

function countWhile<T>(items: readonly T[], holds: (item: T, i: number) => boolean): number {
  const first = items.findIndex((item, i) => !holds(item, i));
  return first < 0 ? items.length : first;
}
