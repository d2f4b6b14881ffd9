import type { BatchReport, BudgetUse, PreCooling } from '../contract/batch-report.ts';
import { parseLgtin } from '../contract/identifiers.ts';
import { duration } from './duration.ts';
import type { TraceLeg } from './trace-types.ts';

/** What of a batch's budgets and of its pre-cooling has to be said, a sentence each. */
export function* budgetReasons(report: BatchReport, legs: readonly TraceLeg[]): Generator<string> {
  for (const budget of report.budgets) {
    if (budget.used >= budget.allowed) yield usedUpText(budget, legs);
  }
  const { preCooling } = report;
  if (preCooling.verdict === 'too slow' || preCooling.verdict === 'not reached') yield slowText(preCooling, legs);
}

function usedUpText(
  { name, unit, used, allowed, severity, usedUpMs, inherited }: BudgetUse,
  legs: readonly TraceLeg[],
) {
  const amount = `${used} of ${allowed} ${unit}`;
  const i = usedUpMs === null ? -1 : legIndexAt(legs, usedUpMs);
  const leg = legs[i];
  if (leg) return `${severity}: ${name} used up in leg ${i + 1} (${leg.assetName}): ${amount}; held by ${leg.org}`;
  const before = inherited ? `, by ${parseLgtin(inherited.batch)!.lot}` : '';
  return `warning: ${name} was used up before it was made${before}: ${amount}`;
}

function slowText({ verdict, sinceMs, deadlineMs, reachedMs, heldBy }: PreCooling, legs: readonly TraceLeg[]): string {
  const allowed = duration(deadlineMs - sinceMs);
  const i = legIndexAt(legs, deadlineMs);
  const where = legs[i] ? ` in leg ${i + 1} (${legs[i].assetName})` : '';
  const what = reachedMs === null ? `${allowed} are over` : `${duration(reachedMs - sinceMs)}, ${allowed} allowed`;
  return `warning pre-cooling ${verdict}${where}: ${what}${heldBy === null ? '' : `; held by ${heldBy}`}`;
}

function legIndexAt(legs: readonly TraceLeg[], timeMs: number): number {
  return legs.findIndex(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < (toMs ?? Number.POSITIVE_INFINITY));
}
