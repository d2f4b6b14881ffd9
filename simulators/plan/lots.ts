import { lgtin } from '../../src/contract/identifiers.ts';
import type { Interval } from '../../src/contract/words.ts';
import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import { originsOf, type ScenarioData } from '../scenario/schema.ts';
import type { Delivery } from './deliveries.ts';
import type { Load } from './logistics.ts';
import type { PlannedBatch } from './types.ts';
import { rfc3339, zoneOf } from './zone.ts';

/** The batches a load consists of on its way: harvest lots, the packed lot they become, the lots it is split into. */
export interface LoadLots {
  readonly load: Load;
  readonly delivery: Delivery | undefined;
  /** Indices into the plan's batches. */
  readonly harvest: readonly number[];
  /** Undefined where it is not packed before the run ends. */
  readonly packed: number | undefined;
  readonly shop: readonly number[];
  /** What is left of the packed lot once the shops have theirs; undefined where no shop takes any. */
  readonly rest: number | undefined;
  /** When its harvest lots are given their codes; the run's start for stock. */
  readonly pickedMs: number;
}

export interface Lots {
  readonly batches: readonly PlannedBatch[];
  readonly ofLoads: readonly LoadLots[];
}

const MINUTE_MS = 60_000;

/** GS1's prefix for demonstrations and examples: no company owns it. */
export const COMPANY_PREFIX = '9521141';
export const ITEM_REF = '012345';

const PICKED_BEFORE_MS = 45 * MINUTE_MS;
/** Fruit comes in from the orchard at the day's heat. */
const ORCHARD_PULP_C = [24, 30] as const;
/** Growers bring theirs one after the other. ESTIMATE. */
const LOT_PULP_OFF_C = 1;
/** Fruit pre-cooled before the run began. */
const STOCK_PULP_C = [-0.3, 0.8] as const;
/** A load comes from two to four growers; what grading leaves of it. ESTIMATES. */
const LOTS_MIN = 2;
const LOTS_MAX = 4;
const GRADED_SHARE = [0.94, 0.98] as const;

/**
 * Gives lots their codes, by day in the order in which they are picked, and their masses. It knows nothing of what
 * goes wrong, so that a plan and its twin without faults have the same batches.
 */
export function planLots(
  scenario: ScenarioData,
  loads: readonly Load[],
  deliveries: ReadonlyMap<Load, Delivery>,
  seed: number,
  run: Interval,
): Lots {
  const zone = zoneOf(scenario.start);
  const prefixes = lotPrefixes(originsOf(scenario));
  const lots = new Numbering(scenario, seed, run);
  const ofDay = new Map<string, number>();
  const inOrder = loads
    .map((load) => ({ load, pickedMs: load.harvest ? load.harvest.inMs - PICKED_BEFORE_MS : run.fromMs }))
    .sort((a, b) => a.pickedMs - b.pickedMs || (a.load.name < b.load.name ? -1 : 1));
  const ofLoads = inOrder.map(({ load, pickedMs }) => {
    // Month and day in the scenario's own zone: 0821.
    const day = prefixes.get(load.origin)! + rfc3339(pickedMs, zone).slice(5, 10).replace('-', '');
    const n = (ofDay.get(day) ?? 0) + 1;
    ofDay.set(day, n);
    return lots.ofLoad(load, pickedMs, `${day}-${String(n).padStart(2, '0')}`, deliveries.get(load));
  });
  return { batches: lots.batches, ofLoads };
}

class Numbering {
  readonly #scenario: ScenarioData;
  readonly #seed: number;
  readonly #run: Interval;
  readonly batches: PlannedBatch[] = [];

  constructor(scenario: ScenarioData, seed: number, run: Interval) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#run = run;
  }

  ofLoad(load: Load, pickedMs: number, lot: string, delivery: Delivery | undefined): LoadLots {
    const mass = randomStream(this.#seed, 'mass', load.name);
    const packedKg = Math.round(drawBetween(mass, ...this.#scenario.trips.loadKg));
    const harvest = load.harvest ? this.#harvestLots(load.name, lot, packedKg) : [];
    const isPacked = !load.harvest || load.harvest.packMs < this.#run.toMs;
    const pulpC = load.harvest
      ? this.batches[harvest[0]!]!.harvestPulpC
      : drawBetween(randomStream(this.#seed, 'stock', load.name), ...STOCK_PULP_C);
    const packed = isPacked ? this.#batch(lot, packedKg, pulpC) : undefined;
    const goesOn = packed !== undefined && delivery !== undefined && delivery.repackMs < this.#run.toMs;
    const parts = goesOn ? delivery.parts : [];
    const restKg = packedKg - parts.reduce((kg, part) => kg + part.massKg, 0);
    return {
      load,
      delivery: goesOn ? delivery : undefined,
      harvest,
      packed,
      shop: parts.map((part, i) => this.#batch(`${lot}-${i + 1}`, part.massKg, pulpC)),
      rest: goesOn && restKg > 0 ? this.#batch(`${lot}-0`, restKg, pulpC) : undefined,
      pickedMs: Math.max(pickedMs, this.#run.fromMs),
    };
  }

  #harvestLots(name: string, lot: string, packedKg: number): number[] {
    const stream = randomStream(this.#seed, 'lots', name);
    const count = Math.floor(drawBetween(stream, LOTS_MIN, LOTS_MAX + 1));
    const weights = Array.from({ length: count }, () => drawBetween(stream, 1, 2));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const pickedKg = packedKg / drawBetween(stream, ...GRADED_SHARE);
    const pulpC = drawBetween(stream, ...ORCHARD_PULP_C);
    return weights.map((weight, i) => {
      const massKg = Math.ceil((pickedKg * weight) / whole);
      const letter = String.fromCharCode('A'.charCodeAt(0) + i);
      return this.#batch(lot + letter, massKg, pulpC + drawBetween(stream, -LOT_PULP_OFF_C, LOT_PULP_OFF_C));
    });
  }

  #batch(lot: string, massKg: number, harvestPulpC: number): number {
    this.batches.push({ id: lgtin(COMPANY_PREFIX, ITEM_REF, lot), massKg, harvestPulpC });
    return this.batches.length - 1;
  }
}

/** Two letters for each origin, no two alike: JS for Jiashi. */
function lotPrefixes(origins: readonly string[]): Map<string, string> {
  const prefixes = new Map<string, string>();
  const taken = new Set<string>();
  for (const origin of origins) {
    const letters = origin.toUpperCase().replace(/[^A-Z]/g, '') || 'X';
    const consonants = letters.replace(/[AEIOU]/g, '');
    const candidates = [consonants, letters].filter((text) => text.length >= 2).map((text) => text.slice(0, 2));
    const prefix = candidates.find((text) => !taken.has(text)) ?? `${letters.slice(0, 2)}${taken.size}-`;
    taken.add(prefix);
    prefixes.set(origin, prefix);
  }
  return prefixes;
}
