import type { Interval } from '../../src/contract/words.ts';
import type { ScenarioData } from '../scenario/schema.ts';
import { planDeliveries } from './deliveries.ts';
import { devicesOf } from './devices.ts';
import { dutyOf } from './duties.ts';
import { type Fleet, fleetOf } from './fleet.ts';
import { Grid } from './grid.ts';
import type { Haul } from './hauls.ts';
import { outagesOf } from './links.ts';
import { type Logistics, planLogistics } from './logistics.ts';
import { type Lots, planLots } from './lots.ts';
import { loadNetwork, type Network } from './network.ts';
import { type Sites, sitesOf } from './sites.ts';
import type { PlannedDevice } from './types.ts';

/** What there is and what is meant to happen, before anything goes wrong: enough to tell whether faults fit. */
export interface Draft {
  readonly network: Network;
  readonly grid: Grid;
  readonly run: Interval;
  readonly logistics: Logistics;
  readonly sites: Sites;
  readonly fleet: Fleet;
  readonly lots: Lots;
  /** By asset; of vehicles only. */
  readonly hauls: ReadonlyMap<number, readonly Haul[]>;
  readonly devices: readonly PlannedDevice[];
}

/** Drafts a plan from a scenario that contradicts itself nowhere. @param startMs of the run */
export function draftPlan(scenario: ScenarioData, seed: number, startMs: number): Draft {
  const network = loadNetwork(scenario.data);
  const grid = new Grid(startMs);
  const run = { fromMs: startMs, toMs: grid.before(startMs + scenario.duration) };
  const sites = sitesOf(scenario, network.nodes);
  const logistics = planLogistics(scenario, sites, network, seed, startMs);
  const fleet = fleetOf(scenario, sites, logistics.size);
  const deliveries = planDeliveries(scenario, sites.displays, logistics.loads, seed, grid);
  const lots = planLots(scenario, logistics.loads, deliveries, seed, run);
  const hauls = new Map<number, Haul[]>();
  for (const { haul } of logistics.loads) {
    if (!haul) continue;
    const assetIx = fleet.first[haul.kind] + haul.number;
    const own = hauls.get(assetIx);
    if (own) own.push(haul);
    else hauls.set(assetIx, [haul]);
  }
  for (const own of hauls.values()) own.sort((a, b) => a.loadMs - b.loadMs);
  const devices = fleet.assets.flatMap((asset, ix) => {
    const duties = (hauls.get(ix) ?? []).map((haul) => dutyOf(haul, run));
    return devicesOf(asset, ix, seed, scenario.devices, outagesOf(asset, duties, scenario, seed, run));
  });
  return { network, grid, run, logistics, sites, fleet, lots, hauls, devices };
}
