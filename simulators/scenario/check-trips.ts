import type { Finding } from '../../src/lib/data-file.ts';
import { nearest } from '../../src/lib/nearest.ts';
import { fleetOf, writtenSize } from '../plan/fleet.ts';
import { Grid } from '../plan/grid.ts';
import { CALLED_BEFORE_MS } from '../plan/hauls.ts';
import type { Network } from '../plan/network.ts';
import { homeOf, type Sites } from '../plan/sites.ts';
import { Boxes, boxSlots, railWay } from '../plan/trains.ts';
import { busyAtMost, DEPART_AFTER_START_MS, roadWay } from '../plan/trips.ts';
import { originsOf, type ScenarioData } from './schema.ts';

const HOUR_MS = 3_600_000;

/** What is wrong with the trips of trucks: ways that lead nowhere, trucks booked twice. */
export function* checkTrips(s: ScenarioData, sites: Sites, network: Network): Generator<Finding> {
  const { perDay, list, season } = s.trips;
  if (perDay === undefined && !list && !season && s.rail.trains.length === 0) {
    yield { path: ['trips'], message: 'needs perDay, list or season, or a train under rail' };
  }
  if (perDay !== undefined || season) yield* checkRoads(s, sites, network);
  yield* checkListed(s, sites, network);
}

function* checkRoads(s: ScenarioData, { cities }: Sites, network: Network): Generator<Finding> {
  const known = (place: string): boolean => network.places.has(place);
  const origins = originsOf(s);
  for (const [i, place] of cities.entries()) {
    const from = origins.find((o) => known(o) && known(place) && o !== place && !roadWay(network, o, place));
    const path = ['fleet', 'forwardWarehouses', ...(s.fleet.forwardWarehouses === 'network' ? [] : [i])];
    if (from !== undefined) yield { path, message: `no road leads from '${from}' to '${place}'` };
  }
}

function* checkListed(s: ScenarioData, sites: Sites, network: Network): Generator<Finding> {
  const trucks = truckNames(s, sites);
  const busy = new Map<string, { fromMs: number; toMs: number; i: number }[]>();
  for (const [i, trip] of (s.trips.list ?? []).entries()) {
    const path = ['trips', 'list', i];
    const number = trucks?.indexOf(trip.truck) ?? 0;
    if (trucks && number < 0) {
      yield { path: [...path, 'truck'], message: `unknown truck '${trip.truck}'${nearest(trip.truck, trucks)}` };
    }
    if (trip.depart >= s.duration) yield { path: [...path, 'depart'], message: 'departs after the end of the run' };
    if (trip.depart < DEPART_AFTER_START_MS) {
      yield { path: [...path, 'depart'], message: 'leaves no time to load: must be at least 2h after the start' };
    }
    if (!sites.cities.includes(trip.to)) {
      const message = `no forward warehouse at '${trip.to}'${nearest(trip.to, sites.cities)}`;
      yield { path: [...path, 'to'], message };
      continue;
    }
    const from = number < 0 ? originsOf(s)[0] : homeOf(s, number);
    if (from === undefined || !network.places.has(from) || !network.places.has(trip.to) || from === trip.to) continue;
    const way = roadWay(network, from, trip.to);
    if (!way) {
      yield { path: [...path, 'to'], message: `no road leads from '${from}' to '${trip.to}'` };
      continue;
    }
    const bounds = busyAtMost(way, trip.depart, new Grid(0));
    const others = busy.get(trip.truck) ?? [];
    const clash = others.find((o) => bounds.fromMs < o.toMs && o.fromMs < bounds.toMs);
    if (clash) {
      const hours = Math.ceil(clash.toMs / HOUR_MS);
      const message = `'${trip.truck}' is still on trips.list[${clash.i}] (back at the origin after ${hours}h)`;
      yield { path: [...path, 'depart'], message };
    }
    busy.set(trip.truck, [...others, { ...bounds, i }]);
  }
}

/** Undefined where the scenario does not say how many there are, or whose. */
function truckNames(s: ScenarioData, sites: Sites): string[] | undefined {
  const size = writtenSize(s, sites);
  if (!size || originsOf(s).length === 0) return undefined;
  return fleetOf(s, sites, size).assets.flatMap((a) => (a.kind === 'reefer-truck' ? [a.key.split('/')[1]!] : []));
}

/** What is wrong with the trains: ways that lead nowhere, boxes that are not there or booked twice. */
export function* checkTrains(s: ScenarioData, sites: Sites, network: Network): Generator<Finding> {
  let good = true;
  for (const [i] of s.rail.trains.entries()) {
    for (const finding of checkTrain(s, sites, network, i)) {
      good = false;
      yield finding;
    }
  }
  // In a season a train takes what boxes and fruit there are; otherwise it takes as many boxes as it says.
  if (good && s.rail.trains.length > 0 && !s.trips.season) yield* checkBoxes(s, network);
}

function* checkTrain(s: ScenarioData, { cities }: Sites, network: Network, i: number): Generator<Finding> {
  const path = ['rail', 'trains', i];
  const train = s.rail.trains[i]!;
  const places = [...network.places.keys()];
  const origin = train.origin ?? originsOf(s)[0];
  for (const key of ['from', 'to'] as const) {
    if (network.places.has(train[key])) continue;
    yield { path: [...path, key], message: `unknown place '${train[key]}'${nearest(train[key], places)}` };
  }
  if (train.origin !== undefined && !originsOf(s).includes(train.origin)) {
    yield {
      path: [...path, 'origin'],
      message: `'${train.origin}' is no origin${nearest(train.origin, originsOf(s))}`,
    };
  } else if (origin !== undefined && [origin, train.from, train.to].every((place) => network.places.has(place))) {
    if (!railWay(network, s, i)) {
      const message = `no road and railway lead from '${origin}' by '${train.from}' to '${train.to}'`;
      yield { path: [...path, 'to'], message };
    }
  }
  if (network.places.has(train.to) && !cities.includes(train.to)) {
    const message = `no forward warehouse at '${train.to}'${nearest(train.to, cities)}`;
    yield { path: [...path, 'to'], message };
  }
  if (train.depart >= s.duration) yield { path: [...path, 'depart'], message: 'departs after the end of the run' };
  if (train.every !== undefined && train.every < HOUR_MS)
    yield { path: [...path, 'every'], message: 'must be at least 1h' };
}

function* checkBoxes(s: ScenarioData, network: Network): Generator<Finding> {
  const grid = new Grid(0);
  const boxes = new Boxes(s.fleet.railBoxes, grid);
  const late = new Set<number>();
  const short = new Map<number, number>();
  for (const slot of boxSlots(s, network, 0, grid)) {
    if (slot.loadMs < CALLED_BEFORE_MS) late.add(slot.trainIx);
    else if (!boxes.send(slot)) short.set(slot.trainIx, (short.get(slot.trainIx) ?? 0) + 1);
  }
  for (const i of late) {
    const message =
      'leaves no time to load its boxes after the start: later, or with fewer boxes or more drayage trucks';
    yield { path: ['rail', 'trains', i, 'depart'], message };
  }
  for (const [i, missing] of short) {
    const message = `${missing} of its boxes are not there: fleet.railBoxes has ${s.fleet.railBoxes}, and some may be on another train`;
    yield { path: ['rail', 'trains', i, 'boxes'], message };
  }
}
