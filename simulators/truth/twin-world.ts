import type { Plan } from '../plan/types.ts';
import { BatchState } from '../world/batch-state.ts';
import { createWorld } from '../world/world.ts';
import { dutiesInReach, isInReach, type Reach } from './reach.ts';
import { type BatchTruth, type Running, ZONES } from './watched-world.ts';
import { Whereabouts } from './whereabouts.ts';

/**
 * The twin of a running world, at a fraction of its cost: only duties that faults can have reached are run again
 * ({@link dutiesInReach}). In all others the twin is the same to the last bit, and is copied.
 *
 * Each slice of the twin is run after the same slice of the real world, and before its next one.
 * @param twin the same scenario and seed, planned without faults
 */
export function twinRunning(real: Running, twin: Plan, reach: Reach = dutiesInReach(real.plan, twin)): Running {
  const batches = BatchState.local(twin.batches.length);
  const world = createWorld(twin, { assets: (assetIx, atMs) => isInReach(reach, assetIx, atMs), batches });
  const cargo = new TwinCargo(twin, reach);
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
        cargo.forEach(toMs, (batchIx, isRun) => {
          if (!isRun) copyBatch(batchIx, real.world.batches, batches);
        });
      },
    },
  };
}

/** Follows the twin's cargo: what of it faults can have reached, and what not. */
export class TwinCargo {
  readonly #twin: Plan;
  readonly #reach: Reach;
  readonly #whereabouts: Whereabouts;
  #nextBlend = 0;

  constructor(twin: Plan, reach: Reach) {
    this.#twin = twin;
    this.#reach = reach;
    this.#whereabouts = new Whereabouts(twin);
  }

  advanceThrough(timeMs: number): void {
    this.#whereabouts.advanceThrough(timeMs);
  }

  /** Goes through all batches whose state a slice has changed, once it is over. */
  forEach(toMs: number, visit: (batchIx: number, isInReach: boolean) => void): void {
    // Of the slice that is over: at its end, another duty may begin.
    const inReach = (assetIx: number) => isInReach(this.#reach, assetIx, toMs - 1);
    const { present, assetOf } = this.#whereabouts;
    for (const batchIx of present) visit(batchIx, inReach(assetOf[batchIx]!));
    // What is blended at a slice's end is done by then, though it counts for the next slice.
    const { blends } = this.#twin;
    for (; this.#nextBlend < blends.length && blends[this.#nextBlend]!.timeMs <= toMs; this.#nextBlend++) {
      const { assetIx, outputs } = blends[this.#nextBlend]!;
      for (const batchIx of outputs) visit(batchIx, inReach(assetIx));
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
