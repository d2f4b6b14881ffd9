import type { Interval } from '../../../src/contract/words.ts';
import type { Duty, PlannedFault } from '../../plan/types.ts';
import type { BodyKind } from './body.ts';

/** A unit that has lost this much has stopped altogether, fans included. */
const STOPPED_SEVERITY = 0.999;

const HOUR_MS = 3_600_000;

/** An asset on duty, as far as conditions go by it. */
export interface ConditionsOf {
  readonly duty: Duty;
  /** Those that strike the asset itself, ascending. */
  readonly faults: readonly PlannedFault[];
  readonly kind: BodyKind;
  /** What the plan sets the unit to. */
  readonly intendedC: number;
  /** The door opening and the power gap that it came to last: instants do not go back. */
  doorIx: number;
  unpoweredIx: number;
  /** Until when it is known that plan and faults impose nothing on it. */
  plainUntilMs: number;
}

/**
 * What plan and faults impose on an asset on duty: constant from the instant it was entered at until `untilMs`. One for
 * all assets: it tells of the one that was entered last.
 */
export class Conditions {
  untilMs = 0;
  /** Neither plan nor faults impose anything. */
  isPlain = true;
  /** Share of the door's area that is open, 0 to 1. */
  doorShare = 0;
  /** Share of infiltration that curtain and dock stop. */
  doorStops = 0;
  /** The unit is in service: its fans run, its control works. */
  inService = true;
  /** Share of the unit's capacity that is left. */
  capacityShare = 1;
  setPointC = 0;
  /** Share of the air flow that is blocked. */
  blockedShare = 0;
  /** Share of the defrost heater that a fault keeps on. */
  heaterShare = 0;

  /** Finds what holds for an asset from an instant on, until `limitMs` at the latest. */
  enter(asset: ConditionsOf, timeMs: number, limitMs: number): void {
    this.untilMs = Infinity;
    this.doorShare = 0;
    this.doorStops = 0;
    this.inService = true;
    this.capacityShare = 1;
    this.setPointC = asset.intendedC;
    this.blockedShare = 0;
    this.heaterShare = 0;
    this.isPlain = true;
    // Most of the time nothing is imposed: then there is nothing to be looked up in plan and faults.
    if (timeMs >= asset.plainUntilMs) {
      this.isPlain = this.#find(asset, timeMs);
      if (this.isPlain) asset.plainUntilMs = this.untilMs;
    } else this.untilMs = asset.plainUntilMs;
    this.untilMs = Math.min(this.untilMs, limitMs);
  }

  /** What holds from an instant on, until `untilMs`. Returns whether that is nothing. */
  #find(asset: ConditionsOf, timeMs: number): boolean {
    const { duty, faults, kind } = asset;
    const { doors, unpowered, toMs } = duty;
    if (toMs > timeMs) this.untilMs = toMs;
    asset.doorIx = skipped(doors, asset.doorIx, timeMs);
    asset.unpoweredIx = skipped(unpowered, asset.unpoweredIx, timeMs);
    const door = doors[asset.doorIx];
    let isPlain = true;
    if (this.#holds(door, timeMs)) {
      isPlain = false;
      this.doorShare = door!.docked ? 1 : kind.leafShare;
      this.doorStops = door!.docked ? kind.dockStops : kind.curtainStops;
    }
    this.inService = !this.#holds(unpowered[asset.unpoweredIx], timeMs);
    isPlain &&= this.inService;
    for (const fault of faults) {
      if (!this.#holds(fault, timeMs)) continue;
      isPlain = false;
      this.#impose(fault, timeMs);
    }
    if (this.capacityShare <= 1 - STOPPED_SEVERITY) this.inService = false;
    return isPlain;
  }

  /** Whether an interval covers the instant; its next edge ends what holds now. */
  #holds(interval: Interval | undefined, timeMs: number): boolean {
    if (!interval || interval.toMs <= timeMs) return false;
    const inside = interval.fromMs <= timeMs;
    this.untilMs = Math.min(this.untilMs, inside ? interval.toMs : interval.fromMs);
    return inside;
  }

  #impose(fault: PlannedFault, timeMs: number): void {
    const { kind, severity } = fault;
    if (kind === 'unit-failure') this.capacityShare *= 1 - severity;
    // Conditions hold for minutes at most, so that an even loss is followed closely enough by its steps.
    else if (kind === 'unit-fading')
      this.capacityShare *= 1 - (severity * (timeMs - fault.fromMs)) / (fault.toMs - fault.fromMs);
    else if (kind === 'wrong-set-point') this.setPointC += severity;
    else if (kind === 'power-loss') this.inService = false;
    else if (kind === 'blocked-airflow') this.blockedShare = Math.max(this.blockedShare, severity);
    else if (kind === 'defrost-stuck') this.heaterShare = Math.max(this.heaterShare, severity);
    else if (kind === 'unit-off') this.#switchOff(fault, timeMs);
    else if (kind === 'door-left-open' && severity >= this.doorShare * (1 - this.doorStops)) {
      // Curtain tied aside, no shelter: nobody is there.
      this.doorShare = severity;
      this.doorStops = 0;
    }
  }

  /** Off for the first share of each hour of the fault. */
  #switchOff({ fromMs, severity }: PlannedFault, timeMs: number): void {
    const hourMs = fromMs + Math.floor((timeMs - fromMs) / HOUR_MS) * HOUR_MS;
    const onMs = hourMs + Math.round(severity * HOUR_MS);
    if (timeMs < onMs) this.inService = false;
    this.untilMs = Math.min(this.untilMs, timeMs < onMs ? onMs : hourMs + HOUR_MS);
  }
}

/** Index of the first interval, from `ix` on, that has not ended. */
function skipped(intervals: readonly Interval[], ix: number, timeMs: number): number {
  while (ix < intervals.length && intervals[ix]!.toMs <= timeMs) ix++;
  return ix;
}
