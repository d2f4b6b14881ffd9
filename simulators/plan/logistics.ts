import { originsOf, type ScenarioData } from '../scenario/schema.ts';
import type { FleetSize } from './fleet.ts';
import { Grid } from './grid.ts';
import type { Haul } from './hauls.ts';
import type { Network } from './network.ts';
import { numbersByPlace, type Site, type Sites } from './sites.ts';
import { type Harvest, type HarvestedLoad, planSupply } from './supply.ts';
import { Boxes, type BoxSlot, boxSlots } from './trains.ts';
import { Trucks } from './trips.ts';

/** A load: what one truck or box takes, from the orchard to the forward warehouse. */
export interface Load {
  /** Names its random streams. */
  readonly name: string;
  readonly origin: string;
  /** Null for stock: fruit that lies packed in its store when the run begins. */
  readonly harvest: Harvest | null;
  /** Which cold store. */
  readonly store: number;
  readonly storeMs: number;
  /** Null where it does not leave within the run. */
  readonly haul: Haul | null;
  /** Which forward warehouse it goes to; null without a haul. */
  readonly warehouse: number | null;
}

/** Who carries what when, before anything goes wrong. */
export interface Logistics {
  readonly loads: readonly Load[];
  readonly size: FleetSize;
}

/**
 * Matches what is harvested with what drives. Trips that are written or evenly spaced take the load that has been
 * ready longest, or stock from before the run; in a season it is the harvest that decides which trips there are.
 */
export function planLogistics(
  scenario: ScenarioData,
  sites: Sites,
  network: Network,
  seed: number,
  startMs: number,
): Logistics {
  const grid = new Grid(startMs);
  const endMs = startMs + scenario.duration;
  const supply = planSupply(scenario, sites, seed, startMs, grid);
  const trucks = new Trucks(scenario, sites.cities, network, seed, grid);
  const boxes = new Boxes(scenario.fleet.railBoxes, grid);
  const slots = boxSlots(scenario, network, startMs, grid).filter((slot) => slot.loadMs < endMs);
  const matching = new Matching(scenario, sites, supply.loads, startMs);
  if (scenario.trips.season) matching.bySeason(trucks, boxes, slots, endMs);
  else matching.byTrips(trucks, boxes, slots, endMs);
  return {
    loads: matching.loads(),
    size: { trucks: trucks.homes, preCoolingRooms: supply.rooms },
  };
}

class Matching {
  readonly #scenario: ScenarioData;
  readonly #sites: Sites;
  readonly #supply: readonly HarvestedLoad[];
  readonly #startMs: number;
  readonly #hauls = new Map<HarvestedLoad, Haul>();
  readonly #stock: { name: string; haul: Haul }[] = [];
  /** By origin: its loads, ascending in readiness, and the first that may still wait. */
  readonly #waiting = new Map<string, { loads: HarvestedLoad[]; next: number }>();

  constructor(scenario: ScenarioData, sites: Sites, supply: readonly HarvestedLoad[], startMs: number) {
    this.#scenario = scenario;
    this.#sites = sites;
    this.#supply = supply;
    this.#startMs = startMs;
    for (const origin of originsOf(scenario)) this.#waiting.set(origin, { loads: [], next: 0 });
    for (const load of supply) this.#waiting.get(load.origin)!.loads.push(load);
  }

  byTrips(trucks: Trucks, boxes: Boxes, slots: readonly BoxSlot[], endMs: number): void {
    const { list, perDay } = this.#scenario.trips;
    const hauls = list ? trucks.listed(this.#startMs) : perDay ? trucks.spaced(this.#startMs) : [];
    for (const slot of slots) {
      const haul = boxes.send(slot);
      if (haul) hauls.push(haul);
    }
    hauls.sort((a, b) => a.loadMs - b.loadMs || (a.kind < b.kind ? 1 : a.kind > b.kind ? -1 : a.number - b.number));
    for (const haul of hauls) {
      if (haul.loadMs >= endMs) continue;
      const load = this.#take(haul.origin, haul.loadMs);
      if (load) this.#hauls.set(load, haul);
      else this.#stock.push({ name: `stock/${haul.kind}-${haul.number}/${haul.loadMs - this.#startMs}`, haul });
    }
  }

  /** Trains take what is ready when they are loaded; what is left goes by truck when it is due, to the warehouses in turn. */
  bySeason(trucks: Trucks, boxes: Boxes, slots: readonly BoxSlot[], endMs: number): void {
    const { forwardWarehouses } = this.#sites;
    const byDue = [...this.#supply].sort((a, b) => a.dueMs - b.dueMs || (a.name < b.name ? -1 : 1));
    let s = 0;
    let sent = 0;
    for (const load of byDue) {
      while (s < slots.length && slots[s]!.loadMs <= load.dueMs) this.#fill(slots[s++]!, boxes);
      if (this.#hauls.has(load) || load.dueMs >= endMs) continue;
      const to = forwardWarehouses[sent++ % forwardWarehouses.length]!.place;
      const haul = trucks.sendFirst(load.name, load.origin, to, load.dueMs);
      if (haul && haul.loadMs < endMs) this.#hauls.set(load, haul);
    }
  }

  loads(): Load[] {
    const stores = new Turns(this.#sites.coldStores);
    const warehouses = new Turns(this.#sites.forwardWarehouses);
    const stock = this.#stock.map(({ name, haul }): Load => {
      const { origin, to } = haul;
      const store = stores.next(origin);
      return { name, origin, harvest: null, store, storeMs: this.#startMs, haul, warehouse: warehouses.next(to) };
    });
    const harvested = this.#supply.map(({ name, origin, harvest }, i): Load => {
      const haul = this.#hauls.get(this.#supply[i]!) ?? null;
      const warehouse = haul && warehouses.next(haul.to);
      return { name, origin, harvest, store: stores.next(origin), storeMs: harvest.storeMs, haul, warehouse };
    });
    return [...stock, ...harvested];
  }

  #fill(slot: BoxSlot, boxes: Boxes): void {
    const load = this.#take(slot.way.origin, slot.loadMs);
    if (!load) return;
    const haul = boxes.send(slot);
    if (haul) this.#hauls.set(load, haul);
  }

  /** The load that has been ready longest at an origin, if one is. */
  #take(origin: string, atMs: number): HarvestedLoad | undefined {
    const waiting = this.#waiting.get(origin)!;
    while (waiting.next < waiting.loads.length && this.#hauls.has(waiting.loads[waiting.next]!)) waiting.next++;
    const load = waiting.loads[waiting.next];
    return load && load.readyMs <= atMs ? load : undefined;
  }
}

/** The stores or warehouses of each place, in turn. */
class Turns {
  readonly #numbers: ReadonlyMap<string, readonly number[]>;
  readonly #taken = new Map<string, number>();

  constructor(sites: readonly Site[]) {
    this.#numbers = numbersByPlace(sites);
  }

  next(place: string): number {
    const there = this.#numbers.get(place)!;
    const turn = this.#taken.get(place) ?? 0;
    this.#taken.set(place, turn + 1);
    return there[turn % there.length]!;
  }
}
