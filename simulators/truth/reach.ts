import type { Interval } from '../../src/contract/words.ts';
import { type Blend, type CargoMove, type Duty, FAULTS, type Plan, SLICE_MS } from '../plan/types.ts';

/**
 * What of the twin may differ from the real world: duties of the twin's assets, by asset. In all others the two are the
 * same to the last bit. Plain data: sent between threads.
 */
export type Reach = ReadonlyMap<number, readonly Interval[]>;

/** Whether an asset's duty of an instant is in reach. */
export function isInReach(reach: Reach, assetIx: number, atMs: number): boolean {
  const duties = reach.get(assetIx);
  if (!duties) return false;
  // Asked for every batch in every slice: no closure is made for it.
  for (const { fromMs, toMs } of duties) if (fromMs <= atMs && atMs < toMs) return true;
  return false;
}

/**
 * The twin's duties whose climate or cargo faults may have changed: those in which a fault strikes the asset, or changes
 * its doors, its moves or its blends, and all to which cargo is brought from there afterwards. Heat goes no other way.
 * @param twin the same scenario and seed, planned without faults
 */
export function dutiesInReach(plan: Plan, twin: Plan): Reach {
  const spread = new Spread(plan, twin);
  for (const { kind, assetIx, fromMs, toMs } of plan.faults) {
    if (FAULTS[kind].target === 'asset') spread.strike(assetIx, fromMs, toMs);
  }
  for (const { assetIx, timeMs } of unshared(plan.blends, twin.blends, blendText)) spread.strike(assetIx, timeMs);
  for (const { fromAssetIx, toAssetIx, timeMs } of unshared(plan.moves, twin.moves, moveText)) {
    for (const assetIx of [fromAssetIx, toAssetIx]) if (assetIx !== null) spread.strike(assetIx, timeMs);
  }
  // What is warmer than planned is so from its coming in: where it leaves, nothing has changed.
  for (const { toAssetIx, timeMs } of unshared(plan.moves, twin.moves, JSON.stringify)) {
    if (toAssetIx !== null) spread.strike(toAssetIx, timeMs);
  }
  for (const move of twin.moves) spread.carry(move);
  return spread.duties();
}

/** From when on each duty of the twin may differ. */
class Spread {
  readonly #startMs: number;
  readonly #assets: Plan['assets'];
  /** By asset and duty; Infinity where it does not. */
  readonly #sinceMs: readonly Float64Array[];

  constructor(plan: Plan, twin: Plan) {
    this.#startMs = twin.startMs;
    this.#assets = twin.assets;
    this.#sinceMs = twin.assets.map(({ duties }, assetIx) => {
      // Vehicles drive as they were meant to, in both.
      if (duties === plan.assets[assetIx]!.duties) return new Float64Array(duties.length).fill(Infinity);
      const planned = new Set(plan.assets[assetIx]!.duties.map(dutyText));
      return Float64Array.from(duties, (duty) => (planned.has(dutyText(duty)) ? Infinity : duty.fromMs));
    });
  }

  /** An asset's duties differ that overlap an interval: from the slice on in which it begins, whose steps it cuts. */
  strike(assetIx: number, fromMs: number, toMs = fromMs + 1): void {
    const sliceMs = this.#startMs + Math.floor((fromMs - this.#startMs) / SLICE_MS) * SLICE_MS;
    const sinceMs = this.#sinceMs[assetIx]!;
    for (const [i, duty] of this.#assets[assetIx]!.duties.entries()) {
      if (fromMs < duty.toMs && duty.fromMs < toMs) sinceMs[i] = Math.min(sinceMs[i]!, Math.max(sliceMs, duty.fromMs));
    }
  }

  /** Cargo takes its own state along. Moves are to be given in order. */
  carry({ fromAssetIx, toAssetIx, timeMs }: CargoMove): void {
    if (fromAssetIx === null || toAssetIx === null) return;
    const left = this.#assets[fromAssetIx]!.duties.findIndex((duty) => duty.fromMs < timeMs && timeMs <= duty.toMs);
    if (left >= 0 && this.#sinceMs[fromAssetIx]![left]! <= timeMs) this.strike(toAssetIx, timeMs);
  }

  duties(): Reach {
    const reach = new Map<number, Interval[]>();
    for (const [assetIx, { duties }] of this.#assets.entries()) {
      const differ = duties.filter((_, i) => this.#sinceMs[assetIx]![i]! < Infinity);
      if (differ.length > 0)
        reach.set(
          assetIx,
          differ.map(({ fromMs, toMs }) => ({ fromMs, toMs })),
        );
    }
    return reach;
  }
}

const dutyText = ({ fromMs, toMs, doors, unpowered }: Duty) => JSON.stringify([fromMs, toMs, doors, unpowered]);
const blendText = (blend: Blend) => JSON.stringify(blend);
const moveText = ({ timeMs, batchIx, fromAssetIx, toAssetIx }: CargoMove) =>
  `${timeMs} ${batchIx} ${fromAssetIx} ${toAssetIx}`;

/** What is in one of two lists and not in the other. */
function unshared<T>(a: readonly T[], b: readonly T[], text: (entry: T) => string): T[] {
  const only = (list: readonly T[], other: readonly T[]) => {
    const known = new Set(other.map(text));
    return list.filter((entry) => !known.has(text(entry)));
  };
  return [...only(a, b), ...only(b, a)];
}
