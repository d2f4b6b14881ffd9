import { makePlan } from './plan/plan.ts';
import type { Plan } from './plan/types.ts';
import { loadScenario } from './scenario/load.ts';

/** A scenario (a shipped one's name, or a file), as the command line names it. */
export interface ScenarioSource {
  readonly scenario: string;
  readonly seed?: number | undefined;
  readonly startMs?: number | undefined;
}

/** What to simulate: a scenario or a plan made before. */
export type SimulationSource = { readonly plan: Plan } | ScenarioSource;

/** The plan of a source. Throws what reading the scenario throws. */
export function planOf(source: SimulationSource): Plan {
  return 'plan' in source ? source.plan : planned(source, true);
}

/** The plan of the same season in which nothing goes wrong. Throws what reading the scenario throws. */
export function twinOf(source: ScenarioSource): Plan {
  return planned(source, false);
}

function planned({ scenario, seed, startMs }: ScenarioSource, faults: boolean): Plan {
  return makePlan(loadScenario(scenario), {
    ...(seed === undefined ? {} : { seed }),
    ...(startMs === undefined ? {} : { startMs }),
    faults,
  });
}
