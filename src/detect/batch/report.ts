import type { BatchReport, BudgetUse, PreCooling } from '../../contract/batch-report.ts';
import { roundTo } from '../../contract/channel.ts';
import { BUDGETS } from '../../produce/profiles/budgets.ts';
import { remainingLife } from '../../produce/quality.ts';
import { type BatchState, type BatchTerms, spentBy } from './batch-state.ts';
import { coolingGoalC, coolingVerdict } from './cooling.ts';
import { CLOCK_UNITS, SUM_OF, unitsOf } from './tally.ts';

/** Decimals of amounts, and of days: finer is noise. */
const DECIMALS = 3;

/** What a batch's state says. */
export function reportOf(state: BatchState, terms: BatchTerms): BatchReport {
  const { batch, judgedMs, legs, origin } = state;
  const budgets = budgetUses(state, terms);
  const coveredMs = legs.reduce((sum, { tally }) => sum + tally.coveredMs, 0);
  const isKnown = coveredMs > 0 || origin.lastRead !== null;
  return {
    batch,
    profile: terms.profile.name,
    judgedMs,
    verdict: verdictOf(budgets, isKnown, legs.length > 0),
    budgets,
    preCooling: preCoolingOf(state, terms),
    legs: legs.map(({ org, asset, fromMs, toMs, devices, tally }) => {
      const { coveredMs, airMs, assumedMs, unknownMs } = tally;
      return { org, asset, fromMs, toMs, devices, coveredMs, airMs, assumedMs, unknownMs };
    }),
    lifeLeft: isKnown ? lifeLeft(state, terms) : null,
    unknownParents: origin.unknownParents,
  };
}

function verdictOf(budgets: readonly BudgetUse[], isKnown: boolean, isJudged: boolean): BatchReport['verdict'] {
  if (budgets.some(({ used, allowed }) => used >= allowed)) return 'used-up';
  if (isKnown) return 'within';
  return isJudged ? 'no-data' : 'not-judged';
}

function budgetUses(state: BatchState, { budgets, model }: BatchTerms): BudgetUse[] {
  const spent = spentBy(state);
  return budgets.budgets.map(({ name, allowed, severity }) => {
    const units = unitsOf(name, model.injuryDays.typical);
    const inUnit = (sum: number) => roundTo(sum / units, DECIMALS);
    const heir = state.origin.spentBy[name];
    return {
      name,
      unit: BUDGETS[name].unit,
      used: inUnit(spent[SUM_OF[name]]),
      allowed: roundTo(allowed, DECIMALS),
      severity,
      usedUpMs: state.usedUp.find((used) => used.name === name)?.timeMs ?? null,
      inherited: heir === undefined ? null : { amount: inUnit(state.origin.spent[SUM_OF[name]]), batch: heir },
      byLeg: state.legs.map(({ tally }) => inUnit(tally[SUM_OF[name]])),
    };
  });
}

function preCoolingOf(state: BatchState, { profile }: BatchTerms): PreCooling {
  const { cooling, judgedMs, origin } = state;
  const { first, reached } = cooling;
  const deadlineMs = origin.sinceMs + profile.preCooling.withinMs;
  const verdict = coolingVerdict(cooling, deadlineMs, judgedMs);
  const atMs = reached?.timeMs ?? Math.min(deadlineMs, judgedMs - 1);
  const holder = state.legs.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < (toMs ?? Number.POSITIVE_INFINITY));
  return {
    verdict,
    sinceMs: origin.sinceMs,
    deadlineMs,
    firstC: first && roundTo(first.tempC, DECIMALS),
    goalC: first && roundTo(coolingGoalC(profile, first.tempC), DECIMALS),
    reachedMs: reached?.timeMs ?? null,
    heldBy: reached ? reached.org : (holder?.org ?? null),
  };
}

function lifeLeft(state: BatchState, { profile, model }: BatchTerms) {
  const spent = spentBy(state);
  const used = { ripening: spent.ripening / CLOCK_UNITS, chilling: spent.chilling / CLOCK_UNITS };
  const { days, lowDays, highDays } = remainingLife(model, used, profile.target.maxC);
  return { days: roundTo(days, 1), lowDays: roundTo(lowDays, 1), highDays: roundTo(highDays, 1) };
}
