import type { AssetKind } from '../../../src/contract/words.ts';
import { ATP_CLASS_C_WM2K } from '../physics/wall.ts';
import type { BodyKind } from './body.ts';

/**
 * Conductance from fruit to air, W/K per kg, from the hours in which fruit comes 63 % of the way to the air around
 * it. Plum: 3.85 kJ/(kg·K), see src/produce.
 */
const cargoWKkg = (hours: number): number => 3850 / (hours * 3600);

/** Strip curtain: stops 93 % of infiltration. An air curtain stops 50–80 % (domain reference). */
const STRIP_CURTAIN_STOPS = 0.93;

/** Defrost intervals and lengths are ESTIMATES throughout: makers let them be set, and publish no mean. */
const vehicle = {
  // White, weathered. Of the sun on level ground the roof gets all, a side on the mean of the day a third.
  absorptance: 0.45,
  sunlitShare: 0.45,
  indoors: false,
  doorHeightM: 2.5,
  leafShare: 0.5,
  curtainStops: 0,
  dockStops: STRIP_CURTAIN_STOPS,
  wallContact: [0.04, 0.04, 0.06],
  probes: 'mean',
  runsOn: false,
} as const;

const room = {
  newKWm2K: 0.25,
  ageYearsMax: 6,
  // Under a roof of its own, with the building's other walls around.
  absorptance: 0.6,
  sunlitShare: 0.15,
  indoors: false,
  doorAreaM2: 9,
  doorHeightM: 3,
  leafShare: 0.5,
  curtainStops: STRIP_CURTAIN_STOPS,
  dockStops: STRIP_CURTAIN_STOPS,
  wallContact: [0, 0, 0],
  probes: 'oldest',
  runsOn: true,
} as const;

const onOffRoomUnit = {
  control: 'on-off',
  power: 'grid',
  bandK: 0.8,
  supplyDropK: 4,
  entrainment: 2.5,
  engineW: 0,
  defrostEveryH: 8,
  defrostMin: 25,
} as const;

const forcedAirUnit = {
  control: 'modulated',
  power: 'grid',
  bandK: 0,
  supplyDropK: 0,
  // About 1.4 litres a second for each kg of fruit.
  airflowWK: 38_000,
  entrainment: 1,
  fanW: 9000,
  engineW: 0,
  heaterW: 20_000,
  defrostEveryH: 10,
  defrostMin: 20,
} as const;

