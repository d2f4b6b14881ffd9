import type { ProduceTraits } from './schema.ts';

/** UC Davis Postharvest: heat in kcal per tonne and day = mL CO₂ per kg and hour × 122. */
const wattsPerTonne = (mlCo2PerKgH: number): number => (mlCo2PerKgH * 122 * 4184) / 86_400;

/** Fresh prune (*Prunus domestica*). What is published of plums in general is taken where prunes have nothing of their own. */
export const prune: ProduceTraits = {
  name: 'prune',
  // Plum: 85.2 % water (ASHRAE Refrigeration, "Thermal properties of foods"). A ripe prune has more sugar: assumed alike.
  waterShare: 0.852,
  // −1 to −2 °C by sugar (secondary source).
  freezingC: { low: -2, typical: -1.5, high: -1 },
  respirationWPerTonne: [
    // UC Davis, plum: 1–1.5 mL at 0 °C (the middle is taken), 4.2 at 10 °C, 8.2 at 20 °C.
    [0, wattsPerTonne(1.25)],
    [10, wattsPerTonne(4.2)],
    [20, wattsPerTonne(8.2)],
    // Not published for plums: Q10 1.75, the middle of USDA HB66's 1.5–2.0 for 20–30 °C.
    [30, wattsPerTonne(8.2 * 1.75)],
  ],
  // UC Davis' 1–1.5 mL at 0 °C, as a share of its middle.
  respirationShare: { low: 0.8, typical: 1, high: 1.2 },
  // Plum, mean of the table in ASHRAE Refrigeration, "Thermal properties of foods". Quoted from memory: UNVERIFIED.
  transpirationPerSPa: 136e-12,
  // ESTIMATE: skins differ, and so does their bloom.
  transpirationShare: { low: 0.6, typical: 1, high: 1.4 },
  ripening: {
    // USDA HB66, plums and fresh prunes at −1 to 0 °C: 14–28 days.
    storageDays: { low: 14, typical: 21, high: 28 },
    // USDA HB66, produce in general.
    relativeLife: [
      [0, 100],
      [10, 33],
      [20, 13],
      [30, 7],
      [40, 4],
    ],
    // USDA HB66 gives a Q10 of 2.5–4.0 between 0 and 10 °C: ln 2.5 and ln 4 are 0.83 and 1.25 of ln(100/33).
    temperatureShare: { low: 0.8, typical: 1, high: 1.2 },
  },
  /**
   * Known of Japanese plums (*P. salicina*), taken over for prunes, where it is UNVERIFIED: hence the wide range.
   * Crisosto et al., HortScience 34(6):1116: within 5 weeks at 5 °C 6 of 6 cultivars showed it, at 0 °C 3 of 6.
   * For *P. domestica* Plich, Acta Hort. 485:301, found −0.5 °C better than 1 °C and 4 °C, which agrees.
   */
  chilling: {
    // ESTIMATE: these make 95 % of lots show it within 5 weeks at 5 °C, and a fifth at 0 °C.
    injuryDays: { low: 8, typical: 18, high: 40 },
    // Worst at 5 °C, at home between 2 and 8 °C; how it falls off on both sides is an ESTIMATE. It is not nothing at
    // 0 °C, as half the cultivars showed it there.
    relativeSpeed: [
      [-1, 0.25],
      [5, 1],
      [8, 0.6],
      [12, 0],
    ],
  },
};
