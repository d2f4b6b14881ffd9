import { saturationPa } from '../../../src/lib/vapour.ts';

/**
 * Relative humidity inside relaxes towards what fruit (which gives water off) and coil (which takes it out) settle
 * at, or towards the outside's while a door is open. A SIMPLIFICATION without a water balance; the levels keep to
 * the 90–95 % that stored plums are held at (USDA Handbook 66).
 */

const DOOR_OPEN_TAU_S = 240;
const CLOSED_TAU_S = 1200;

/** What humidity settles at behind closed doors, %. */
export function settledHumidityPct(loaded: boolean, cooling: boolean): number {
  if (!loaded) return 75;
  return cooling ? 89 : 95;
}

/** Relative humidity that outside air has once it is as cold as the inside, %. */
export function outsideAirInsidePct(outsideRatio: number, pressurePa: number, insideC: number): number {
  const vapourPa = (outsideRatio * pressurePa) / (0.622 + outsideRatio);
  return (100 * vapourPa) / saturationPa(insideC);
}

/** How much of the way to its target humidity comes within a step. */
export function humidityFollows(doorOpen: boolean, dtS: number): number {
  return dtS / ((doorOpen ? DOOR_OPEN_TAU_S : CLOSED_TAU_S) + dtS);
}

/** Relative humidity after a step, %. @param targetPct what it is on its way to @param follows see {@link humidityFollows} */
export function relaxedHumidityPct(humidityPct: number, targetPct: number, follows: number): number {
  return humidityPct + (Math.min(targetPct, 99) - humidityPct) * follows;
}
