import { type Plan, QUANTITIES, type Quantity } from '../../simulators/plan/types.ts';
import type { TrueWorld } from '../../simulators/world/world.ts';

/** The true values of some assets, minute by minute. */
export class WorldRecord {
  readonly #plan: Plan;
  readonly #values = new Map<number, Float64Array>();
  readonly size: number;

  constructor(plan: Plan, world: TrueWorld, assetIxs: readonly number[] = [...plan.assets.keys()]) {
    this.#plan = plan;
    this.size = Math.floor((plan.endMs - plan.startMs) / 60_000) + 1;
    for (const ix of assetIxs) this.#values.set(ix, new Float64Array(this.size * QUANTITIES.length));
    const out = new Float64Array(QUANTITIES.length);
    for (let minute = 0; minute < this.size; minute++) {
      world.advanceTo(plan.startMs + minute * 60_000);
      for (const [ix, values] of this.#values) {
        world.read(ix, out);
        values.set(out, minute * QUANTITIES.length);
      }
    }
  }

  at(assetIx: number, minute: number, quantity: Quantity): number {
    return this.#values.get(assetIx)![minute * QUANTITIES.length + QUANTITIES.indexOf(quantity)]!;
  }

  timeMs(minute: number): number {
    return this.#plan.startMs + minute * 60_000;
  }

  /** The minutes during which an asset holds cargo, as [first, last] of each stay. */
  loadedStays(assetIx: number): [number, number][] {
    const stays: [number, number][] = [];
    let held = 0;
    for (const move of this.#plan.moves) {
      const minute = Math.ceil((move.timeMs - this.#plan.startMs) / 60_000);
      if (move.toAssetIx === assetIx && held++ === 0) stays.push([minute, this.size - 1]);
      if (move.fromAssetIx === assetIx && --held === 0) stays.at(-1)![1] = minute - 1;
    }
    return stays;
  }

  /** The longest unbroken stretch within [from, to] for which a condition holds, minutes. */
  longest([from, to]: readonly [number, number], holds: (minute: number) => boolean): number {
    let longest = 0;
    let run = 0;
    for (let minute = from; minute <= to; minute++) {
      run = holds(minute) ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}

/** Pulp of all three probes. */
export const PULPS = ['pulpFrontC', 'pulpMiddleC', 'pulpRearC'] as const;
