import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDataFile } from '../../src/lib/data-file.ts';
import { ColdtrailError } from '../../src/lib/errors.ts';
import {
  checkNodes,
  checkWays,
  type NetworkNode,
  nodesSchema,
  type Place,
  placesSchema,
  railsSchema,
  roadsSchema,
  type Way,
} from './network-schema.ts';

export type { NetworkNode, Place, Way } from './network-schema.ts';

/** Where the chain is: places with their climate, the roads and railways between them, the nodes that stand there. */
export interface Network {
  readonly places: ReadonlyMap<string, Place>;
  readonly roads: readonly Way[];
  readonly rails: readonly Way[];
  readonly nodes: readonly NetworkNode[];
}

const SHIPPED = fileURLToPath(new URL('../data/', import.meta.url));

const loaded = new Map<string, Network>();

/**
 * Reads a network; each folder once. @param dir with places.yaml, roads.yaml, rails.yaml and network.yaml; without it,
 * what comes with the program
 * @throws ColdtrailError SCENARIO_INVALID listing every problem of all four files as `file:line:column path`
 */
export function loadNetwork(dir: string = SHIPPED): Network {
  const folder = resolve(dir);
  let network = loaded.get(folder);
  if (!network) {
    network = readNetwork(folder);
    loaded.set(folder, network);
  }
  return network;
}

function readNetwork(folder: string): Network {
  const file = (name: string) => resolve(folder, name);
  const placeFile = readDataFile(file('places.yaml'), placesSchema, () => []);
  const places = new Map<string, Place>();
  for (const [name, place] of Object.entries(placeFile.data?.places ?? {})) places.set(name, { ...place, name });
  // Without places every name in the other files would look unknown: one cause, one report.
  const known = placeFile.data !== undefined;
  const roads = readDataFile(file('roads.yaml'), roadsSchema, (d) =>
    known ? checkWays('roads', d.roads, places) : [],
  );
  const rails = readDataFile(file('rails.yaml'), railsSchema, (d) =>
    known ? checkWays('rails', d.rails, places) : [],
  );
  const nodes = readDataFile(file('network.yaml'), nodesSchema, (d) => (known ? checkNodes(d.nodes, places) : []));
  const problems = [placeFile, roads, rails, nodes].flatMap((read) => read.problems);
  if (problems.length > 0 || !roads.data || !rails.data || !nodes.data) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    throw new ColdtrailError('SCENARIO_INVALID', `${count} in the data of the network\n${problems.join('\n')}`, {
      hint: 'copy the folder simulators/data and change what differs',
    });
  }
  return { places, roads: roads.data.roads, rails: rails.data.rails, nodes: nodes.data.nodes };
}

/** One way of a journey, in the direction of travel: its kilometres count from where it begins. */
export interface Leg {
  readonly from: Place;
  readonly to: Place;
  readonly km: number;
  readonly kmh: number;
  /** Minutes at a road check on arrival; 0 where there is none. */
  readonly checkMin: number;
  /** [from km, to km] without a mobile network. */
  readonly gaps: readonly (readonly [number, number])[];
  /** [at km, length km]. */
  readonly tunnels: readonly (readonly [number, number])[];
}

/** The quickest route by road, or undefined where there is none; the same array whenever it is asked for again. */
export function roadRoute(network: Network, from: string, to: string): readonly Leg[] | undefined {
  return quickest(network.places, network.roads, from, to);
}

/** The quickest route by rail, or undefined where there is none; the same array whenever it is asked for again. */
export function railRoute(network: Network, from: string, to: string): readonly Leg[] | undefined {
  return quickest(network.places, network.rails, from, to);
}

interface Ways {
  /** By place: the legs that begin there. */
  readonly from: ReadonlyMap<string, readonly Leg[]>;
  readonly found: Map<string, readonly Leg[] | undefined>;
}

const waysOf = new WeakMap<readonly Way[], Ways>();

function quickest(
  places: ReadonlyMap<string, Place>,
  list: readonly Way[],
  from: string,
  to: string,
): readonly Leg[] | undefined {
  let ways = waysOf.get(list);
  if (!ways) {
    ways = { from: legsByStart(places, list), found: new Map() };
    waysOf.set(list, ways);
  }
  const pair = `${from} ${to}`;
  if (!ways.found.has(pair)) ways.found.set(pair, dijkstra(ways, from, to));
  return ways.found.get(pair);
}

function legsByStart(places: ReadonlyMap<string, Place>, list: readonly Way[]): Map<string, Leg[]> {
  const byStart = new Map<string, Leg[]>([...places.keys()].map((name) => [name, []]));
  for (const { between, km, kmh, check, gaps, tunnels } of list) {
    const [a, b] = between.map((name) => places.get(name)!) as [Place, Place];
    const both = { km, kmh, checkMin: check ?? 0 };
    byStart.get(a.name)!.push({ ...both, from: a, to: b, gaps, tunnels });
    byStart.get(b.name)!.push({
      ...both,
      from: b,
      to: a,
      gaps: gaps.map(([fromKm, toKm]) => [km - toKm, km - fromKm] as const).reverse(),
      tunnels: tunnels.map(([atKm, lengthKm]) => [km - atKm - lengthKm, lengthKm] as const).reverse(),
    });
  }
  return byStart;
}

/** Shortest in hours, checks included. A few dozen places need no heap. */
function dijkstra(ways: Ways, from: string, to: string): Leg[] | undefined {
  const hours = new Map<string, number>([[from, 0]]);
  const via = new Map<string, Leg>();
  const done = new Set<string>();
  for (;;) {
    let here: string | undefined;
    for (const [place, h] of hours) {
      if (!done.has(place) && (here === undefined || h < hours.get(here)!)) here = place;
    }
    if (here === undefined) return undefined;
    if (here === to) return legsTo(via, from, to);
    done.add(here);
    for (const leg of ways.from.get(here) ?? []) {
      const arrival = hours.get(here)! + leg.km / leg.kmh + leg.checkMin / 60;
      if (arrival < (hours.get(leg.to.name) ?? Number.POSITIVE_INFINITY)) {
        hours.set(leg.to.name, arrival);
        via.set(leg.to.name, leg);
      }
    }
  }
}

function legsTo(via: ReadonlyMap<string, Leg>, from: string, to: string): Leg[] {
  const legs: Leg[] = [];
  for (let place = to; place !== from; place = legs.at(-1)!.from.name) legs.push(via.get(place)!);
  return legs.reverse();
}
