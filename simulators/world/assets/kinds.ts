import type { AssetKind } from '../../../src/contract/words.ts';
import { ATP_CLASS_C_WM2K } from '../physics/wall.ts';
import type { BodyKind } from './body.ts';

/**
 * Conductance from fruit to air, W/K per kg, from the hours in which fruit comes 63 % of the way to the air around
 * it. Plum: 3.85 kJ/(kg·K), see src/produce/respiration.ts.
 */
const cargoWKkg = (hours: number): number => 3850 / (hours * 3600);

/** Strip curtain: stops 93 % of infiltration. */
const STRIP_CURTAIN_STOPS = 0.93;

const room = {
  newKWm2K: 0.25,
  ageYearsMax: 6,
  dockStops: STRIP_CURTAIN_STOPS,
  wallContact: [0, 0, 0],
  solarRiseK: 3,
  restsWhenEmpty: false,
} as const;

/** Sizes are typical ones and ESTIMATES unless a source is named. */
export const BODY_KINDS: Readonly<Record<AssetKind, BodyKind>> = {
  'reefer-truck': {
    doc: '13.6 m semi-trailer, 33 pallets, diesel unit switched on and off around the set-point',
    // √(Si·Se) of a 13.6 × 2.6 × 2.7 m box.
    wallAreaM2: 145,
    newKWm2K: ATP_CLASS_C_WM2K,
    ageYearsMax: 12,
    // 40 m³ of free air, and about 900 kg of lining, floor and cardboard.
    airJK: 900_000,
    doorAreaM2: 6,
    doorHeightM: 2.5,
    dockStops: STRIP_CURTAIN_STOPS,
    control: 'on-off',
    // Within the 4.4–17.6 kW of transport units: those a full-length trailer has.
    capacityW: [9000, 13_000],
    bandK: 1.2,
    // About 5,600 m³/h.
    airflowWK: 2000,
    fanW: 600,
    // Stacked tight in crates: most of a day to follow the air.
    cargoWKkg: cargoWKkg(20),
    wallContact: [0.05, 0.05, 0.1],
    solarRiseK: 8,
    restsWhenEmpty: true,
  },
  'pre-cooling-room': {
    ...room,
    doc: 'forced-air tunnel for one load, capacity modulated',
    wallAreaM2: 260,
    airJK: 2_000_000,
    doorAreaM2: 9,
    doorHeightM: 3,
    control: 'modulated',
    capacityW: [105_000, 125_000],
    // Wide enough that supply air stays within 2 K of the set-point on the way down.
    bandK: 3,
    // About 1 litre a second for each kg of fruit.
    airflowWK: 25_000,
    fanW: 6000,
    // Forced air cuts ~12 h of room cooling to ~1.5 h to half (domain reference): 63 % in about 2.2 h.
    cargoWKkg: cargoWKkg(2.2),
  },
  'cold-store': {
    ...room,
    doc: 'grower’s cold store for some ten loads',
    wallAreaM2: 900,
    airJK: 5_000_000,
    doorAreaM2: 9,
    doorHeightM: 3,
    control: 'on-off',
    capacityW: [55_000, 70_000],
    bandK: 0.8,
    airflowWK: 20_000,
    fanW: 3000,
    cargoWKkg: cargoWKkg(14),
  },
  'forward-warehouse': {
    ...room,
    doc: 'cold hall near the market for some twenty loads',
    wallAreaM2: 1600,
    airJK: 9_000_000,
    doorAreaM2: 9,
    doorHeightM: 3,
    control: 'on-off',
    capacityW: [90_000, 120_000],
    bandK: 0.8,
    airflowWK: 34_000,
    fanW: 5000,
    cargoWKkg: cargoWKkg(14),
  },
};
