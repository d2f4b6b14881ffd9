import type { Interval } from '../../../src/contract/words.ts';
import type { Duty, PlannedFault } from '../../plan/types.ts';
import type { BodyKind } from './body.ts';

/** A unit that has lost this much has stopped altogether, fans included. */
const STOPPED_SEVERITY = 0.999;

const HOUR_MS = 3_600_000;

/** What plan and faults impose on an asset on duty: constant from the instant it was entered at until `untilMs`. */
export class Conditions {
  untilMs = 0;
  /** Share of the door's area that is open, 0 to 1. */
  doorShare = 0;
  /** Share of infiltration that curtain and dock stop. */
  doorStops = 0;
  /** The unit is in service: its fans run, its control works. */
  inService = true;
  /** Share of the unit's capacity that is left. */
  capacityShare = 1;
  setPointC: number;
  /** Share of the air flow that is blocked. */
  blockedShare = 0;
  /** Share of the defrost heater that a fault keeps on. */
  heaterShare = 0;

  readonly #duty: Duty;
  readonly #faults: readonly PlannedFault[];
  readonly #kind: BodyKind;
  readonly #intendedC: number;
  #doorIx = 0;
  #unpoweredIx = 0;

  /** @param faults those that strike the asset itself, ascending */
  constructor(duty: Duty, faults: readonly PlannedFault[], kind: BodyKind, setPointC: number) {
    this.#duty = duty;
    this.#faults = faults;
    this.#kind = kind;
    this.#intendedC = setPointC;
    this.setPointC = setPointC;
  }

  /** Finds what holds from an instant on, until `limitMs` at the latest. Instants do not go back. */
  enter(timeMs: number, limitMs: number): void {
    const { doors, unpowered, toMs } = this.#duty;
    this.untilMs = Math.min(limitMs, toMs > timeMs ? toMs : limitMs);
    this.#doorIx = skipped(doors, this.#doorIx, timeMs);
    this.#unpoweredIx = skipped(unpowered, this.#unpoweredIx, timeMs);
    const door = doors[this.#doorIx];
    this.doorShare = 0;
    this.doorStops = 0;
    if (this.#holds(door, timeMs)) {
      this.doorShare = door!.docked ? 1 : this.#kind.leafShare;
      this.doorStops = door!.docked ? this.#kind.dockStops : this.#kind.curtainStops;
    }
    this.inService = !this.#holds(unpowered[this.#unpoweredIx], timeMs);
    this.capacityShare = 1;
    this.setPointC = this.#intendedC;
    this.blockedShare = 0;
    this.heaterShare = 0;
    for (const fault of this.#faults) if (this.#holds(fault, timeMs)) this.#impose(fault, timeMs);
    if (this.capacityShare <= 1 - STOPPED_SEVERITY) this.inService = false;
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
    // Conditions hold for a slice at most, so that an even loss is followed closely enough by its steps.
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
