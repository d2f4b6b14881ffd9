import { originsOf, type ScenarioData } from '../scenario/schema.ts';
import type { Grid } from './grid.ts';
import { boxHaul, boxLoadMs, CALLED_BEFORE_MS, type Haul, type RailWay } from './hauls.ts';
import { IdlePool } from './idle-pool.ts';
import { type Network, railRoute, roadRoute } from './network.ts';

/** A place on a train for one box, to be loaded at an instant. */
export interface BoxSlot {
  /** Which of the scenario's trains. */
  readonly trainIx: number;
  readonly way: RailWay;
  readonly departMs: number;
  readonly loadMs: number;
}

/** How the boxes of a train go, or undefined where no road or railway leads there. */
export function railWay(network: Network, scenario: ScenarioData, trainIx: number): RailWay | undefined {
  const train = scenario.rail.trains[trainIx]!;
  const origin = train.origin ?? originsOf(scenario)[0]!;
  const road = origin === train.from ? [] : roadRoute(network, origin, train.from);
  const rails = railRoute(network, train.from, train.to);
  return road && rails?.length ? { origin, train, road, rails } : undefined;
}

/** Every place for a box on every train that leaves within the run, ascending in loading. */
export function boxSlots(scenario: ScenarioData, network: Network, startMs: number, grid: Grid): BoxSlot[] {
  const slots: BoxSlot[] = [];
  for (const [trainIx, train] of scenario.rail.trains.entries()) {
    const way = railWay(network, scenario, trainIx)!;
    for (let at = train.depart; at < scenario.duration; at += train.every ?? Number.POSITIVE_INFINITY) {
      for (let box = 0; box < train.boxes; box++) {
        const wave = Math.floor((train.boxes - 1 - box) / scenario.rail.drayageTrucks);
        const loadMs = boxLoadMs(way, startMs + at, wave, grid);
        slots.push({ trainIx, way, departMs: startMs + at, loadMs });
      }
    }
  }
  return slots.sort((a, b) => a.loadMs - b.loadMs || a.trainIx - b.trainIx);
}

/** The scenario's rail boxes: they go where a train needs them. */
export class Boxes {
  readonly #pool: IdlePool;
  readonly #grid: Grid;

  constructor(count: number, grid: Grid) {
    this.#pool = new IdlePool(Array.from({ length: count }, (_, n) => n));
    this.#grid = grid;
  }

  /** Fills a place on a train with the box that has been idle longest; undefined where none is free. */
  send({ way, departMs, loadMs }: BoxSlot): Haul | undefined {
    const box = this.#pool.take(loadMs - CALLED_BEFORE_MS);
    if (box === undefined) return undefined;
    const haul = boxHaul(way, box, departMs, loadMs, this.#grid);
    this.#pool.giveBack(box, haul.freeMs);
    return haul;
  }
}
