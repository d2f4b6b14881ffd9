import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import { originsOf, type ScenarioData } from '../scenario/schema.ts';
import { driveAlong } from './drive.ts';
import type { Grid } from './grid.ts';
import {
  CALLED_BEFORE_MS,
  departureOf,
  type Haul,
  PACE_MAX,
  PACE_MIN,
  type RoadWay,
  truckHaul,
  truckLoadMs,
} from './hauls.ts';
import { IdlePool } from './idle-pool.ts';
import { type Network, roadRoute } from './network.ts';
import { homesOf } from './sites.ts';

/** The trips of trucks. */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Departures are this far off the even spacing at most. */
const JITTER_MS = 15 * MINUTE_MS;
/** Written trips leave at least this long for loading. */
export const DEPART_AFTER_START_MS = 2 * 60 * MINUTE_MS;

/** A way by road, or undefined where none leads there and back. */
export function roadWay(network: Network, origin: string, to: string): RoadWay | undefined {
  const there = roadRoute(network, origin, to);
  const back = roadRoute(network, to, origin);
  return there?.length && back ? { origin, to, there, back } : undefined;
}

/** When a truck that departs then is busy at the latest, in the same terms as `departMs`. @param grid of the run */
export function busyAtMost(way: RoadWay, departMs: number, grid: Grid): { fromMs: number; toMs: number } {
  const there = driveAlong(way.there, departMs, PACE_MIN, true);
  // An hour and a half at the warehouse, then home.
  const back = driveAlong(way.back, there.arriveMs + 90 * MINUTE_MS, PACE_MIN, false);
  return { fromMs: truckLoadMs(departMs, grid) - CALLED_BEFORE_MS, toMs: back.arriveMs };
}

/** The scenario's trucks, at their origins; with `trucks: auto` there are ever as many as it takes. */
export class Trucks {
  readonly #scenario: ScenarioData;
  readonly #cities: readonly string[];
  readonly #network: Network;
  readonly #seed: number;
  readonly #grid: Grid;
  readonly #pools: ReadonlyMap<string, IdlePool>;
  readonly #homes: string[];

  /** @param cities where trips end */
  constructor(scenario: ScenarioData, cities: readonly string[], network: Network, seed: number, grid: Grid) {
    this.#scenario = scenario;
    this.#cities = cities;
    this.#network = network;
    this.#seed = seed;
    this.#grid = grid;
    const { trucks } = scenario.fleet;
    this.#homes = homesOf(scenario, trucks === 'auto' ? 0 : trucks);
    this.#pools = new Map(originsOf(scenario).map((origin) => [origin, this.#poolOf(origin)]));
  }

  /** The home of each that there is, or it took. */
  get homes(): readonly string[] {
    return this.#homes;
  }

  /** Sends the truck that has been idle longest; undefined where none is at home. @param name of its random stream */
  send(name: string, origin: string, to: string, departMs: number): Haul | undefined {
    const calledMs = truckLoadMs(departMs, this.#grid) - CALLED_BEFORE_MS;
    const truck = this.#pools.get(origin)!.take(calledMs);
    return truck === undefined ? undefined : this.#back(this.#haul(name, origin, to, truck, departMs));
  }

  /** Sends the first truck that can be loaded, not before an instant; undefined where the origin has none. */
  sendFirst(name: string, origin: string, to: string, loadMs: number): Haul | undefined {
    const first = this.#pools.get(origin)!.takeFirst(loadMs - CALLED_BEFORE_MS);
    if (!first) return undefined;
    const departMs = departureOf(this.#grid.after(first.freeMs + CALLED_BEFORE_MS));
    return this.#back(this.#haul(name, origin, to, first.number, departMs));
  }

  /** Trips as the scenario lists them. */
  listed(startMs: number): Haul[] {
    return (this.#scenario.trips.list ?? []).map(({ truck, to, depart }, i) => {
      const number = Number(/(\d+)$/.exec(truck)?.[1]) - 1;
      return this.#haul(`list/${i}`, this.#homes[number]!, to, number, startMs + depart);
    });
  }

  /** Evenly spaced departures, to the forward warehouses in turn, each with the truck that has been idle longest. */
  spaced(startMs: number): Haul[] {
    const { trips, duration } = this.#scenario;
    const origins = originsOf(this.#scenario);
    const cities = this.#cities;
    const everyMs = DAY_MS / trips.perDay!;
    const hauls: Haul[] = [];
    for (let slot = 0; trips.first + slot * everyMs < duration; slot++) {
      const jitterMs = drawBetween(randomStream(this.#seed, 'departure', String(slot)), -JITTER_MS, JITTER_MS);
      const departMs = startMs + Math.round((trips.first + slot * everyMs + jitterMs) / MINUTE_MS) * MINUTE_MS;
      const origin = origins[Math.floor(slot / cities.length) % origins.length]!;
      // Where no truck is at home, the load waits for the next slot.
      const haul = this.send(`slot/${slot}`, origin, cities[slot % cities.length]!, departMs);
      if (haul) hauls.push(haul);
    }
    return hauls;
  }

  #haul(name: string, origin: string, to: string, truck: number, departMs: number): Haul {
    const stream = randomStream(this.#seed, 'trip', name);
    const pace = [drawBetween(stream, PACE_MIN, PACE_MAX), drawBetween(stream, PACE_MIN, PACE_MAX)] as const;
    return truckHaul(roadWay(this.#network, origin, to)!, truck, departMs, pace, this.#grid);
  }

  #back(haul: Haul): Haul {
    this.#pools.get(haul.origin)!.giveBack(haul.number, haul.freeMs);
    return haul;
  }

  #poolOf(origin: string): IdlePool {
    const numbers = this.#homes.flatMap((home, n) => (home === origin ? [n] : []));
    if (this.#scenario.fleet.trucks !== 'auto') return new IdlePool(numbers);
    return new IdlePool(numbers, () => this.#homes.push(origin) - 1);
  }
}
