import type { Interval } from '../../src/contract/words.ts';
import type { Plan } from '../plan/types.ts';

/** One device's link to the broker. Asked with times that never go back. */
export class Link {
  readonly #away: readonly Interval[];
  #next = 0;

  /** @param away when it is down, ascending, none overlapping */
  constructor(away: readonly Interval[]) {
    this.#away = away;
  }

  isUp(timeMs: number): boolean {
    let away = this.#away[this.#next];
    while (away && away.toMs <= timeMs) away = this.#away[++this.#next];
    return !away || timeMs < away.fromMs;
  }
}

/**
 * One link for each device of a plan, by device index. It is down where the way leads out of coverage, in the
 * device's own outages, and while a fault holds it: no network, or no device that could send.
 */
export function linksOf(plan: Plan): Link[] {
  const away: Interval[][] = plan.devices.map((device) => [...device.outages]);
  for (const { kind, deviceIx, severity, fromMs, toMs } of plan.faults) {
    const strikes = (kind === 'link-outage' || kind === 'device-dead') && severity > 0;
    if (strikes && deviceIx !== null) away[deviceIx]!.push({ fromMs, toMs });
  }
  return away.map((own, deviceIx) => {
    for (const duty of plan.assets[plan.devices[deviceIx]!.assetIx]!.duties) own.push(...duty.unreached);
    return new Link(union(own));
  });
}

/** Intervals as ascending ones that do not touch. */
function union(intervals: Interval[]): Interval[] {
  intervals.sort((a, b) => a.fromMs - b.fromMs);
  const apart: Interval[] = [];
  for (const { fromMs, toMs } of intervals) {
    const last = apart.at(-1);
    if (last && fromMs <= last.toMs) apart[apart.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) };
    else apart.push({ fromMs, toMs });
  }
  return apart;
}
