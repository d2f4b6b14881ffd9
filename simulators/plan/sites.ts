import type { AssetKind } from '../../src/contract/words.ts';
import { originsOf, type ScenarioData } from '../scenario/schema.ts';
import type { NetworkNode } from './network.ts';

/** Where everything stands that does not move, and whose it is: as the scenario counts it, or as the network has it. */

export type Chain = Pick<ScenarioData, 'fleet' | 'origin' | 'origins'>;

export interface Site {
  readonly place: string;
  /** Id of the org that runs it: a node of the network, or one made up for the place. */
  readonly org: string;
}

/** The n-th of a kind stands at its n-th site. */
export interface Sites {
  /** Places with forward warehouses: where trips end. */
  readonly cities: readonly string[];
  /** Without those that `auto` adds. */
  readonly preCoolingRooms: readonly Site[];
  readonly mobileColdRooms: readonly Site[];
  readonly coldStores: readonly Site[];
  readonly forwardWarehouses: readonly Site[];
  readonly displays: readonly Site[];
}

/** The n-th truck, room or store belongs to an origin in turn, unless the network says where it stands. */
export function homeOf(chain: Chain, n: number): string {
  const origins = originsOf(chain);
  return origins[n % origins.length]!;
}

/** The homes of so many. */
export const homesOf = (chain: Chain, count: number): string[] =>
  Array.from({ length: count }, (_, n) => homeOf(chain, n));

/** The site of a grower's own room or store. */
export const growersSite = (place: string): Site => ({ place, org: growersOf(place) });

/** The org of an origin's orchards. */
export const growersOf = (origin: string): string => `${origin}-growers`;

/** All sites of a chain. @param nodes of the network, for what the scenario takes from there */
export function sitesOf(chain: Chain, nodes: readonly NetworkNode[]): Sites {
  const { fleet } = chain;
  const origins = originsOf(chain);
  const withWarehouse = nodes.filter((n) => n.assets['forward-warehouse'] && !origins.includes(n.place));
  const fromNetwork = fleet.forwardWarehouses === 'network';
  const cities =
    fleet.forwardWarehouses === 'network'
      ? [...new Set(withWarehouse.map((node) => node.place))]
      : fleet.forwardWarehouses;
  const shopsAt = (place: string): number => {
    if (fleet.shopsPerCity !== 'network') return fleet.shopsPerCity;
    const shops = nodesAt(nodes, place).reduce((sum, node) => sum + node.shops, 0);
    return Math.min(shops, fleet.shopsPerCityMax);
  };
  const atOrigins = (count: number | 'auto' | 'network', kind: AssetKind): Site[] => {
    if (count === 'network') return origins.flatMap((place) => atNodes(nodes, place, kind));
    return homesOf(chain, count === 'auto' ? 0 : count).map(growersSite);
  };
  return {
    cities,
    preCoolingRooms: atOrigins(fleet.preCoolingRooms, 'pre-cooling-room'),
    mobileColdRooms: atOrigins(fleet.mobileColdRooms, 'mobile-cold-room'),
    coldStores: atOrigins(fleet.coldStores, 'cold-store'),
    forwardWarehouses: cities.flatMap((place) => {
      return fromNetwork ? atNodes(nodes, place, 'forward-warehouse') : [{ place, org: `${place}-warehouse` }];
    }),
    displays: cities.flatMap((place) => {
      return Array.from({ length: shopsAt(place) }, () => ({ place, org: `${place}-retail` }));
    }),
  };
}

/** The nodes of the network at a place. */
export function nodesAt(nodes: readonly NetworkNode[], place: string): NetworkNode[] {
  return nodes.filter((node) => node.place === place);
}

function atNodes(nodes: readonly NetworkNode[], place: string, kind: AssetKind): Site[] {
  return nodesAt(nodes, place).flatMap(({ name, assets }) => {
    return Array.from({ length: assets[kind] ?? 0 }, () => ({ place, org: name }));
  });
}

/** By place: which of the sites are there, ascending. */
export function numbersByPlace(sites: readonly Site[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const [n, { place }] of sites.entries()) {
    const there = numbers.get(place);
    if (there) there.push(n);
    else numbers.set(place, [n]);
  }
  return numbers;
}
