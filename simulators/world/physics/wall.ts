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

/** Outer film in a light summer wind of 3.4 m/s: 4.0 Btu/(h·ft²·°F) in ASHRAE Fundamentals. */
const STANDING_FILM_WM2K = 22.7;

/** Conductance of the outer film, W/(m²·K): beyond 5 m/s Jürges's 7.1·v^0.78 (McAdams 1954). */
export function outerFilmWm2K(speedMps: number): number {
  return Math.max(STANDING_FILM_WM2K, speedMps > 5 ? 7.1 * speedMps ** 0.78 : 0);
}

/**
 * How far the sun lifts the skin above the air (the sol-air temperature of ASHRAE Fundamentals, without the sky's
 * own cold), K, as the mean over the whole body.
 * @param sunWm2 on level ground · @param sunlitShare sun on the mean square metre of the body, as a share of that
 */
export function solarRiseK(sunWm2: number, absorptance: number, sunlitShare: number, speedMps: number): number {
  return (absorptance * sunlitShare * sunWm2) / outerFilmWm2K(speedMps);
}
