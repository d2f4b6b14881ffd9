import type { Finding } from '../../src/lib/data-file.ts';
import { ColdtrailError } from '../../src/lib/errors.ts';
import { nearest } from '../../src/lib/nearest.ts';
import { loadNetwork, type Network } from '../plan/network.ts';
import { seasonDays } from '../plan/season.ts';
import { nodesAt, sitesOf } from '../plan/sites.ts';
import { SLICE_MS } from '../plan/types.ts';
import { checkDevices } from './check-devices.ts';
import { checkFaultEffects, checkFaults } from './check-faults.ts';
import { checkTrains, checkTrips } from './check-trips.ts';
import { originsOf, type ScenarioData } from './schema.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Gross weight limits leave a full-length semi-trailer about this much. */
const LOAD_MAX_KG = 30_000;

/** Every contradiction in a scenario that fits the schema. */
export function checkScenario(scenario: ScenarioData): Finding[] {
  const read = networkOf(scenario);
  if (!read.ok) return [...checkRun(scenario), ...checkFaults(scenario, undefined), read.finding];
  const { network } = read;
  const sites = sitesOf(scenario, network.nodes);
  const findings = [
    ...checkRun(scenario),
    ...checkPlaces(scenario, network),
    ...checkNodes(scenario, network),
    ...checkFleet(scenario),
    ...checkTrips(scenario, sites, network),
    ...checkTrains(scenario, sites, network),
    ...checkDevices(scenario),
    ...checkFaults(scenario, sites),
  ];
  // What faults would strike is known only once trips are planned, and they can be only where all else is right.
  return findings.length > 0 ? findings : [...checkFaultEffects(scenario)];
}

function networkOf(s: ScenarioData): { ok: true; network: Network } | { ok: false; finding: Finding } {
  try {
    return { ok: true, network: loadNetwork(s.data) };
  } catch (error) {
    if (!(error instanceof ColdtrailError)) throw error;
    return { ok: false, finding: { path: ['data'], message: error.message } };
  }
}

function* checkRun(s: ScenarioData): Generator<Finding> {
  // EPCIS 2.0 §7.4.1: an eventTimeZoneOffset is at most 14:00.
  if (Number(/[+-](\d\d):\d\d$/.exec(s.start)?.[1] ?? 0) >= 14 && !/[+-]14:00$/.test(s.start)) {
    yield { path: ['start'], message: 'has an offset beyond ±14:00' };
  }
  if (s.duration < HOUR_MS) yield { path: ['duration'], message: 'must be at least 1h' };
  const [least, greatest] = s.trips.loadKg;
  if (least > greatest) yield { path: ['trips', 'loadKg'], message: 'the least load is greater than the greatest' };
  if (greatest > LOAD_MAX_KG)
    yield { path: ['trips', 'loadKg', 1], message: `no truck carries more than ${LOAD_MAX_KG} kg` };
  for (const key of ['preCool', 'storage', 'soldAfter', 'shopKg'] as const) {
    const [low, high] = s.flow[key];
    if (low > high) yield { path: ['flow', key], message: 'the first is greater than the second' };
    // The world goes in slices: a batch comes and goes once in each at most.
    if (key !== 'shopKg' && low < SLICE_MS) yield { path: ['flow', key, 0], message: 'must be at least 5m' };
  }
  if (s.trips.season) yield* checkSeason(s);
}

function* checkSeason(s: ScenarioData): Generator<Finding> {
  const path = ['trips', 'season'];
  const { fromMs, peakMs, toMs } = seasonDays(s.start, s.trips.season!);
  const startMs = Date.parse(s.start);
  if (!(fromMs <= peakMs && peakMs <= toMs)) yield { path: [...path, 'peak'], message: 'is not between from and to' };
  if (fromMs + DAY_MS <= startMs) yield { path: [...path, 'from'], message: 'is before the start of the run' };
  if (toMs >= startMs + s.duration) yield { path: [...path, 'to'], message: 'is after the end of the run' };
}

function* checkPlaces(s: ScenarioData, network: Network): Generator<Finding> {
  const places = [...network.places.keys()];
  const unknown = (place: string): string => `unknown place '${place}'${nearest(place, places)}`;
  if ((s.origin === undefined) === (s.origins === undefined)) {
    yield { path: [], message: 'needs either origin or origins' };
  }
  const origins = originsOf(s);
  for (const [i, origin] of origins.entries()) {
    const path = s.origins ? ['origins', i] : ['origin'];
    if (!network.places.has(origin)) yield { path, message: unknown(origin) };
    else if (origins.indexOf(origin) < i) yield { path, message: `'${origin}' is listed twice` };
  }
  const cities = s.fleet.forwardWarehouses;
  if (cities === 'network') return;
  for (const [i, place] of cities.entries()) {
    const path = ['fleet', 'forwardWarehouses', i];
    if (!network.places.has(place)) yield { path, message: unknown(place) };
    else if (cities.indexOf(place) < i) yield { path, message: `'${place}' is listed twice` };
    else if (origins.includes(place)) yield { path, message: 'a trip cannot end where it begins' };
  }
}

/** What the scenario takes from the network must be there. */
function* checkNodes(s: ScenarioData, { places, nodes }: Network): Generator<Finding> {
  const needed = {
    preCoolingRooms: 'pre-cooling-room',
    coldStores: 'cold-store',
    mobileColdRooms: 'mobile-cold-room',
  } as const;
  for (const key of Object.keys(needed) as (keyof typeof needed)[]) {
    if (s.fleet[key] !== 'network') continue;
    const path = ['fleet', key];
    for (const origin of originsOf(s).filter((place) => places.has(place))) {
      const there = nodesAt(nodes, origin);
      if (there.length === 0) yield { path, message: `the network has no node at the origin '${origin}'` };
      else if (key !== 'mobileColdRooms' && !there.some((node) => node.assets[needed[key]])) {
        yield { path, message: `no node of the network at the origin '${origin}' has a ${needed[key]}` };
      }
    }
  }
  if (s.fleet.forwardWarehouses === 'network' && sitesOf(s, nodes).cities.length === 0) {
    const message = 'no node of the network has a forward-warehouse, away from the origins';
    yield { path: ['fleet', 'forwardWarehouses'], message };
  }
}

function* checkFleet(s: ScenarioData): Generator<Finding> {
  const origins = originsOf(s).length;
  const { trucks, preCoolingRooms, coldStores } = s.fleet;
  if (typeof coldStores === 'number' && coldStores < origins)
    yield { path: ['fleet', 'coldStores'], message: `each of the ${origins} origins needs one` };
  if ((trucks === 'auto' || preCoolingRooms === 'auto') && !s.trips.season) {
    const key = trucks === 'auto' ? 'trucks' : 'preCoolingRooms';
    yield { path: ['fleet', key], message: 'auto goes with trips.season only: how many are there?' };
  }
  if (typeof trucks === 'number' && trucks < origins && (s.trips.perDay !== undefined || s.trips.season)) {
    yield { path: ['fleet', 'trucks'], message: `each of the ${origins} origins needs one` };
  }
  // A number of rooms goes to the origins in turn; each node that the network names has one already.
  const { mobileColdRooms } = s.fleet;
  if (typeof preCoolingRooms !== 'number' || typeof mobileColdRooms !== 'number' || !s.trips.season) return;
  if (preCoolingRooms + mobileColdRooms < origins) {
    yield { path: ['fleet', 'preCoolingRooms'], message: `each of the ${origins} origins needs one` };
  }
}
