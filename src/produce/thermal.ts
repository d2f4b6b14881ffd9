import type { ProduceTraits } from './traits.ts';

/** Heat that water gives off when it freezes at 0 °C, J/kg (ASHRAE Refrigeration, "Thermal properties of foods"). */
const FUSION_JKG = 333_600;

/** How much heat a kilogram of produce holds: published means. A simulated batch's own values are drawn around these. */
export interface ThermalProduce {
  /** Above freezing. */
  readonly specificHeatJkgK: number;
  /** Frozen through. */
  readonly frozenHeatJkgK: number;
  /** What it gives off from unfrozen to frozen through. */
  readonly latentJkg: number;
}

/** Thermal data from the share of water, all by ASHRAE Refrigeration, "Thermal properties of foods". */
export function thermalOf({ waterShare }: ProduceTraits): ThermalProduce {
  const solids = 1 - waterShare;
  return {
    // Chen (1985), unfrozen food.
    specificHeatJkgK: 1000 * (4.19 - 2.3 * solids - 0.628 * solids ** 3),
    // Chen (1985), frozen food, without its term for what is still freezing: that is in `latentJkg`.
    frozenHeatJkgK: 1000 * (1.55 + 1.26 * solids),
    latentJkg: FUSION_JKG * waterShare,
  };
}
