import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { ScenarioData } from '../scenario/schema.ts';
import { type Drive, driveAlong } from './drive.ts';
import type { FleetAsset } from './fleet.ts';
import { type Leg, loadNetwork, routeBetween } from './network.ts';

/** One loaded trip of one truck, from its loading to its unloading, and its way back. */
export interface Trip {
  readonly truckIx: number;
  readonly to: string;
  readonly loadMs: number;
  readonly drive: Drive;
  readonly unloadMs: number;
  readonly wayBack: Drive;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A truck is called this long before it leaves: its body is cooled down, then loaded. */
export const TRUCK_BUSY_BEFORE_MS = 2 * HOUR_MS;
const LOADED_BEFORE_MS = 30 * MINUTE_MS;
const UNLOADED_AFTER_MS = 35 * MINUTE_MS;
const RETURNS_AFTER_MS = 90 * MINUTE_MS;

/** Trucks keep to 96–104 % of a road's usual speed. */
const PACE_MIN = 0.96;
const PACE_MAX = 1.04;
/** Departures are this far off the even spacing at most. */
const JITTER_MS = 15 * MINUTE_MS;

/** When a truck that departs then is busy at the latest, after the start of the run; undefined without a route. */
export function tripBoundsMs(
  scenario: ScenarioData,
  to: string,
  departMs: number,
): { fromMs: number; toMs: number } | undefined {
  const legs = routeBetween(loadNetwork(), scenario.origin, to);
  if (!legs) return undefined;
  const out = driveAlong(legs, departMs, PACE_MIN, true);
  const back = driveAlong(reversed(legs), out.arriveMs + RETURNS_AFTER_MS, PACE_MIN, false);
  return { fromMs: departMs - TRUCK_BUSY_BEFORE_MS, toMs: back.arriveMs };
}

/** All trips, ascending in departure. @param startMs of the run; the scenario's own start does not matter */
export function planTrips(scenario: ScenarioData, fleet: readonly FleetAsset[], seed: number, startMs: number): Trip[] {
  const trucks = fleet.flatMap((asset, ix) => (asset.kind === 'reefer-truck' ? [ix] : []));
  const trips = scenario.trips.list
    ? listedTrips(scenario, fleet, trucks, seed, startMs)
    : generatedTrips(scenario, fleet, trucks, seed, startMs);
  return trips.sort((a, b) => a.loadMs - b.loadMs || a.truckIx - b.truckIx);
}

function listedTrips(
  scenario: ScenarioData,
  fleet: readonly FleetAsset[],
  trucks: readonly number[],
  seed: number,
  startMs: number,
): Trip[] {
  return (scenario.trips.list ?? []).map(({ truck, to, depart }) => {
    const truckIx = trucks.find((ix) => fleet[ix]!.key.endsWith(`/${truck}`))!;
    return tripOf(scenario.origin, to, truckIx, fleet[truckIx]!.key, startMs + depart, seed);
  });
}

/** Evenly spaced departures, to the forward warehouses in turn, each with the truck that has been idle longest. */
function generatedTrips(
  scenario: ScenarioData,
  fleet: readonly FleetAsset[],
  trucks: readonly number[],
  seed: number,
  startMs: number,
): Trip[] {
  const { forwardWarehouses } = scenario.fleet;
  const everyMs = DAY_MS / scenario.trips.perDay!;
  const idleSince = new Map(trucks.map((ix) => [ix, Number.NEGATIVE_INFINITY]));
  const trips: Trip[] = [];
  for (let slot = 0; scenario.trips.first + slot * everyMs < scenario.duration; slot++) {
    const jitterMs = drawBetween(randomStream(seed, 'departure', String(slot)), -JITTER_MS, JITTER_MS);
    const departMs = startMs + minutes(scenario.trips.first + slot * everyMs + jitterMs);
    let truckIx: number | undefined;
    for (const [ix, sinceMs] of idleSince) {
      if (sinceMs > departMs - TRUCK_BUSY_BEFORE_MS) continue;
      if (truckIx === undefined || sinceMs < idleSince.get(truckIx)!) truckIx = ix;
    }
    // No truck is at home: the load waits for the next slot.
    if (truckIx === undefined) continue;
    const to = forwardWarehouses[slot % forwardWarehouses.length]!;
    const trip = tripOf(scenario.origin, to, truckIx, fleet[truckIx]!.key, departMs, seed);
    idleSince.set(truckIx, trip.wayBack.arriveMs);
    trips.push(trip);
  }
  return trips;
}

function tripOf(origin: string, to: string, truckIx: number, truck: string, departMs: number, seed: number): Trip {
  const legs = routeBetween(loadNetwork(), origin, to)!;
  const stream = randomStream(seed, 'trip', truck, String(departMs));
  const drive = driveAlong(legs, departMs, drawBetween(stream, PACE_MIN, PACE_MAX), true);
  const pace = drawBetween(stream, PACE_MIN, PACE_MAX);
  return {
    truckIx,
    to,
    loadMs: departMs - LOADED_BEFORE_MS,
    drive,
    unloadMs: drive.arriveMs + UNLOADED_AFTER_MS,
    wayBack: driveAlong(reversed(legs), drive.arriveMs + RETURNS_AFTER_MS, pace, false),
  };
}

const minutes = (ms: number): number => Math.round(ms / MINUTE_MS) * MINUTE_MS;

function reversed(legs: readonly Leg[]): Leg[] {
  return legs.map((leg) => ({ ...leg, from: leg.to, to: leg.from })).reverse();
}
