/** ATP classes B and C ask for K ≤ 0.40 W/(m²·K) of a new body. */
export const ATP_CLASS_C_WM2K = 0.4;

/** Insulation ages: K grows by up to 65 % over 12 years (domain literature on ATP re-tests); linear in between. */
const AGEING_SHARE = 0.65;
const AGEING_YEARS = 12;

/** Conductance of an insulated body, W/K. @param areaM2 mean of inner and outer surface, √(Si·Se) (ATP) */
export function wallConductanceWK(areaM2: number, newKWm2K: number, ageYears: number): number {
  const age = Math.min(Math.max(ageYears, 0), AGEING_YEARS);
  return areaM2 * newKWm2K * (1 + (AGEING_SHARE * age) / AGEING_YEARS);
}
