import { randomStream } from '../../simulators/random-stream.ts';
import { type Bounds, byar, wilson } from './interval.ts';
import { addTallies, type Tally } from './tally.ts';

/** A figure over all seeds, with its 95 % confidence interval; null where it cannot be told, as recall of nothing. */
export interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** What is told of a rule, in this order. */
export interface Score {
  readonly recall: Figure;
  readonly recallByDamage: Figure;
  readonly recallByLimits: Figure;
  readonly precision: Figure;
  readonly f1: Figure;
  readonly delayMedianMin: Figure;
  readonly delayP95Min: Figure;
  /** Mean over faults that did harm, those that were missed counting 0. */
  readonly leadH: Figure;
  readonly leadOracleH: Figure;
  readonly leadShare: Figure;
  readonly falseAlarmsPer100DeviceDays: Figure;
  /** Mean of a seed. */
  readonly missedHarmDays: Figure;
  readonly missedHarmTonneDays: Figure;
  readonly missedHarmShare: Figure;
  readonly missedLimitsH: Figure;
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const precisionOf = (t: Tally) => ratio(t.found, t.found + t.falseAlarms);
const recallOf = (t: Tally) => ratio(t.harmfulFound, t.harmful);

function f1Of(t: Tally): number | null {
  const [precision, recall] = [precisionOf(t), recallOf(t)];
  if (precision === null || recall === null) return recall === 0 ? 0 : null;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** By figure: how it is told from the tally of all seeds. @param seeds how many went into the tally */
const FIGURES: Readonly<Record<keyof Score, (t: Tally, seeds: number) => number | null>> = {
  recall: recallOf,
  recallByDamage: (t) => ratio(t.byDamageFound, t.byDamage),
  recallByLimits: (t) => ratio(t.byLimitsFound, t.byLimits),
  precision: precisionOf,
  f1: f1Of,
  delayMedianMin: (t) => quantile(t.delaysMin, 0.5),
  delayP95Min: (t) => quantile(t.delaysMin, 0.95),
  leadH: (t) => ratio(t.leadH, t.leads),
  leadOracleH: (t) => ratio(t.oracleLeadH, t.leads),
  leadShare: (t) => ratio(t.leadH, t.oracleLeadH),
  falseAlarmsPer100DeviceDays: (t) => ratio(100 * t.falseAlarms, t.deviceDays),
  missedHarmDays: (t, seeds) => ratio(t.missedLossDays, seeds),
  missedHarmTonneDays: (t, seeds) => ratio(t.missedTonneDays, seeds),
  missedHarmShare: (t) => ratio(t.missedTonneDays, t.lossTonneDays),
  missedLimitsH: (t, seeds) => ratio(t.missedLimitsH, seeds),
};

/** What counts alone say of a figure's interval, faults and alarms taken as independent. */
const COUNTED: { readonly [name in keyof Score]?: (t: Tally) => Bounds | null } = {
  recall: (t) => shareBounds(t.harmfulFound, t.harmful),
  recallByDamage: (t) => shareBounds(t.byDamageFound, t.byDamage),
  recallByLimits: (t) => shareBounds(t.byLimitsFound, t.byLimits),
  precision: (t) => shareBounds(t.found, t.found + t.falseAlarms),
  falseAlarmsPer100DeviceDays: (t) => {
    const per = 100 / t.deviceDays;
    const { low, high } = byar(t.falseAlarms);
    return t.deviceDays > 0 ? { low: low * per, high: high * per } : null;
  },
};

const shareBounds = (part: number, whole: number) => (whole > 0 ? wilson(part, whole) : null);

const FIGURE_NAMES = Object.keys(FIGURES) as (keyof Score)[];

/** More of them move the second digit of an interval's ends no longer. */
const RESAMPLES = 1000;

/** How intervals are made, as it is told beside them. */
export const INTERVAL =
  '95 %: percentile bootstrap over seeds; for shares and false alarms the wider of it and Wilson’s or Byar’s by counts';

/**
 * The figures over all seeds. Counts are pooled over seeds, then divided. Intervals are the percentile bootstrap over
 * whole seeds (Efron): faults of one seed share its weather and its trips, seeds are independent. Drawn from a stream of
 * its own, so the same tallies give the same intervals. Where every seed says the same, as a recall of 1, the bootstrap
 * has no width: so shares and false alarms take the outer ends of it and of what the counts say ({@link COUNTED}).
 * Others are null with fewer than two seeds.
 */
export function scoreOf(tallies: readonly Tally[]): Score {
  const whole = addTallies(tallies);
  const samples = tallies.length < 2 ? [] : resampled(tallies);
  const figures = FIGURE_NAMES.map((name): [string, Figure] => {
    const told = samples.map((sample) => FIGURES[name](sample, tallies.length)).filter((value) => value !== null);
    const value = FIGURES[name](whole, tallies.length);
    const counted = COUNTED[name]?.(whole) ?? null;
    const [low, high] = [quantile(told, 0.025), quantile(told, 0.975)];
    return [name, { value, low: outer(Math.min, low, counted?.low), high: outer(Math.max, high, counted?.high) }];
  });
  return Object.fromEntries(figures) as unknown as Score;
}

function outer(end: (...ends: number[]) => number, told: number | null, counted: number | undefined): number | null {
  const ends = [told, counted].filter((value) => value !== null && value !== undefined);
  return ends.length > 0 ? end(...ends) : null;
}

function resampled(tallies: readonly Tally[]): Tally[] {
  const stream = randomStream(tallies.length, 'lab bootstrap');
  const lean = tallies.map((tally) => ({ ...tally, byKind: {} }));
  return Array.from({ length: RESAMPLES }, () =>
    addTallies(Array.from(lean, () => lean[(stream.next() >>> 0) % lean.length]!)),
  );
}

/** A quantile, linear between neighbours; null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return sorted[low]! + (at - low) * (next - sorted[low]!);
}
