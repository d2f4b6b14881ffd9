import { randomStream } from '../../simulators/random-stream.ts';
import { type Baseline, baselineSets } from './baselines.ts';
import type { RuleSet } from './engine.ts';
import { type Figure, quantile, type Score, scoreOf } from './score.ts';
import type { SeedTally } from './seed-tally.ts';
import type { SeedRequest } from './seed-worker.ts';
import { addTallies, type Tally } from './tally.ts';

/** One rule set beside others, all on the same seeds. */
export interface Contender {
  readonly name: string;
  /** Parameters that were found by the sweep; empty for the pack itself. */
  readonly params: string;
  readonly score: Score;
  readonly counts: Tally;
  /** The pack's false alarms as a share of this one's; null for the pack. */
  readonly falseAlarmRatio: Figure | null;
}

/** A scenario's scorecard: the pack, and each baseline at its best. */
export interface Versus {
  readonly scenario: string;
  readonly tunedOn: readonly number[];
  readonly scoredOn: readonly number[];
  readonly contenders: readonly Contender[];
}

export interface VersusRequest {
  readonly scenario: string;
  readonly pack: RuleSet;
  readonly baselines: readonly Baseline[];
  /** Seeds on which baselines find their parameters, and seeds on which all are scored. */
  readonly tuneOn: readonly number[];
  readonly scoreOn: readonly number[];
}

/**
 * Puts a pack beside baselines. Each baseline is swept over its whole grid on some seeds, and two of its points go on to
 * other seeds: the one with the fewest false alarms among those that find as much as the pack (or, where none does, among
 * those that find most), and the one with the best F1.
 * @param run how seeds are run
 */
export async function versus(
  { scenario, pack, baselines, tuneOn, scoreOn }: VersusRequest,
  run: (request: SeedRequest, seeds: readonly number[]) => Promise<SeedTally[]>,
): Promise<Versus> {
  const grids = baselines.map((baseline) => baselineSets(baseline, pack));
  const tried = [pack, ...grids.flat().map(({ set }) => set)];
  const tuned = await run({ scenario, sets: tried, everyRule: false }, tuneOn);
  const wholes = tried.map((_, i) => addTallies(tuned.map(({ sets }) => sets[i]!.pack)));
  const chosen = grids.flatMap((grid, g) => {
    const from = 1 + grids.slice(0, g).reduce((sum, { length }) => sum + length, 0);
    const points = grid.map((point, i) => ({ ...point, tally: wholes[from + i]! }));
    const { name } = baselines[g]!;
    return [
      { name: `${name}, recall as the pack's`, ...atRecall(points, recallOf(wholes[0]!)) },
      { name: `${name}, best F1`, ...best(points, f1Of) },
    ];
  });
  const sets = [pack, ...chosen.map(({ set }) => set)];
  const scored = await run({ scenario, sets, everyRule: false }, scoreOn);
  const tallies = sets.map((_, i) => scored.map((seed) => seed.sets[i]!.pack));
  const contenders = [{ name: pack.name, params: '' }, ...chosen].map(({ name, params }, i) => ({
    name,
    params,
    score: scoreOf(tallies[i]!),
    counts: addTallies(tallies[i]!),
    falseAlarmRatio: i === 0 ? null : ratioOf(tallies[0]!, tallies[i]!),
  }));
  return { scenario, tunedOn: tuneOn, scoredOn: scoreOn, contenders };
}

interface TriedPoint {
  readonly params: string;
  readonly set: RuleSet;
  readonly tally: Tally;
}

const recallOf = ({ harmful, harmfulFound }: Tally) => (harmful > 0 ? harmfulFound / harmful : 0);

function f1Of({ tally }: TriedPoint): number {
  const precision = tally.found > 0 ? tally.found / (tally.found + tally.falseAlarms) : 0;
  const recall = recallOf(tally);
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

/** Among points that find a share, or where none does, that find most: the one with the fewest false alarms. */
function atRecall(points: readonly TriedPoint[], recall: number): TriedPoint {
  const floor = Math.min(recall, Math.max(...points.map(({ tally }) => recallOf(tally))));
  return best(points, ({ tally }) => (recallOf(tally) >= floor ? 1 : 0));
}

/** The worthiest point; among equals, as where nothing did harm, the one with the fewest false alarms. */
function best(points: readonly TriedPoint[], worth: (point: TriedPoint) => number): TriedPoint {
  return points.reduce((chosen, point) => {
    const more = worth(point) - worth(chosen);
    return more > 0 || (more === 0 && point.tally.falseAlarms < chosen.tally.falseAlarms) ? point : chosen;
  });
}

/** More of them move the second digit of an interval's ends no longer. */
const RESAMPLES = 1000;

/** The ratio of two rule sets' false alarms on the same seeds, with the percentile bootstrap over these. */
function ratioOf(ofPack: readonly Tally[], ofOther: readonly Tally[]): Figure {
  const ratio = (seeds: readonly number[]) => {
    const sum = (tallies: readonly Tally[]) => seeds.reduce((total, i) => total + tallies[i]!.falseAlarms, 0);
    const other = sum(ofOther);
    return other > 0 ? sum(ofPack) / other : null;
  };
  const all = [...ofPack.keys()];
  if (all.length < 2) return { value: ratio(all), low: null, high: null };
  const stream = randomStream(all.length, 'lab ratio');
  const told = Array.from({ length: RESAMPLES }, () => ratio(all.map(() => (stream.next() >>> 0) % all.length)));
  const known = told.filter((value) => value !== null);
  return { value: ratio(all), low: quantile(known, 0.025), high: quantile(known, 0.975) };
}
