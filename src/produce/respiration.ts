/**
 * What a kilogram of produce does to the heat balance: published means. A simulated batch's own values are drawn
 * around these, so what is estimated from these is never the truth itself.
 */
export interface ThermalProduce {
  readonly name: string;
  /** Above freezing. */
  readonly specificHeatJkgK: number;
  /** Heat of respiration at rising temperatures; linear in between, flat outside. */
  readonly respirationW: readonly { readonly tempC: number; readonly wattsPerTonne: number }[];
}

/** UC Davis Postharvest: heat in kcal per tonne and day = mL CO₂ per kg and hour × 122. */
const wattsPerTonne = (mlCo2PerKgH: number): number => (mlCo2PerKgH * 122 * 4184) / 86_400;

/** Chen (1985), in ASHRAE Refrigeration, "Thermal properties of foods": unfrozen food by its mass share of solids. */
const chenSpecificHeatJkgK = (solids: number): number => 1000 * (4.19 - 2.3 * solids - 0.628 * solids ** 3);

const PRODUCES: readonly ThermalProduce[] = [
  {
    name: 'prune',
    // Plum: 85.2 % water (ASHRAE, same chapter). A ripe prune has more sugar; assumed alike.
    specificHeatJkgK: chenSpecificHeatJkgK(0.148),
    respirationW: [
      // UC Davis, plum: 1–1.5 mL at 0 °C (the middle is taken), 4.2 at 10 °C, 8.2 at 20 °C.
      { tempC: 0, wattsPerTonne: wattsPerTonne(1.25) },
      { tempC: 10, wattsPerTonne: wattsPerTonne(4.2) },
      { tempC: 20, wattsPerTonne: wattsPerTonne(8.2) },
      // Not published for plums: Q10 1.75, the middle of USDA HB66's 1.5–2.0 for 20–30 °C.
      { tempC: 30, wattsPerTonne: wattsPerTonne(8.2 * 1.75) },
    ],
  },
];

/** The thermal data of a produce, or undefined where none are shipped. */
export function thermalProduce(name: string): ThermalProduce | undefined {
  return PRODUCES.find((produce) => produce.name === name);
}

/** Names of all produces with thermal data. */
export function thermalProduceNames(): string[] {
  return PRODUCES.map((produce) => produce.name);
}

/** Heat of respiration at a pulp temperature, W per kg. */
export function respirationWkg(produce: ThermalProduce, pulpC: number): number {
  const points = produce.respirationW;
  const first = points[0]!;
  if (pulpC <= first.tempC) return first.wattsPerTonne / 1000;
  for (let i = 1; i < points.length; i++) {
    const high = points[i]!;
    if (pulpC > high.tempC) continue;
    const low = points[i - 1]!;
    const share = (pulpC - low.tempC) / (high.tempC - low.tempC);
    return (low.wattsPerTonne + share * (high.wattsPerTonne - low.wattsPerTonne)) / 1000;
  }
  return points.at(-1)!.wattsPerTonne / 1000;
}
