import type { AssetKey } from '../src/contract/words.ts';
import type { FaultKind, Plan } from './plan/types.ts';
import { ZONES } from './world/physics/cargo.ts';
import { createWorld } from './world/world.ts';

/**
 * The truth of a run, for scoring alarms against: what went wrong, and what it did to the fruit. The processor
 * never sees it.
 */
export interface TruthRecord {
  readonly scenario: string;
  readonly seed: number;
  readonly faults: readonly TrueFault[];
  readonly batches: readonly TrueBatch[];
}

interface TrueFault {
  readonly kind: FaultKind;
  readonly asset: AssetKey;
  readonly fromMs: number;
  readonly toMs: number;
  /** See `PlannedFault.severity`. */
  readonly severity: number;
}

interface TrueBatch {
  /** LGTIN class URI. */
  readonly id: string;
  readonly stays: readonly TrueStay[];
}

/** A batch in one asset. */
interface TrueStay {
  readonly asset: AssetKey;
  readonly fromMs: number;
  readonly toMs: number;
  /** Extremes of true pulp over all zones, minute by minute. */
  readonly pulpMinC: number;
  readonly pulpMaxC: number;
}

const SAMPLE_MS = 60_000;

/** Runs the plan's world by itself and notes the truth. */
export function truthRecord(plan: Plan): TruthRecord {
  const world = createWorld(plan);
  const stays: { batchIx: number; asset: AssetKey; fromMs: number; toMs: number; minC: number; maxC: number }[] = [];
  const open = new Map<number, (typeof stays)[number]>();
  let nextMove = 0;
  for (let timeMs = plan.startMs; timeMs <= plan.endMs; timeMs += SAMPLE_MS) {
    world.advanceTo(timeMs);
    for (; nextMove < plan.moves.length && plan.moves[nextMove]!.timeMs <= timeMs; nextMove++) {
      const { batchIx, toAssetIx, timeMs: fromMs } = plan.moves[nextMove]!;
      const left = open.get(batchIx);
      if (left) left.toMs = fromMs;
      open.delete(batchIx);
      if (toAssetIx === null) continue;
      const asset = plan.assets[toAssetIx]!.key;
      const stay = { batchIx, asset, fromMs, toMs: plan.endMs, minC: Infinity, maxC: -Infinity };
      stays.push(stay);
      open.set(batchIx, stay);
    }
    for (const stay of open.values()) {
      for (let zone = 0; zone < ZONES; zone++) {
        const pulpC = world.batchPulpC(stay.batchIx, zone);
        stay.minC = Math.min(stay.minC, pulpC);
        stay.maxC = Math.max(stay.maxC, pulpC);
      }
    }
  }
  return {
    scenario: plan.scenario,
    seed: plan.seed,
    faults: plan.faults.map(({ assetIx, ...fault }) => ({ ...fault, asset: plan.assets[assetIx]!.key })),
    batches: plan.batches.map(({ id }, batchIx) => ({
      id,
      stays: stays
        .filter((stay) => stay.batchIx === batchIx)
        .map(({ asset, fromMs, toMs, minC, maxC }) => ({ asset, fromMs, toMs, pulpMinC: minC, pulpMaxC: maxC })),
    })),
  };
}
