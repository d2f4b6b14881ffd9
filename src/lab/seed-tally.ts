import { type AlarmDiff, diffAlarms } from './diff.ts';
import { type RuleSet, ruleNames } from './engine.ts';
import { type Explained, explain } from './explain.ts';
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
  /** Of the first rule set, where it was asked for. */
  readonly explained?: Explained;
  /** Of the first two rule sets, where it was asked for. */
  readonly diff?: AlarmDiff;
}

/** What is wanted of each seed beside the tally of each rule set. */
export interface TallyWishes {
  /** Whether each rule is to be scored by itself, too. */
  readonly everyRule: boolean;
  /** Whether what the first rule set missed and cried wolf about is to be named. */
  readonly explain?: boolean;
  /** Whether what the first two rule sets say differently is to be named. */
  readonly diff?: boolean;
}

const DAY_MS = 86_400_000;

/** Scores a seed's breaches against its truth. */
export function tallySeed(run: SeedRun, sets: readonly RuleSet[], wishes: TallyWishes): SeedTally {
  const { seed, readings, incidents, judged } = run;
  return {
    seed,
    readings,
    sets: judged.map(({ breaches, armedMs }, ix) => ({
      pack: tallyOf(incidents, breaches, armedMs / DAY_MS),
      rules: Object.fromEntries(
        (wishes.everyRule ? ruleNames(sets[ix]!) : []).map((name) => {
          const own = breaches.filter(({ rule }) => rule === name);
          return [name, tallyOf(incidents, own, armedMs / DAY_MS)];
        }),
      ),
    })),
    ...(wishes.explain ? { explained: explain(run) } : {}),
    ...(wishes.diff ? { diff: diffAlarms(judged[0]!.breaches, judged[1]!.breaches, incidents) } : {}),
  };
}
