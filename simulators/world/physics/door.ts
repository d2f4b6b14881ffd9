import { densityKgm3, enthalpyJkg } from './humid-air.ts';

/** Free fall, m/s². */
const GRAVITY_MS2 = 9.81;

/** Below this difference infiltration is evaluated as if it were this much, so that its conductance stays finite. */
const DIFFERENCE_MIN_K = 0.5;

/**
 * Heat that comes in through an open door by air exchange, W; negative where the air outside is the colder one.
 * Gosney and Olama (1975): q = 0.221·A·(h_i − h_r)·ρ_r·(1 − ρ_i/ρ_r)^½·(g·H)^½·F_m, with the density factor
 * F_m = (2 / (1 + (ρ_r/ρ_i)^⅓))^1.5; r is the denser (cold) side, i the infiltrating one.
 * @param areaM2 of the opening · @param heightM of the opening
 * @param insideRatio, outsideRatio kg of vapour per kg of dry air
 */
export function infiltrationW(
  areaM2: number,
  heightM: number,
  insideC: number,
  insideRatio: number,
  outsideC: number,
  outsideRatio: number,
  pressure: number,
): number {
  const inside = densityKgm3(insideC, insideRatio, pressure);
  const outside = densityKgm3(outsideC, outsideRatio, pressure);
  const dense = Math.max(inside, outside);
  const light = Math.min(inside, outside);
  const enthalpyDrop = enthalpyJkg(outsideC, outsideRatio) - enthalpyJkg(insideC, insideRatio);
  const share = 2 / (1 + Math.cbrt(dense / light));
  // To the power of 1.5.
  const factor = share * Math.sqrt(share);
  return (
    0.221 * areaM2 * enthalpyDrop * dense * Math.sqrt(1 - light / dense) * Math.sqrt(GRAVITY_MS2 * heightM) * factor
  );
}

/**
 * The same as a conductance, W/K, to be used with the temperature difference: it lets an integrator treat the door
 * implicitly. Latent heat counts as the inside air's (it condenses on coil and cargo).
 */
export function infiltrationWK(
  areaM2: number,
  heightM: number,
  insideC: number,
  insideRatio: number,
  outsideC: number,
  outsideRatio: number,
  pressure: number,
): number {
  const difference = outsideC - insideC;
  const atC = Math.abs(difference) < DIFFERENCE_MIN_K ? outsideC - DIFFERENCE_MIN_K : insideC;
  const heatW = infiltrationW(areaM2, heightM, atC, insideRatio, outsideC, outsideRatio, pressure);
  // Moist cold air against dry warm air can carry heat the other way; a conductance must not be negative.
  return Math.max(0, heatW / (outsideC - atC));
}
