import type { Interval } from '../../../src/contract/words.ts';
import type { Plan } from '../../plan/types.ts';

/** What is imposed on an asset from one instant until the next: constant in between. */
export interface Conditions {
  readonly fromMs: number;
  /** Share of the door's area that is open, 0 to 1. */
  readonly doorShare: number;
  /** The door is at a dock with cargo being moved: shelter and curtain in place. */
  readonly docked: boolean;
  /** Share of the unit's capacity that is left. */
  readonly capacityShare: number;
  /** The unit is in service: its fans run, its control works. */
  readonly inService: boolean;
  readonly setPointC: number;
}

/** A door opened on the way, not at a dock: one of the two leaves. */
const ONE_LEAF = 0.5;

/** An empty truck's unit is started this long before loading, so that the body is cold. */
const PRECONDITION_MS = 150 * 60_000;
/** … and stopped this long after the last load has left. */
const AFTER_UNLOADING_MS = 15 * 60_000;

/** A unit that has lost this much has stopped altogether, fans included. */
const STOPPED_SEVERITY = 0.999;

/**
 * The conditions of one asset, ascending in time, the first at or before the plan's start: planned doors, faults
 * and, for a unit that rests when empty, when there is cargo to keep cold.
 */
export function conditionsOf(plan: Plan, assetIx: number, restsWhenEmpty: boolean): Conditions[] {
  const doors = plan.doors.filter((door) => door.assetIx === assetIx);
  const faults = plan.faults.filter((fault) => fault.assetIx === assetIx);
  const moves = plan.moves.filter((move) => move.fromAssetIx === assetIx || move.toAssetIx === assetIx);
  const service = restsWhenEmpty ? serviceIntervals(plan, assetIx) : [{ fromMs: plan.startMs, toMs: Infinity }];
  const setPointC = plan.assets[assetIx]!.setPointC;

  const edges = new Set([plan.startMs]);
  for (const { fromMs, toMs } of [...doors, ...faults, ...service]) edges.add(fromMs).add(toMs);
  const times = [...edges].filter((t) => t >= plan.startMs && t < plan.endMs).sort((a, b) => a - b);
  return times.map((fromMs) => {
    const door = doors.find((d) => holds(d, fromMs));
    const docked = door !== undefined && moves.some((m) => holds(door, m.timeMs));
    let doorShare = door ? (docked ? 1 : ONE_LEAF) : 0;
    let capacityShare = 1;
    let offsetC = 0;
    let forgotten = false;
    for (const fault of faults) {
      if (!holds(fault, fromMs)) continue;
      if (fault.kind === 'unit-failure') capacityShare *= 1 - fault.severity;
      if (fault.kind === 'wrong-set-point') offsetC += fault.severity;
      if (fault.kind === 'door-left-open') {
        doorShare = Math.max(doorShare, fault.severity);
        forgotten = true;
      }
    }
    return {
      fromMs,
      doorShare,
      docked: docked && !forgotten,
      capacityShare,
      inService: capacityShare > 1 - STOPPED_SEVERITY && service.some((s) => holds(s, fromMs)),
      setPointC: setPointC + offsetC,
    };
  });
}

/** When an asset holds cargo or is about to: overlapping intervals are fine. */
function serviceIntervals(plan: Plan, assetIx: number): Interval[] {
  const intervals: Interval[] = [];
  let loads = 0;
  let fromMs = plan.startMs;
  for (const move of plan.moves) {
    if (move.toAssetIx === assetIx && loads++ === 0) fromMs = move.timeMs - PRECONDITION_MS;
    if (move.fromAssetIx === assetIx && --loads === 0) {
      intervals.push({ fromMs, toMs: move.timeMs + AFTER_UNLOADING_MS });
    }
  }
  if (loads > 0) intervals.push({ fromMs, toMs: Infinity });
  return intervals;
}

const holds = (interval: Interval, timeMs: number): boolean => interval.fromMs <= timeMs && timeMs < interval.toMs;
