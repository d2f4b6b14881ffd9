import type { AssetKind } from '../../src/contract/words.ts';
import { originsOf } from '../scenario/schema.ts';
import type { Network } from './network.ts';
import { type Chain, growersOf, homesOf, numbersByPlace, type Site, type Sites } from './sites.ts';
import type { PlannedAsset, PlannedOrg } from './types.ts';

/** Who and what there is before anything happens. All names are made up and say so. */

/** Trucks take turns: the first is the first carrier's, the second the second's … */
const CARRIERS = ['tarim-carriers', 'oasis-carriers'] as const;
const RAILWAY = 'oasis-rail';

/** An asset and the place it belongs to. What it does all run long comes later. */
export interface FleetAsset extends Omit<PlannedAsset, 'duties'> {
  readonly place: string;
}

/** What the scenario may leave open: how many there are, and where each belongs. */
export interface FleetSize {
  /** Home of each truck. */
  readonly trucks: readonly string[];
  readonly preCoolingRooms: readonly Site[];
}

/** All assets, by kind one after the other: the n-th of a kind is at `first[kind] + n`. */
export interface Fleet {
  readonly assets: readonly FleetAsset[];
  readonly first: Readonly<Record<AssetKind, number>>;
}

/** Sizes as the scenario and the network have them; undefined where one is left to the plan (`auto`). */
export function writtenSize(chain: Chain, sites: Sites): FleetSize | undefined {
  const { trucks, preCoolingRooms } = chain.fleet;
  if (trucks === 'auto' || preCoolingRooms === 'auto') return undefined;
  return { trucks: homesOf(chain, trucks), preCoolingRooms: sites.preCoolingRooms };
}

/** The orgs of a scenario: the network's nodes by their titles, those of the other assets made up for their places. */
export function orgsOf(chain: Chain, sites: Sites, network: Network): PlannedOrg[] {
  const { preCoolingRooms, mobileColdRooms, coldStores, forwardWarehouses, displays } = sites;
  const title = (place: string): string => network.places.get(place)!.title;
  const keeping = [...preCoolingRooms, ...mobileColdRooms, ...coldStores, ...forwardWarehouses];
  const keepers = new Map(keeping.map((site) => [site.org, site.place]));
  for (const origin of originsOf(chain)) keepers.delete(growersOf(origin));
  const nodes = new Map(network.nodes.map((node) => [node.name, node.title]));
  return [
    ...originsOf(chain).map((place) => ({
      id: growersOf(place),
      name: `${title(place)} growers (simulated)`,
      role: 'grower',
    })),
    { id: CARRIERS[0], name: 'Tarim carriers (simulated)', role: 'carrier' },
    { id: CARRIERS[1], name: 'Oasis carriers (simulated)', role: 'carrier' },
    ...(chain.fleet.railBoxes > 0 ? [{ id: RAILWAY, name: 'Oasis rail (simulated)', role: 'carrier' }] : []),
    ...[...keepers].map(([id, place]) => ({
      id,
      name: `${nodes.get(id) ?? `${title(place)} forward warehouse`} (simulated)`,
      role: 'warehouse',
    })),
    ...[...new Map(displays.map((site) => [site.org, site.place]))].map(([id, place]) => ({
      id,
      name: `${title(place)} shops (simulated)`,
      role: 'retailer',
    })),
  ];
}

/** All assets: vehicles, then what stands at the origins, then what stands where trips end. */
export function fleetOf(chain: Chain, sites: Sites, size: FleetSize): Fleet {
  const { fleet } = chain;
  const assets: FleetAsset[] = [];
  const first = {} as Record<AssetKind, number>;
  const add = (
    kind: AssetKind,
    count: number,
    one: (n: number) => readonly [site: Site, name: string, title: string],
  ): void => {
    first[kind] = assets.length;
    for (let n = 0; n < count; n++) {
      const [{ org, place }, name, title] = one(n);
      assets.push({ key: `${org}/${name}`, org, kind, name: title, setPointC: fleet.setPointC, place });
    }
  };
  const vehicle = (homes: readonly string[], orgs: readonly string[], name: string, title: string) => {
    const numbers = numbering(homes.length);
    return (n: number) =>
      [{ place: homes[n]!, org: orgs[n % orgs.length]! }, `${name}-${numbers(n)}`, `${title} ${numbers(n)}`] as const;
  };
  const atHome = (there: readonly Site[], name: string, title: string) => (n: number) =>
    [there[n]!, `${name}-${n + 1}`, `${title} ${n + 1}`] as const;
  const { trucks, preCoolingRooms } = size;
  const boxes = homesOf(chain, fleet.railBoxes);
  add('reefer-truck', trucks.length, vehicle(trucks, CARRIERS, 'truck', 'Reefer truck'));
  add('rail-reefer-box', boxes.length, vehicle(boxes, [RAILWAY], 'box', 'Rail reefer box'));
  const { mobileColdRooms, coldStores, forwardWarehouses, displays } = sites;
  add('mobile-cold-room', mobileColdRooms.length, atHome(mobileColdRooms, 'mobile-room', 'Mobile cold room'));
  add('pre-cooling-room', preCoolingRooms.length, atHome(preCoolingRooms, 'pre-cooling', 'Pre-cooling room'));
  add('cold-store', coldStores.length, atHome(coldStores, 'cold-store', 'Cold store'));
  const warehouse = inCity(forwardWarehouses);
  add('forward-warehouse', forwardWarehouses.length, (n) => {
    const { site, number, count } = warehouse(n);
    // A place's only one needs no number.
    const [dash, space] = count === 1 ? ['', ''] : [`-${number}`, ` ${number}`];
    return [site, `forward-${site.place}${dash}`, `Forward warehouse ${site.place}${space}`];
  });
  const display = inCity(displays);
  add('retail-display', displays.length, (n) => {
    const { site, number } = display(n);
    return [site, `display-${site.place}-${number}`, `Display in shop ${number}, ${site.place}`];
  });
  return { assets, first };
}

/** Numbers what stands in each place from 1. */
function inCity(sites: readonly Site[]): (n: number) => { site: Site; number: number; count: number } {
  const numbers = numbersByPlace(sites);
  return (n) => {
    const site = sites[n]!;
    const there = numbers.get(site.place)!;
    return { site, number: there.indexOf(n) + 1, count: there.length };
  };
}

/** Numbers from 01, with as many digits as the last one needs. */
function numbering(count: number): (n: number) => string {
  const digits = Math.max(2, String(count).length);
  return (n) => String(n + 1).padStart(digits, '0');
}