/** Sizes are typical ones and ESTIMATES unless a source is named. */
export const BODY_KINDS: Readonly<Record<AssetKind, BodyKind>> = {
  'reefer-truck': {
    ...vehicle,
    doc: '13.6 m semi-trailer, 33 pallets, diesel unit switched on and off around the set-point',
    // √(Si·Se) of a 13.6 × 2.6 × 2.7 m box.
    wallAreaM2: 145,
    newKWm2K: ATP_CLASS_C_WM2K,
    ageYearsMax: 12,
    // 40 m³ of free air, and about 900 kg of lining, floor and cardboard.
    airJK: 900_000,
    doorAreaM2: 6,
    unit: {
      control: 'on-off',
      power: 'diesel',
      bandK: 1.2,
      supplyDropK: 4,
      // About 5,600 m³/h.
      airflowWK: 2000,
      // A jet along the ceiling takes more than its own air along before it has reached the doors.
      entrainment: 2.5,
      fanW: 600,
      // ESTIMATE: a two-litre diesel at low speed burns 0.8 L/h before it drives anything.
      engineW: 2400,
      heaterW: 3000,
      defrostEveryH: 6,
      defrostMin: 20,
    },
    // Within the 4.4–17.6 kW of transport units: those a full-length trailer has.
    capacityW: [9000, 13_000],
    // Stacked tight in crates: most of a day to follow the air.
    cargoWKkg: cargoWKkg(20),
  },
  'rail-reefer-box': {
    ...vehicle,
    doc: '40-foot high-cube reefer box, modulated on its supply air, fed by the generator of the train',
    wallAreaM2: 138,
    // Integral containers are better than ATP asks for: some 45 W/K for a 40-foot box when new.
    newKWm2K: 0.33,
    ageYearsMax: 10,
    airJK: 800_000,
    doorAreaM2: 5.5,
    unit: {
      control: 'modulated',
      power: 'generator',
      bandK: 0,
      supplyDropK: 0,
      // Blown under the load through a grated floor.
      airflowWK: 2100,
      entrainment: 1,
      fanW: 800,
      engineW: 0,
      heaterW: 3000,
      defrostEveryH: 8,
      defrostMin: 25,
    },
    capacityW: [8000, 11_000],
    cargoWKkg: cargoWKkg(20),
  },
  'mobile-cold-room': {
    ...vehicle,
    doc: '20-foot cold room on skids at the orchard, on a generator set',
    wallAreaM2: 75,
    newKWm2K: ATP_CLASS_C_WM2K,
    ageYearsMax: 8,
    airJK: 400_000,
    doorAreaM2: 4,
    curtainStops: STRIP_CURTAIN_STOPS,
    unit: { ...onOffRoomUnit, power: 'generator', bandK: 1, airflowWK: 1500, fanW: 400, heaterW: 2500 },
    capacityW: [5500, 7500],
    cargoWKkg: cargoWKkg(16),
    probes: 'oldest',
    runsOn: true,
  },
  'pre-cooling-room': {
    ...room,
    doc: 'forced-air tunnel for one load, capacity modulated',
    wallAreaM2: 260,
    airJK: 2_000_000,
    unit: forcedAirUnit,
    // What 20 t need to come half of the way in some two hours.
    capacityW: [230_000, 260_000],
    // Forced air cuts ~12 h of room cooling to ~1.5 h to half (domain reference): 63 % in about 2.2 h.
    cargoWKkg: cargoWKkg(2.2),
  },
  'cold-store': {
    ...room,
    doc: 'grower’s cold store for some ten loads',
    wallAreaM2: 900,
    airJK: 5_000_000,
    unit: { ...onOffRoomUnit, airflowWK: 20_000, fanW: 3000, heaterW: 18_000 },
    capacityW: [55_000, 70_000],
    cargoWKkg: cargoWKkg(14),
  },
  'forward-warehouse': {
    ...room,
    doc: 'cold hall near the market for some twenty loads',
    wallAreaM2: 1600,
    airJK: 9_000_000,
    unit: { ...onOffRoomUnit, airflowWK: 34_000, fanW: 5000, heaterW: 30_000 },
    capacityW: [90_000, 120_000],
    cargoWKkg: cargoWKkg(14),
  },
  'retail-display': {
    ...room,
    doc: 'open display of 2.5 m in a shop, air curtain by day, cover by night: its door is open while the cover is off',
    wallAreaM2: 9,
    newKWm2K: 0.6,
    absorptance: 0,
    sunlitShare: 0,
    indoors: true,
    airJK: 60_000,
    doorAreaM2: 3,
    doorHeightM: 1.2,
    leafShare: 1,
    // Better than an air curtain in a doorway, for it closes on itself: the load comes to the 1–1.4 kW a metre that
    // is usual for open displays. ESTIMATE.
    curtainStops: 0.9,
    dockStops: 0.9,
    unit: {
      // A valve keeps the coil at its pressure: remote displays of a shop hang on one compressor rack.
      control: 'modulated',
      power: 'grid',
      bandK: 0,
      supplyDropK: 0,
      airflowWK: 600,
      entrainment: 1,
      fanW: 120,
      engineW: 0,
      // Defrosted by the shop's air.
      heaterW: 0,
      defrostEveryH: 6,
      defrostMin: 20,
    },
    capacityW: [4000, 5000],
    // In one or two layers.
    cargoWKkg: cargoWKkg(3),
  },
};

/** A pre-cooling room without forced air: fruit stands in moving air, and comes half of the way in about 12 h. */
export const ROOM_PRE_COOLING: BodyKind = {
  ...BODY_KINDS['pre-cooling-room'],
  doc: 'room cooling for one load, capacity modulated',
  unit: { ...forcedAirUnit, airflowWK: 12_000, entrainment: 2.5, fanW: 1500 },
  capacityW: [45_000, 52_000],
  cargoWKkg: cargoWKkg(15),
};
