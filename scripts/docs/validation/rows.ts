import { airSpreadK, boxPowerKW, dieselLh, preCooling, unpoweredRiseK, wallLoadW } from './experiments.ts';
import { brightestWm2, doorKW, injuredPct, mktC, respirationWt, shelfLifePct, trainRunningH } from './goldens.ts';

/**
 * What the model says beside what is published. `input`: the model was given the figure, and the row shows that it
 * kept it. `prediction`: it was not. `check`: arithmetic done by hand beside arithmetic done by the program.
 */
export interface ValidationRow {
  readonly what: string;
  readonly kind: 'input' | 'prediction' | 'check';
  readonly unit: string;
  readonly model: number;
  /** The published range; both ends alike where it is one figure. */
  readonly published: readonly [low: number, high: number];
  /** How far outside the range still counts as agreement. */
  readonly within: number;
  readonly source: string;
}

/** Difference to the nearer end of the published range; 0 inside. */
export function differenceOf({ model, published: [low, high] }: ValidationRow): number {
  if (model < low) return model - low;
  return model > high ? model - high : 0;
}

const one = (value: number): readonly [number, number] => [value, value];

/** Runs every experiment; a few seconds. */
export function validationRows(): ValidationRow[] {
  return [...produceRows(), ...coolingRows(), ...bodyRows(), ...checkRows()];
}

function produceRows(): ValidationRow[] {
  const life = [
    [10, 33],
    [20, 13],
    [30, 7],
    [40, 4],
  ] as const;
  const respiration = [
    [0, 5.9, 8.9],
    [10, 24.8, 24.8],
    [20, 48.4, 48.4],
  ] as const;
  return [
    ...life.map(
      ([tempC, percent]): ValidationRow => ({
        what: `Shelf life at ${tempC} °C, of that at 0 °C`,
        kind: 'input',
        unit: '%',
        model: shelfLifePct(tempC),
        published: one(percent),
        within: 0.01,
        source: 'USDA Handbook 66, relative shelf life',
      }),
    ),
    ...respiration.map(
      ([tempC, low, high]): ValidationRow => ({
        what: `Heat of respiration at ${tempC} °C`,
        kind: 'input',
        unit: 'W/t',
        model: respirationWt(tempC),
        published: [low, high],
        within: 0.05,
        source: 'UC Davis, plum: mL CO₂/kg·h × 122 kcal/t·day',
      }),
    ),
    {
      what: 'Lots with chilling injury after 5 weeks at 5 °C',
      kind: 'input',
      unit: '%',
      model: injuredPct(35, 5),
      published: [54, 100],
      within: 0,
      source: 'HortScience 34(6):1116, Japanese plums: 6 of 6 cultivars, as its 95 % interval',
    },
    {
      what: 'The same at 0 °C',
      kind: 'input',
      unit: '%',
      model: injuredPct(35, 0),
      published: [12, 88],
      within: 0,
      source: 'the same: 3 of 6 cultivars, as its 95 % interval',
    },
  ];
}

function coolingRows(): ValidationRow[] {
  const forced = preCooling('forced-air');
  const room = preCooling('room');
  return [
    {
      what: 'Pre-cooling a load by forced air, half of the way',
      kind: 'input',
      unit: 'h',
      model: forced.halfH,
      published: one(1.5),
      within: 0.5,
      source: 'secondary: forced air cuts about 12 h to 1.5 h',
    },
    {
      what: 'Pre-cooling a load in a room, half of the way',
      kind: 'input',
      unit: 'h',
      model: room.halfH,
      published: one(12),
      within: 2,
      source: 'the same',
    },
    {
      what: 'Forced air, seven eighths of the way, in half-cooling times',
      kind: 'prediction',
      unit: '',
      model: forced.sevenEighthsH / forced.halfH,
      published: one(3),
      within: 0.5,
      source: 'UC ANR 21567: 7/8 cooling takes three half-cooling times',
    },
    {
      what: 'Room, seven eighths of the way',
      kind: 'prediction',
      unit: 'h',
      model: room.sevenEighthsH,
      published: [12, 36],
      within: 4,
      source: 'secondary: room cooling takes 12–36 h',
    },
    {
      what: 'Time saved by forced air, seven eighths of the way',
      kind: 'prediction',
      unit: '%',
      model: 100 * (1 - forced.sevenEighthsH / room.sevenEighthsH),
      published: [75, 90],
      within: 2,
      source: 'UC Davis Postharvest: 75–90 % faster than room cooling',
    },
  ];
}

