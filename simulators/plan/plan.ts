import type { Scenario } from '../scenario/load.ts';
import { isVehicle } from './devices.ts';
import { type Draft, draftPlan } from './draft.ts';
import { type DutySetting, fixedDuties, vehicleDuties } from './duties.ts';
import { FaultTargets } from './fault-targets.ts';
import { planFaults } from './faults.ts';
import { orgsOf } from './fleet.ts';
import { planFlow } from './flow.ts';
import { mishapsOf } from './mishaps.ts';
import { planScans } from './scans.ts';
import type { Duty, Plan } from './types.ts';

export interface PlanOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Instead of the scenario's own start, epoch ms. */
  readonly startMs?: number;
  /** False for the twin of the plan in which nothing goes wrong: same batches, same trips. */
  readonly faults?: boolean;
}

/**
 * Decides everything that will happen, from scenario and seed alone: same scenario and seed, same plan. First what is
 * meant to happen (harvest, trips, lots, devices), then what goes wrong, then moves, doors and scans as they follow.
 * @throws ColdtrailError SCENARIO_INVALID where a fault finds nothing to happen to
 */
export function makePlan(scenario: Scenario, options: PlanOptions = {}): Plan {
  return planFrom(intend(scenario, options), options.faults !== false);
}

/** A plan, and that of its twin in which nothing goes wrong; what both have in common is planned once. */
export function makePlanAndTwin(scenario: Scenario, options: Omit<PlanOptions, 'faults'>): { plan: Plan; twin: Plan } {
  const intended = intend(scenario, options);
  return { plan: planFrom(intended, true), twin: planFrom(intended, false) };
}

/** What is meant to happen, before anything goes wrong. */
interface Intended {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly draft: Draft;
  readonly dutySetting: DutySetting;
  readonly vehicleDuties: ReadonlyMap<number, readonly Duty[]>;
}

function intend(scenario: Scenario, options: PlanOptions): Intended {
  const seed = options.seed ?? scenario.seed;
  const draft = draftPlan(scenario, seed, options.startMs ?? scenario.startMs);
  const { network, run, fleet, hauls } = draft;
  const dutySetting: DutySetting = { network, fleet, seed, run, coverage: scenario.links.coverage };
  const vehicles = fleet.assets.flatMap(({ kind }, ix) => (isVehicle(kind) ? [ix] : []));
  const duties = vehicles.map((ix) => [ix, vehicleDuties(ix, hauls.get(ix) ?? [], dutySetting)] as const);
  return { scenario, seed, draft, dutySetting, vehicleDuties: new Map(duties) };
}

function planFrom({ scenario, seed, draft, dutySetting, vehicleDuties }: Intended, withFaults: boolean): Plan {
  const { network, grid, run, fleet, lots, devices } = draft;
  const faultSetting = { fleet, devices, loads: lots.ofLoads, seed, run };
  const targets = new FaultTargets(faultSetting);
  const faults = withFaults ? planFaults(scenario, faultSetting, targets) : [];
  const mishaps = mishapsOf(faults, (fault) => targets.loadsStruck(fault));
  const { moves, blends } = planFlow(lots.ofLoads, mishaps, { fleet, grid, seed, run });
  const fixed = fixedDuties(moves, dutySetting);
  const assets = fleet.assets.map(({ key, org, kind, name, setPointC }, ix) => {
    return { key, org, kind, name, setPointC, duties: vehicleDuties.get(ix) ?? fixed(ix, targets.duties(ix)) };
  });
  const { zone, produce } = scenario;
  return {
    scenario: scenario.name,
    seed,
    startMs: run.fromMs,
    endMs: run.toMs,
    zone,
    produce,
    ...(scenario.data === undefined ? {} : { dataDir: scenario.data }),
    orgs: orgsOf(scenario, draft.sites, network),
    assets,
    devices,
    batches: lots.batches,
    moves,
    blends,
    scans: planScans({ fleet, devices, batches: lots.batches, moves, blends, loads: lots.ofLoads, produce, zone, run }),
    faults,
  };
}
