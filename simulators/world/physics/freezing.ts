/**
 * Heat held by fruit that may freeze. Above its freezing point a constant heat capacity. Below it ice forms gradually,
 * as the juice that is left grows stronger: the share of freezable water that is ice is 1 − t_f/t (Miles 1974), which
 * makes Chen's (1985) enthalpy; both as in ASHRAE Handbook Refrigeration, "Thermal properties of foods".
 * Supercooling is left out.
 */
export interface FreezingFruit {
  readonly specificHeatJkgK: number;
  readonly frozenHeatJkgK: number;
  /** Heat to be taken out to freeze all its freezable water, J per kg of fruit. */
  readonly latentJkg: number;
  /** Where its first ice forms, below 0 °C. */
  readonly freezingC: number;
}

/** Heat held above that at 0 °C, J/kg. */
export function enthalpyOfFruitJkg(fruit: FreezingFruit, pulpC: number): number {
  const { specificHeatJkgK, frozenHeatJkgK, latentJkg, freezingC } = fruit;
  if (pulpC >= freezingC) return specificHeatJkgK * pulpC;
  return specificHeatJkgK * freezingC - frozenHeatJkgK * (freezingC - pulpC) - latentJkg * (1 - freezingC / pulpC);
}

/** Temperature at which fruit holds a heat, °C: the inverse of {@link enthalpyOfFruitJkg}. */
export function pulpAtEnthalpyC(fruit: FreezingFruit, heldJkg: number): number {
  const { specificHeatJkgK, frozenHeatJkgK, latentJkg, freezingC } = fruit;
  const belowJkg = heldJkg - specificHeatJkgK * freezingC;
  if (belowJkg >= 0) return heldJkg / specificHeatJkgK;
  // With t for the temperature: c·t² − (c·t_f + L + h)·t + L·t_f = 0, of which the negative root is wanted.
  const b = frozenHeatJkgK * freezingC + latentJkg + belowJkg;
  const root = Math.sqrt(b * b - 4 * frozenHeatJkgK * latentJkg * freezingC);
  // Two forms of the same root: each subtracts nothing from nearly the same where it is used.
  return b > 0 ? (2 * latentJkg * freezingC) / (b + root) : (b - root) / (2 * frozenHeatJkgK);
}

/** How much heat a kelvin takes at a temperature, J/(kg·K): some fifty times as much where ice begins to form. */
export function apparentHeatJkgK(fruit: FreezingFruit, pulpC: number): number {
  const { specificHeatJkgK, frozenHeatJkgK, latentJkg, freezingC } = fruit;
  if (pulpC >= freezingC) return specificHeatJkgK;
  return frozenHeatJkgK - (latentJkg * freezingC) / (pulpC * pulpC);
}