function bodyRows(): ValidationRow[] {
  return [
    {
      what: 'Air in a loaded truck at 35 °C, on-off: warmest less coldest',
      kind: 'prediction',
      unit: 'K',
      model: airSpreadK('reefer-truck'),
      published: [4, 8],
      within: 1,
      source: 'secondary: on-off control spreads up to 8 °C',
    },
    {
      what: 'The same in a modulated box: share of that',
      kind: 'prediction',
      unit: '%',
      model: (100 * airSpreadK('rail-reefer-box')) / airSpreadK('reefer-truck'),
      published: [0, 75],
      within: 0,
      source: 'secondary: modulated is more even',
    },
    {
      what: 'Walls of an ATP class C truck, 30 K across',
      kind: 'prediction',
      unit: 'W',
      model: wallLoadW(),
      published: one(1740),
      within: 60,
      source: 'ATP: K ≤ 0.40 W/m²K × 145 m² × 30 K, found with a heater inside as ATP tests do',
    },
    {
      what: 'Diesel of a loaded truck’s unit at 35 °C, fans always on',
      kind: 'prediction',
      unit: 'L/h',
      model: dieselLh(),
      published: [1.5, 4.2],
      within: 0,
      source: 'trade sources: 0.4–1.1 US gal per hour of engine operation',
    },
    {
      what: 'Electricity of a loaded reefer box at 35 °C',
      kind: 'prediction',
      unit: 'kW',
      model: boxPowerKW(),
      published: [2, 4.4],
      within: 0,
      source: 'Yeh et al. 2022: 4.38 kW more for each reefer on board, frozen ones among them: an upper end',
    },
    {
      what: 'Clearest July noon at Kashgar, sun on level ground',
      kind: 'prediction',
      unit: 'W/m²',
      model: brightestWm2(),
      published: [900, 1080],
      within: 0,
      source: 'clear-sky range at 1,290 m and 39.5° N, hand estimate',
    },
    {
      what: 'Train Kashgar to Xi’an, running',
      kind: 'input',
      unit: 'h',
      model: trainRunningH(),
      published: [43, 48],
      within: 0,
      source: 'regional plan: 48 h to inland China, stops included',
    },
  ];
}

function checkRows(): ValidationRow[] {
  return [
    {
      what: 'MKT of 23 h at 5 °C and 1 h at 25 °C',
      kind: 'check',
      unit: '°C',
      model: mktC(23, 5, 25),
      published: one(7.76),
      within: 0.005,
      source: 'USP <1079.2>, ΔH/R = 10,000 K',
    },
    {
      what: 'MKT of 12 h at 2 °C and 12 h at 8 °C',
      kind: 'check',
      unit: '°C',
      model: mktC(12, 2, 8),
      published: one(5.54),
      within: 0.005,
      source: 'the same',
    },
    {
      what: 'Open door, 6 m² and 2.5 m high, 30 °C 40 % to 0 °C 90 %',
      kind: 'check',
      unit: 'kW',
      model: doorKW(),
      published: one(128.9),
      within: 0.3,
      source: 'Gosney and Olama 1975, by hand: ρ 1.157 and 1.290 kg/m³, Δh 48.79 kJ/kg, F 0.973',
    },
    {
      what: 'New box with 21 t, no power, 35 °C outside: from the 12th to the 24th hour',
      kind: 'check',
      unit: 'K',
      model: unpoweredRiseK(12, 24),
      published: one(0.9),
      within: 0.1,
      source: 'by hand: (0.33 × 138 × 33.4 + 21 × 7.9) W × 12 h / (21,000 kg × 3,848 J/kgK)',
    },
  ];
}
