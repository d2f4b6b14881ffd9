import type { Interval } from '../../src/contract/words.ts';
import type { LinkOutage } from '../plan/types.ts';

/** One device's link to the broker, as planned. Asked with times that never go back. */
export class Link {
  readonly #outages: readonly Interval[];
  #next = 0;

  /** @param outages of this device, ascending, none overlapping */
  constructor(outages: readonly Interval[]) {
    this.#outages = outages;
  }

  isUp(timeMs: number): boolean {
    let outage = this.#outages[this.#next];
    while (outage && outage.toMs <= timeMs) outage = this.#outages[++this.#next];
    return !outage || timeMs < outage.fromMs;
  }
}

/** One link for each device of a plan, by device index. */
export function linksOf(outages: readonly LinkOutage[], deviceCount: number): Link[] {
  const byDevice: Interval[][] = Array.from({ length: deviceCount }, () => []);
  for (const outage of outages) byDevice[outage.deviceIx]?.push(outage);
  return byDevice.map((own) => new Link(own.sort((a, b) => a.fromMs - b.fromMs)));
}
