import { scoreOf } from '../score.ts';
import type { SeedTally } from '../seed-tally.ts';
import { addTallies } from '../tally.ts';
import type { Point } from './space.ts';

/** What false alarms are weighed against. */
export const AGAINST = ['delay', 'harm'] as const;
export type Against = (typeof AGAINST)[number];

/** What a point of the search costs, over all seeds. */
export interface PointScore {
  readonly params: Readonly<Record<string, number>>;
  readonly recall: number | null;
  readonly precision: number | null;
  readonly falseAlarmsPer100DeviceDays: number | null;
  readonly delayMedianMin: number | null;
  readonly delayP95Min: number | null;
  readonly leadShare: number | null;
  readonly missedHarmTonneDays: number | null;
  /** No other point has fewer false alarms without more of the other cost. */
  readonly onFront: boolean;
}

/** Scores every point. @param seeds tallies in which rule set i is point i */
export function scorePoints(points: readonly Point[], seeds: readonly SeedTally[], against: Against): PointScore[] {
  const scores = points.map((point, i) => {
    // Pooled first: one tally has no interval, which thousands of points could not afford.
    const score = scoreOf([addTallies(seeds.map(({ sets }) => sets[i]!.pack))]);
    const perSeed = (value: number | null) => (value === null ? null : value / seeds.length);
    return {
      params: Object.fromEntries(point),
      recall: score.recall.value,
      precision: score.precision.value,
      falseAlarmsPer100DeviceDays: score.falseAlarmsPer100DeviceDays.value,
      delayMedianMin: score.delayMedianMin.value,
      delayP95Min: score.delayP95Min.value,
      leadShare: score.leadShare.value,
      missedHarmTonneDays: perSeed(score.missedHarmTonneDays.value),
    };
  });
  return scores.map((score) => ({
    ...score,
    onFront: !scores.some((other) => dominates(other, score, against)),
  }));
}

type Costs = Omit<PointScore, 'onFront'>;

/** False alarms, and what they are weighed against; a point that finds nothing is late without end. */
function costsOf(score: Costs, against: Against): readonly [number, number] {
  const other = against === 'delay' ? score.delayMedianMin : score.missedHarmTonneDays;
  return [score.falseAlarmsPer100DeviceDays ?? Infinity, other ?? Infinity];
}

function dominates(a: Costs, b: Costs, against: Against): boolean {
  const [aFalse, aOther] = costsOf(a, against);
  const [bFalse, bOther] = costsOf(b, against);
  return aFalse <= bFalse && aOther <= bOther && (aFalse < bFalse || aOther < bOther);
}

/** The point to take, and the reason in words. */
export interface Recommendation {
  readonly point: PointScore;
  readonly why: string;
}

/**
 * Of the points that find enough, the one with the fewest false alarms; among equals the one with the least of the other
 * cost. Where none finds enough, of those that find most.
 * @param recallMin what share of harmful faults must be found
 */
export function recommend(
  scores: readonly PointScore[],
  against: Against,
  recallMin: number,
): Recommendation | undefined {
  const best = Math.max(...scores.map(({ recall }) => recall ?? 0));
  const floor = Math.min(recallMin, best);
  const able = scores.filter(({ recall }) => (recall ?? 0) >= floor);
  const point = able.reduce<PointScore | undefined>((chosen, score) => {
    if (!chosen) return score;
    const [falseA, otherA] = costsOf(score, against);
    const [falseB, otherB] = costsOf(chosen, against);
    return falseA < falseB || (falseA === falseB && otherA < otherB) ? score : chosen;
  }, undefined);
  if (!point) return undefined;
  const reached =
    best < recallMin
      ? `no point finds ${recallMin} of the harmful faults; this one is of those that find most (${best.toFixed(3)})`
      : `${able.length} of ${scores.length} points find at least ${recallMin} of the harmful faults`;
  const other = against === 'delay' ? 'the shortest delay' : 'the least missed harm';
  return { point, why: `${reached}; of these it has the fewest false alarms, then ${other}` };
}
