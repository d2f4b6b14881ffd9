import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import { originsOf, type ScenarioData } from '../scenario/schema.ts';
import type { Grid } from './grid.ts';
import { IdlePool } from './idle-pool.ts';
import { harvestTimes } from './season.ts';
import { growersSite, type Site, type Sites } from './sites.ts';

/** What the orchards bring: loads picked, pre-cooled, graded and packed, as the rooms can take them. */

export interface Harvest {
  readonly room: { readonly kind: 'pre-cooling-room' | 'mobile-cold-room'; readonly number: number };
  /** Into the room; on the slice grid, as all these. */
  readonly inMs: number;
  /** Graded and packed. */
  readonly packMs: number;
  /** Into the cold store. */
  readonly storeMs: number;
}

export interface HarvestedLoad {
  /** Names its random streams. */
  readonly name: string;
  readonly origin: string;
  readonly harvest: Harvest;
  /** From when on it may leave the store. */
  readonly readyMs: number;
  /** When it leaves at the latest, where trips follow the harvest. */
  readonly dueMs: number;
}

export interface Supply {
  /** Ascending in `readyMs`. */
  readonly loads: readonly HarvestedLoad[];
  /** The pre-cooling rooms there are, or it took. */
  readonly rooms: readonly Site[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const FIRST_HARVEST_MS = 90 * MINUTE_MS;
const BETWEEN_ROOMS_MS = 60 * MINUTE_MS;
const TURNAROUND_MS = 2 * HOUR_MS;

/** A mobile cold room has no forced air: cooling takes longer (room 12–36 h against a few, USDA HB66). ESTIMATE. */
const MOBILE_SLOWER = 1.6;

/** All loads that the run's harvest yields. */
export function planSupply(scenario: ScenarioData, sites: Sites, seed: number, startMs: number, grid: Grid): Supply {
  const supply = new Supplying(scenario, sites, seed, grid);
  if (scenario.trips.season) supply.bySeason(harvestTimes(scenario, seed, startMs));
  else supply.byTurns(startMs);
  return supply.done();
}

class Supplying {
  readonly #scenario: ScenarioData;
  readonly #sites: Sites;
  readonly #seed: number;
  readonly #grid: Grid;
  readonly #loads: HarvestedLoad[] = [];
  readonly #rooms: Site[];

  constructor(scenario: ScenarioData, sites: Sites, seed: number, grid: Grid) {
    this.#scenario = scenario;
    this.#sites = sites;
    this.#seed = seed;
    this.#grid = grid;
    this.#rooms = [...sites.preCoolingRooms];
  }

  done(): Supply {
    this.#loads.sort((a, b) => a.readyMs - b.readyMs || (a.name < b.name ? -1 : 1));
    return { loads: this.#loads, rooms: this.#rooms };
  }

  /** Each room is filled again as soon as it is empty. */
  byTurns(startMs: number): void {
    const { duration } = this.#scenario;
    const { preCoolingRooms, mobileColdRooms } = this.#sites;
    const rooms = [...roomsOf('pre-cooling-room', preCoolingRooms), ...roomsOf('mobile-cold-room', mobileColdRooms)];
    for (const [r, { room, place }] of rooms.entries()) {
      let freeMs = startMs + FIRST_HARVEST_MS + r * BETWEEN_ROOMS_MS;
      for (let cycle = 0; freeMs < startMs + duration; cycle++) {
        freeMs = this.#fill(`${room.kind}-${room.number}/${cycle}`, room, place, freeMs);
      }
    }
  }

  /** Loads come in when they are picked, for each cold store in turn, into the first room of its origin that is free. */
  bySeason(timesMs: readonly number[]): void {
    const { coldStores } = this.#sites;
    const pools = new Map(originsOf(this.#scenario).map((origin) => [origin, this.#poolOf(origin)]));
    for (const [i, timeMs] of timesMs.entries()) {
      const origin = coldStores[i % coldStores.length]!.place;
      const pool = pools.get(origin)!;
      const taken = pool.takeFirst(timeMs);
      if (!taken) continue;
      const freeMs = this.#fill(`season/${i}`, this.#roomAt(taken.number), origin, taken.freeMs);
      pool.giveBack(taken.number, freeMs);
    }
  }

  /** Pool numbers: the mobile rooms first, then the others, which may become more. */
  #roomAt(number: number): Harvest['room'] {
    const mobile = this.#sites.mobileColdRooms.length;
    return number < mobile
      ? { kind: 'mobile-cold-room', number }
      : { kind: 'pre-cooling-room', number: number - mobile };
  }

  #poolOf(origin: string): IdlePool {
    const { mobileColdRooms, preCoolingRooms } = this.#sites;
    const numbers = [...mobileColdRooms, ...preCoolingRooms].flatMap(({ place }, n) => (place === origin ? [n] : []));
    if (this.#scenario.fleet.preCoolingRooms !== 'auto') return new IdlePool(numbers);
    return new IdlePool(numbers, () => mobileColdRooms.length + this.#rooms.push(growersSite(origin)) - 1);
  }

  /** Fills a room once. @returns when it can be filled again */
  #fill(name: string, room: Harvest['room'], origin: string, timeMs: number): number {
    const { flow } = this.#scenario;
    const stream = randomStream(this.#seed, 'harvest', name);
    const slower = room.kind === 'mobile-cold-room' ? MOBILE_SLOWER : 1;
    const inMs = this.#grid.after(timeMs);
    const packMs = this.#grid.after(inMs + slower * drawBetween(stream, ...flow.preCool));
    const storeMs = this.#grid.after(packMs + flow.pack);
    const [leastMs, mostMs] = flow.storage;
    this.#loads.push({
      name,
      origin,
      harvest: { room, inMs, packMs, storeMs },
      readyMs: storeMs + leastMs,
      dueMs: this.#grid.after(storeMs + drawBetween(stream, leastMs, Math.max(leastMs, mostMs))),
    });
    return storeMs + TURNAROUND_MS;
  }
}

function roomsOf(kind: Harvest['room']['kind'], sites: readonly Site[]) {
  return sites.map(({ place }, number) => ({ room: { kind, number }, place }));
}
