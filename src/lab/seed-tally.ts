import { type RuleSet, ruleNames } from './engine.ts';
import type { SeedRun } from './seed-run.ts';
import { type Tally, tallyOf } from './tally.ts';

/** What one seed says of each rule set. */
export interface SeedTally {
  readonly seed: number;
  readonly readings: number;
  /** By rule set, as given. */
  readonly sets: readonly {
    /** All rules together. */
    readonly pack: Tally;
    /** By rule name; empty where they were not asked for. */
    readonly rules: Readonly<Record<string, Tally>>;
  }[];
}

const DAY_MS = 86_400_000;

/** Scores a seed's breaches against its truth. */
export function tallySeed(run: SeedRun, sets: readonly RuleSet[], everyRule: boolean): SeedTally {
  const { seed, readings, incidents, judged } = run;
  return {
    seed,
    readings,
    sets: judged.map(({ breaches, armedMs }, ix) => ({
      pack: tallyOf(incidents, breaches, armedMs / DAY_MS),
      rules: Object.fromEntries(
        (everyRule ? ruleNames(sets[ix]!) : []).map((name) => {
          const own = breaches.filter(({ rule }) => rule === name);
          return [name, tallyOf(incidents, own, armedMs / DAY_MS)];
        }),
      ),
    })),
  };
}
