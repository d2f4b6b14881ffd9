import { BATCH_CHANNEL } from '../../contract/batch-report.ts';
import type { Breach, Severity } from '../../contract/breach.ts';
import { BUDGETS } from '../../produce/profiles/budgets.ts';
import { type BatchState, type BatchTerms, type LegState, spentBy } from './batch-state.ts';
import { coolingVerdict } from './cooling.ts';
import { SUM_OF, unitsOf } from './tally.ts';

const MINUTE_MS = 60_000;

/** What a batch breach carries as its rule. */
const RULE_PREFIX = 'batch-';

/**
 * The breaches of a batch: one for each budget that was used up, from that instant to the end of the leg it happened
 * in, and one for a pre-cooling that was late, from the deadline to when the goal was reached or the leg ended. Who
 * takes such a batch over, or makes others of it, did not use it up: the report tells them, no alarm does.
 */
export function breachesOfBatch(state: BatchState, terms: BatchTerms): Breach[] {
  const { budgets, model } = terms;
  const breaches: Breach[] = [];
  for (const { name, timeMs, leg } of state.usedUp) {
    const { allowed, severity } = budgets.budgets.find((budget) => budget.name === name)!;
    const upToLeg = spentBy({ ...state, legs: state.legs.slice(0, leg + 1) });
    const peak = upToLeg[SUM_OF[name]] / unitsOf(name, model.injuryDays.typical);
    const found = {
      rule: name,
      severity,
      limit: allowed,
      unit: BUDGETS[name].unit,
      startMs: timeMs,
      endMs: null,
      peak,
    };
    breaches.push(breachIn(state, state.legs[leg]!, terms, found));
  }
  const late = lateCooling(state, terms);
  return late ? [...breaches, late] : breaches;
}

function lateCooling(state: BatchState, terms: BatchTerms): Breach | undefined {
  const { cooling, origin, judgedMs, legs } = state;
  const { withinMs } = terms.profile.preCooling;
  const startMs = origin.sinceMs + withinMs;
  const verdict = coolingVerdict(cooling, startMs, judgedMs);
  if (verdict !== 'too slow' && verdict !== 'not reached') return undefined;
  const leg = legs.find(({ fromMs, toMs }) => fromMs <= startMs && startMs < (toMs ?? Number.POSITIVE_INFINITY));
  if (!leg) return undefined;
  const endMs = cooling.reached?.timeMs ?? null;
  return breachIn(state, leg, terms, {
    rule: 'pre-cooling',
    severity: terms.budgets.preCoolingSeverity,
    limit: withinMs / MINUTE_MS,
    unit: 'min',
    startMs,
    endMs,
    peak: (Math.min(endMs ?? judgedMs, leg.toMs ?? Number.POSITIVE_INFINITY) - origin.sinceMs) / MINUTE_MS,
  });
}

interface Found {
  readonly rule: string;
  readonly severity: Severity;
  readonly limit: number;
  /** Of the limit and the peak. */
  readonly unit: string;
  readonly startMs: number;
  /** When it was over; null where only the leg's end ends it. */
  readonly endMs: number | null;
  readonly peak: number;
}

function breachIn({ batch, judgedMs }: BatchState, leg: LegState, { profile }: BatchTerms, found: Found): Breach {
  const isOver = found.endMs !== null && found.endMs < (leg.toMs ?? Number.POSITIVE_INFINITY);
  const endMs = isOver ? found.endMs : leg.toMs;
  const rule = RULE_PREFIX + found.rule;
  const three = (value: number) => Math.round(value * 1000) / 1000;
  return {
    id: `${batch}:${BATCH_CHANNEL}:${rule}:${found.startMs}`,
    device: batch,
    channel: BATCH_CHANNEL,
    asset: leg.asset,
    rule,
    fold: rule,
    profile: profile.name,
    severity: found.severity,
    about: 'cargo',
    limit: three(found.limit),
    unit: found.unit,
    startMs: found.startMs,
    raisedMs: found.startMs,
    endMs,
    endedBy: endMs === null ? null : isOver ? 'recovered' : 'custody-ended',
    cause: null,
    peak: three(found.peak),
    peakMs: Math.min(endMs ?? judgedMs, judgedMs),
  };
}
