import type { Blend, Plan } from '../plan/types.ts';

/** Told of what happens to batches, in the plan's order. */
export interface CargoListener {
  entered(batchIx: number, assetIx: number, timeMs: number): void;
  left(batchIx: number, timeMs: number): void;
  /** All inputs are still there, and no output is yet. */
  blending(blend: Blend): void;
}

/** Follows the plan's moves and blends: which batch is in which asset. */
export class Whereabouts {
  /** By batch: index of the asset that it is in, or {@link NOWHERE}. */
  readonly assetOf: Int32Array;
  /** By batch: 1 once it has come into the world. */
  readonly begun: Uint8Array;
  /** The batches in some asset, in order of coming into the world. */
  readonly present = new Set<number>();
  readonly #plan: Plan;
  readonly #listener: CargoListener | undefined;
  readonly #contents = new Map<number, Set<number>>();
  #nextMove = 0;
  #nextBlend = 0;

  constructor(plan: Plan, listener?: CargoListener) {
    this.#plan = plan;
    this.#listener = listener;
    this.assetOf = new Int32Array(plan.batches.length).fill(NOWHERE);
    this.begun = new Uint8Array(plan.batches.length);
  }

  /** The batches in an asset, in order of arrival. */
  contents(assetIx: number): Iterable<number> {
    return this.#contents.get(assetIx) ?? [];
  }

  isEmpty(assetIx: number): boolean {
    return (this.#contents.get(assetIx)?.size ?? 0) === 0;
  }

  /** Takes all that happens up to and at an instant. Instants do not go back. */
  advanceThrough(timeMs: number): void {
    const { moves, blends } = this.#plan;
    for (;;) {
      const moveMs = moves[this.#nextMove]?.timeMs ?? Infinity;
      const blendMs = blends[this.#nextBlend]?.timeMs ?? Infinity;
      if (Math.min(moveMs, blendMs) > timeMs) return;
      if (blendMs <= moveMs) this.#blend(blends[this.#nextBlend++]!);
      else {
        const { batchIx, fromAssetIx, toAssetIx } = moves[this.#nextMove++]!;
        if (fromAssetIx !== null) this.#leave(batchIx, moveMs);
        if (toAssetIx !== null) this.#enter(batchIx, toAssetIx, moveMs);
      }
    }
  }

  #blend(blend: Blend): void {
    this.#listener?.blending(blend);
    for (const batchIx of blend.inputs) this.#leave(batchIx, blend.timeMs);
    for (const batchIx of blend.outputs) this.#enter(batchIx, blend.assetIx, blend.timeMs);
  }

  #enter(batchIx: number, assetIx: number, timeMs: number): void {
    const contents = this.#contents.get(assetIx) ?? new Set();
    contents.add(batchIx);
    this.#contents.set(assetIx, contents);
    this.assetOf[batchIx] = assetIx;
    this.begun[batchIx] = 1;
    this.present.add(batchIx);
    this.#listener?.entered(batchIx, assetIx, timeMs);
  }

  #leave(batchIx: number, timeMs: number): void {
    const assetIx = this.assetOf[batchIx]!;
    this.#contents.get(assetIx)?.delete(batchIx);
    this.assetOf[batchIx] = NOWHERE;
    this.present.delete(batchIx);
    this.#listener?.left(batchIx, timeMs);
  }
}

export const NOWHERE = -1;
