import type { Interval } from '../../src/contract/words.ts';
import type { Plan } from '../plan/types.ts';
import type { TruthRecord } from '../truth/record.ts';
import type { PlotChoice } from './sample.ts';

/** What is worth looking at: the fault that cost most, in its asset, and the fruit that it cost it. */
export function worstOf(plan: Plan, truth: TruthRecord): PlotChoice | null {
  let worst: number | null = null;
  for (const [ix, fault] of truth.faults.entries()) {
    if (worst === null || fault.lossTonneDays > truth.faults[worst]!.lossTonneDays) worst = ix;
  }
  if (worst === null) return null;
  const { assetIx, fromMs } = plan.faults[worst]!;
  return { assetIx, window: dutyAt(plan, assetIx, fromMs), batchIx: batchIn(plan, assetIx, fromMs, truth) };
}

/** The same for an asset that the user names: the time of its worst fault, or of its first cargo. */
export function choiceFor(plan: Plan, assetIx: number, truth: TruthRecord): PlotChoice {
  const faults = plan.faults
    .map((fault, ix) => ({ ...fault, cost: truth.faults[ix]!.lossTonneDays }))
    .filter((fault) => fault.assetIx === assetIx)
    .sort((a, b) => b.cost - a.cost);
  const loaded = plan.moves.find((move) => move.toAssetIx === assetIx);
  const atMs = faults[0]?.fromMs ?? loaded?.timeMs ?? plan.startMs;
  return { assetIx, window: dutyAt(plan, assetIx, atMs), batchIx: batchIn(plan, assetIx, atMs, truth) };
}

/** A vehicle is shown for one trip, what stands still for the run. */
function dutyAt(plan: Plan, assetIx: number, timeMs: number): Interval {
  const duties = plan.assets[assetIx]!.duties;
  const duty = duties.find((candidate) => candidate.toMs > timeMs) ?? duties.at(-1);
  const { fromMs, toMs } = duty ?? { fromMs: plan.startMs, toMs: plan.endMs };
  return { fromMs: Math.max(fromMs, plan.startMs), toMs: Math.min(toMs, plan.endMs) };
}

/** Of the batches that stayed in the asset at that time or later on the same duty, the one that lost most. */
function batchIn(plan: Plan, assetIx: number, timeMs: number, truth: TruthRecord): number | null {
  const { key } = plan.assets[assetIx]!;
  const duty = dutyAt(plan, assetIx, timeMs);
  let chosen: number | null = null;
  for (const [ix, batch] of truth.batches.entries()) {
    const isThere = batch.stays.some((s) => s.asset === key && s.toMs > timeMs && s.fromMs < duty.toMs);
    if (!isThere) continue;
    if (chosen === null || batch.lossDays > truth.batches[chosen]!.lossDays) chosen = ix;
  }
  return chosen;
}
