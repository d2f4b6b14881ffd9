import { type CargoMove, FAULTS, type Plan } from '../plan/types.ts';
import { BatchState } from '../world/batch-state.ts';
import { createWorld } from '../world/world.ts';
import { type BatchTruth, type Running, ZONES } from './watched-world.ts';
import { Whereabouts } from './whereabouts.ts';

/**
 * The twin of a running world, at a fraction of its cost: only assets that faults can have reached are run again
 * ({@link assetsInReach}). In all others the twin is the same to the last bit, and is copied.
 *
 * Each slice of the twin is run after the same slice of the real world, and before its next one.
 * @param twin the same scenario and seed, planned without faults
 */
export function twinRunning(real: Running, twin: Plan, inReach = assetsInReach(real.plan, twin)): Running {
  const batches = BatchState.local(twin.batches.length);
  const world = createWorld(twin, { assets: (assetIx) => inReach.has(assetIx), batches });
  const cargo = new TwinCargo(twin, inReach);
  return {
    plan: twin,
    world: {
      batches,
      beginSlice: (fromMs) => {
        world.beginSlice(fromMs);
        cargo.advanceThrough(fromMs);
      },
      advance: (assetIx, timeMs) => world.advance(assetIx, timeMs),
      read: (assetIx, out) => world.read(assetIx, out),
      endSlice: (toMs) => {
        world.endSlice(toMs);
        cargo.forEach(toMs, (batchIx, isInReach) => {
          if (!isInReach) copyBatch(batchIx, real.world.batches, batches);
        });
      },
    },
  };
}

/**
 * The assets whose climate or cargo may differ from the twin's at any time: those that a fault strikes or whose
 * moves it changes, and all that are reached from there by moves of cargo. Heat goes no other way.
 */
export function assetsInReach(plan: Plan, twin: Plan): ReadonlySet<number> {
  const reached = new Set<number>();
  for (const { kind, assetIx } of plan.faults) if (FAULTS[kind].target === 'asset') reached.add(assetIx);
  for (const { assetIx } of unshared(plan.blends, twin.blends)) reached.add(assetIx);
  for (const { fromAssetIx, toAssetIx } of unshared(plan.moves, twin.moves)) {
    for (const assetIx of [fromAssetIx, toAssetIx]) if (assetIx !== null) reached.add(assetIx);
  }
  const goesTo = destinations([plan.moves, twin.moves]);
  // A set takes what is added while it is gone through.
  for (const assetIx of reached) for (const to of goesTo.get(assetIx) ?? []) reached.add(to);
  return reached;
}

/** What is in one of two lists and not in the other. */
function unshared<T>(a: readonly T[], b: readonly T[]): T[] {
  const only = (list: readonly T[], other: readonly T[]) => {
    const known = new Set(other.map((entry) => JSON.stringify(entry)));
    return list.filter((entry) => !known.has(JSON.stringify(entry)));
  };
  return [...only(a, b), ...only(b, a)];
}

function destinations(lists: readonly (readonly CargoMove[])[]): Map<number, Set<number>> {
  const goesTo = new Map<number, Set<number>>();
  for (const { fromAssetIx, toAssetIx } of lists.flat()) {
    if (fromAssetIx === null || toAssetIx === null) continue;
    const to = goesTo.get(fromAssetIx);
    if (to) to.add(toAssetIx);
    else goesTo.set(fromAssetIx, new Set([toAssetIx]));
  }
  return goesTo;
}

/** Follows the twin's cargo: what of it faults can have reached, and what not. */
export class TwinCargo {
  readonly #twin: Plan;
  readonly #inReach: ReadonlySet<number>;
  readonly #whereabouts: Whereabouts;
  #nextBlend = 0;

  constructor(twin: Plan, inReach: ReadonlySet<number>) {
    this.#twin = twin;
    this.#inReach = inReach;
    this.#whereabouts = new Whereabouts(twin);
  }

  advanceThrough(timeMs: number): void {
    this.#whereabouts.advanceThrough(timeMs);
  }

  /** Goes through all batches whose state a slice has changed, once it is over. */
  forEach(toMs: number, visit: (batchIx: number, isInReach: boolean) => void): void {
    const { present, assetOf } = this.#whereabouts;
    for (const batchIx of present) visit(batchIx, this.#inReach.has(assetOf[batchIx]!));
    // What is blended at a slice's end is done by then, though it counts for the next slice.
    const { blends } = this.#twin;
    for (; this.#nextBlend < blends.length && blends[this.#nextBlend]!.timeMs <= toMs; this.#nextBlend++) {
      const { assetIx, outputs } = blends[this.#nextBlend]!;
      for (const batchIx of outputs) visit(batchIx, this.#inReach.has(assetIx));
    }
  }
}

/** Copies what is true of one batch. */
export function copyBatch(batchIx: number, from: BatchTruth, into: BatchTruth): void {
  for (let at = batchIx * ZONES; at < (batchIx + 1) * ZONES; at++) {
    into.pulpC[at] = from.pulpC[at]!;
    into.ripening[at] = from.ripening[at]!;
    into.chilling[at] = from.chilling[at]!;
  }
  into.weightLoss[batchIx] = from.weightLoss[batchIx]!;
}
