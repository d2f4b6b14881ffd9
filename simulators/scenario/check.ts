import { fleetOf } from '../plan/fleet.ts';
import { loadNetwork, routeBetween } from '../plan/network.ts';
import { TRUCK_BUSY_BEFORE_MS, tripBoundsMs } from '../plan/trips.ts';
import type { FaultKind } from '../plan/types.ts';
import { nearest } from './nearest.ts';
import type { ScenarioData } from './schema.ts';

/** Something wrong with a scenario that its schema cannot see. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const HOUR_MS = 3_600_000;
/** Gross weight limits leave a full-length semi-trailer about this much. */
const LOAD_MAX_KG = 30_000;

/** Every contradiction in a scenario that fits the schema. */
export function checkScenario(scenario: ScenarioData): Finding[] {
  return [...checkRun(scenario), ...checkPlaces(scenario), ...checkTrips(scenario), ...checkFaults(scenario)];
}

function* checkRun(s: ScenarioData): Generator<Finding> {
  // EPCIS 2.0 §7.4.1: an eventTimeZoneOffset is at most 14:00.
  if (Number(/[+-](\d\d):\d\d$/.exec(s.start)?.[1] ?? 0) >= 14 && !/[+-]14:00$/.test(s.start)) {
    yield { path: ['start'], message: 'has an offset beyond ±14:00' };
  }
  if (s.duration < HOUR_MS) yield { path: ['duration'], message: 'must be at least 1h' };
  if (s.devices.sampleEvery < 1000) yield { path: ['devices', 'sampleEvery'], message: 'must be at least 1s' };
  if (s.devices.bufferFor < s.devices.sampleEvery) {
    yield { path: ['devices', 'bufferFor'], message: 'must hold at least one frame (sampleEvery)' };
  }
  const [least, greatest] = s.trips.loadKg;
  if (least > greatest) yield { path: ['trips', 'loadKg'], message: 'the least load is greater than the greatest' };
  if (greatest > LOAD_MAX_KG)
    yield { path: ['trips', 'loadKg', 1], message: `no truck carries more than ${LOAD_MAX_KG} kg` };
}

function* checkPlaces(s: ScenarioData): Generator<Finding> {
  const network = loadNetwork();
  const places = [...network.places.keys()];
  const unknown = (place: string): string => `unknown place '${place}'${nearest(place, places)}`;
  if (!network.places.has(s.origin)) yield { path: ['origin'], message: unknown(s.origin) };
  for (const [i, place] of s.fleet.forwardWarehouses.entries()) {
    const path = ['fleet', 'forwardWarehouses', i];
    if (!network.places.has(place)) yield { path, message: unknown(place) };
    else if (s.fleet.forwardWarehouses.indexOf(place) < i) yield { path, message: `'${place}' is listed twice` };
    else if (place === s.origin) yield { path, message: 'a trip cannot end where it begins' };
    else if (network.places.has(s.origin) && !routeBetween(network, s.origin, place)) {
      yield { path, message: `no road leads from '${s.origin}' to '${place}'` };
    }
  }
}

function* checkTrips(s: ScenarioData): Generator<Finding> {
  const trucks = fleetOf(s).flatMap((a) => (a.kind === 'reefer-truck' ? [a.key.split('/')[1]!] : []));
  const busy = new Map<string, { fromMs: number; toMs: number; i: number }[]>();
  for (const [i, trip] of (s.trips.list ?? []).entries()) {
    const path = ['trips', 'list', i];
    if (!trucks.includes(trip.truck)) {
      yield { path: [...path, 'truck'], message: `unknown truck '${trip.truck}'${nearest(trip.truck, trucks)}` };
    }
    if (!s.fleet.forwardWarehouses.includes(trip.to)) {
      const message = `no forward warehouse at '${trip.to}'${nearest(trip.to, s.fleet.forwardWarehouses)}`;
      yield { path: [...path, 'to'], message };
      continue;
    }
    if (trip.depart >= s.duration) yield { path: [...path, 'depart'], message: 'departs after the end of the run' };
    if (trip.depart < TRUCK_BUSY_BEFORE_MS) {
      yield { path: [...path, 'depart'], message: 'leaves no time to load: must be at least 2h after the start' };
    }
    const bounds = tripBoundsMs(s, trip.to, trip.depart);
    if (!bounds) continue;
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

/** What a severity may be: least, greatest, and what it means. */
const SEVERITY: Readonly<Record<FaultKind, readonly [number, number, string]>> = {
  'unit-failure': [0, 1, 'the share of capacity lost'],
  'door-left-open': [0, 1, 'the share of the door that is open'],
  'wrong-set-point': [-30, 30, '°C off the intended set-point'],
  'warm-loading': [0, 40, '°C above the plan'],
};

function* checkFaults(s: ScenarioData): Generator<Finding> {
  const kinds = new Map(fleetOf(s).map((asset) => [asset.key, asset.kind]));
  const planned = s.faults.planned;
  for (const [i, fault] of planned.entries()) {
    const path = ['faults', 'planned', i];
    const kind = kinds.get(fault.asset);
    if (!kind) {
      const message = `unknown asset '${fault.asset}'${nearest(fault.asset, [...kinds.keys()])}`;
      yield { path: [...path, 'asset'], message };
    } else if (fault.kind === 'warm-loading' && kind !== 'reefer-truck') {
      yield { path: [...path, 'asset'], message: 'only a truck can be loaded warm' };
    }
    if (fault.at >= s.duration) yield { path: [...path, 'at'], message: 'begins after the end of the run' };
    if (fault.for <= 0) yield { path: [...path, 'for'], message: 'must last longer than nothing' };
    const [least, greatest, meaning] = SEVERITY[fault.kind];
    if (fault.severity < least || fault.severity > greatest || fault.severity === 0) {
      const message = `${fault.kind}: must be ${meaning}, from ${least} to ${greatest} and not 0`;
      yield { path: [...path, 'severity'], message };
    }
    const same = planned.slice(0, i).findIndex((o) => {
      return o.kind === fault.kind && o.asset === fault.asset && o.at < fault.at + fault.for && fault.at < o.at + o.for;
    });
    if (same >= 0)
      yield { path: [...path, 'at'], message: `overlaps faults.planned[${same}], the same fault of the same asset` };
  }
}
