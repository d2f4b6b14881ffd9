import { makePlan } from './plan/plan.ts';
import type { Plan } from './plan/types.ts';
import { loadScenario } from './scenario/load.ts';

/** What to simulate: a scenario (a shipped one's name, or a file) or a plan made before. */
export type SimulationSource =
  | { readonly plan: Plan }
  | { readonly scenario: string; readonly seed?: number | undefined; readonly startMs?: number | undefined };

/** The plan of a source. Throws what reading the scenario throws. */
export function planOf(source: SimulationSource): Plan {
  if ('plan' in source) return source.plan;
  const { seed, startMs } = source;
  return makePlan(loadScenario(source.scenario), {
    ...(seed === undefined ? {} : { seed }),
    ...(startMs === undefined ? {} : { startMs }),
  });
}
