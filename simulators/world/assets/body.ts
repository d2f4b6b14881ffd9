import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { drawBetween } from '../../draw.ts';
import type { RefrigerationUnit } from '../physics/refrigeration-unit.ts';
import { wallConductanceWK } from '../physics/wall.ts';

/** A kind of asset: sizes and makes. What differs between individuals is a range or the middle that is drawn around. */
export interface BodyKind {
  readonly doc: string;
  readonly wallAreaM2: number;
  readonly newKWm2K: number;
  readonly ageYearsMax: number;
  /** What the sun does to its skin: see {@link solarRiseK}; 0 inside a building. */
  readonly absorptance: number;
  readonly sunlitShare: number;
  /** Stands in a shop, whose air is conditioned. */
  readonly indoors: boolean;
  /** Air, lining, floor, racks and packaging, which follow the air within minutes. */
  readonly airJK: number;
  readonly doorAreaM2: number;
  readonly doorHeightM: number;
  /** Share of the door that is opened where no cargo is moved. */
  readonly leafShare: number;
  /** Share of infiltration that is stopped then, by what hangs or blows in the door at all times … */
  readonly curtainStops: number;
  /** … and at a dock, by shelter and curtain. */
  readonly dockStops: number;
  readonly unit: RefrigerationUnit;
  /** Cooling capacity at 30 °C ambient, W. Transport units reach from 4.4 to 17.6 kW. */
  readonly capacityW: readonly [number, number];
  /** Fruit to moving air, W/K per kg. */
  readonly cargoWKkg: number;
  /** Share of the walls' conductance that ends in cargo leaning on them: front, middle, rear. */
  readonly wallContact: readonly [number, number, number];
  /** Where the pulp probes are: spread over all that is inside, or in the batch that has been there longest. */
  readonly probes: 'mean' | 'oldest';
  /** Was in use before its duty begins, and so is cold; else it begins as warm as its skin. */
  readonly runsOn: boolean;
}

/** One individual of its kind. */
export interface AssetBody {
  readonly kind: BodyKind;
  readonly capacityW: number;
  readonly wallWK: number;
  readonly airJK: number;
  readonly cargoWKkg: number;
  /** Running time since the last defrost when its duty begins, s. */
  readonly frostedS: number;
}

/** Draws one individual. */
export function drawBody(kind: BodyKind, stream: RandomGenerator): AssetBody {
  const ageYears = drawBetween(stream, 0, kind.ageYearsMax);
  return {
    kind,
    wallWK: wallConductanceWK(kind.wallAreaM2, kind.newKWm2K, ageYears),
    airJK: kind.airJK * drawBetween(stream, 0.9, 1.1),
    capacityW: drawBetween(stream, kind.capacityW[0], kind.capacityW[1]),
    cargoWKkg: kind.cargoWKkg * drawBetween(stream, 0.9, 1.1),
    frostedS: kind.unit.defrostEveryH * 3600 * drawBetween(stream, 0, 1),
  };
}
