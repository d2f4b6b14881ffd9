import { type RuleSet, ruleNames } from './engine.ts';
import { INTERVAL, type Score, scoreOf } from './score.ts';
import type { SeedTally } from './seed-tally.ts';
import { addTallies, type Tally } from './tally.ts';

/** What `lab run` says of one rule set. */
export interface Scorecard {
  readonly scenario: string;
  readonly rules: string;
  readonly seeds: readonly number[];
  /** How intervals were made. */
  readonly interval: typeof INTERVAL;
  readonly pack: Score & { readonly counts: Tally };
  readonly byRule: Readonly<Record<string, Score & { readonly counts: Tally }>>;
}

/** @param setIx which of the rule sets that the seeds were scored with */
export function scorecardOf(scenario: string, set: RuleSet, seeds: readonly SeedTally[], setIx = 0): Scorecard {
  const told = (tallies: readonly Tally[]) => ({
    ...scoreOf(tallies),
    counts: { ...addTallies(tallies), delaysMin: [] },
  });
  return {
    scenario,
    rules: set.name,
    seeds: seeds.map(({ seed }) => seed),
    interval: INTERVAL,
    pack: told(seeds.map(({ sets }) => sets[setIx]!.pack)),
    byRule: Object.fromEntries(
      ruleNames(set).map((name) => [name, told(seeds.map(({ sets }) => sets[setIx]!.rules[name]!))]),
    ),
  };
}
