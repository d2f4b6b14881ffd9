import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { drawBetween } from '../../draw.ts';
import type { RefrigerationUnit, UnitControl } from '../physics/refrigeration-unit.ts';
import { wallConductanceWK } from '../physics/wall.ts';

/** What an asset is made of, as the heat balance needs it: one drawn individual of its kind. */
export interface AssetBody {
  readonly wallWK: number;
  /** Air, lining, floor, racks and packaging, which follow the air within minutes. */
  readonly airJK: number;
  readonly doorAreaM2: number;
  readonly doorHeightM: number;
  /** Share of infiltration that dock shelter and strip curtain stop while cargo is moved. */
  readonly dockStops: number;
  readonly unit: RefrigerationUnit;
  /** Fruit to moving air, W/K per kg. */
  readonly cargoWKkg: number;
  /** Share of the walls' conductance that ends in cargo leaning on them: front, middle, rear. */
  readonly wallContact: readonly [number, number, number];
  /** How much the sun overhead warms the skin. */
  readonly solarRiseK: number;
  /** Switched off while there is nothing to keep cold. */
  readonly restsWhenEmpty: boolean;
}

/** A kind of asset: the middle of each figure, drawn from around for the individual. */
export interface BodyKind {
  readonly doc: string;
  readonly wallAreaM2: number;
  readonly newKWm2K: number;
  readonly ageYearsMax: number;
  readonly airJK: number;
  readonly doorAreaM2: number;
  readonly doorHeightM: number;
  readonly dockStops: number;
  readonly control: UnitControl;
  readonly capacityW: readonly [number, number];
  readonly bandK: number;
  readonly airflowWK: number;
  readonly fanW: number;
  readonly cargoWKkg: number;
  readonly wallContact: readonly [number, number, number];
  readonly solarRiseK: number;
  readonly restsWhenEmpty: boolean;
}

/** With the fans off, air moves by buoyancy alone and takes up about this share of the heat it did. ESTIMATE. */
export const STILL_AIR_SHARE = 0.3;

/** Draws one individual. */
export function drawBody(kind: BodyKind, stream: RandomGenerator): AssetBody {
  const ageYears = drawBetween(stream, 0, kind.ageYearsMax);
  return {
    wallWK: wallConductanceWK(kind.wallAreaM2, kind.newKWm2K, ageYears),
    airJK: kind.airJK * drawBetween(stream, 0.9, 1.1),
    doorAreaM2: kind.doorAreaM2,
    doorHeightM: kind.doorHeightM,
    dockStops: kind.dockStops,
    unit: {
      control: kind.control,
      capacityW: drawBetween(stream, kind.capacityW[0], kind.capacityW[1]),
      bandK: kind.bandK,
      airflowWK: kind.airflowWK,
      fanW: kind.fanW,
    },
    cargoWKkg: kind.cargoWKkg * drawBetween(stream, 0.9, 1.1),
    wallContact: kind.wallContact,
    solarRiseK: kind.solarRiseK,
    restsWhenEmpty: kind.restsWhenEmpty,
  };
}
