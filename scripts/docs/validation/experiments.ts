import { BODY_KINDS, ROOM_PRE_COOLING } from '../../../simulators/world/assets/kinds.ts';
import { type ChamberTest, coolingTimesH, runInChamber } from '../../../simulators/world/experiments.ts';

/** The experiments of docs/validation.md: each runs the world as it ships and returns a number to compare. */

const LOAD_KG = 21_000;
const SET_POINT_C = -0.5;
const HOT_C = 35;
const DAY_MIN = 24 * 60;

/** Hours in which a load fresh from the field comes half and seven eighths of its way to the set-point. */
export function preCooling(method: 'forced-air' | 'room'): { readonly halfH: number; readonly sevenEighthsH: number } {
  return coolingTimesH({
    kind: 'pre-cooling-room',
    body: method === 'room' ? ROOM_PRE_COOLING : BODY_KINDS['pre-cooling-room'],
    hours: 72,
    chamberC: 30,
    setPointC: SET_POINT_C,
    load: { massKg: LOAD_KG, pulpC: 26 },
  });
}

const cruising = (kind: 'reefer-truck' | 'rail-reefer-box'): ChamberTest => ({
  kind,
  hours: 72,
  chamberC: HOT_C,
  setPointC: SET_POINT_C,
  load: { massKg: LOAD_KG, pulpC: 0 },
});

/** Warmest less coldest air of a loaded body after the first day, K: supply, return and door side, defrosts left out. */
export function airSpreadK(kind: 'reefer-truck' | 'rail-reefer-box'): number {
  const { supplyC, returnC, doorC, defrosts } = runInChamber(cruising(kind));
  let leastC = Number.POSITIVE_INFINITY;
  let greatestC = Number.NEGATIVE_INFINITY;
  for (let minute = DAY_MIN; minute < supplyC.length; minute++) {
    if (defrosts.slice(Math.max(0, minute - SETTLES_MIN), minute + 1).some(Boolean)) continue;
    const airC = [supplyC[minute]!, returnC[minute]!, doorC[minute]!];
    leastC = Math.min(leastC, ...airC);
    greatestC = Math.max(greatestC, ...airC);
  }
  return greatestC - leastC;
}

/** How long the air needs to settle after a defrost. */
const SETTLES_MIN = 45;

/** Litres of diesel an hour of a loaded truck's unit after the first day, in service all the time. */
export function dieselLh(): number {
  const { dieselL } = runInChamber(cruising('reefer-truck'));
  return ((dieselL.at(-1)! - dieselL[DAY_MIN]!) / (dieselL.length - 1 - DAY_MIN)) * 60;
}

/** Mean electric power of a loaded reefer box after the first day, kW. */
export function boxPowerKW(): number {
  const settledW = runInChamber(cruising('rail-reefer-box')).powerW.slice(DAY_MIN);
  return settledW.reduce((sum, w) => sum + w, 0) / settledW.length / 1000;
}

/**
 * Heat that comes through the walls of an empty new ATP class C truck at a difference of 30 K, W. Found as ATP tests do
 * it: a heater of known power inside, cold outside, no cooling, until the inside is steady.
 */
export function wallLoadW(): number {
  const heaterW = 1740;
  const kind = BODY_KINDS['reefer-truck'];
  const { returnC, doorC } = runInChamber({
    kind: 'reefer-truck',
    body: {
      ...kind,
      ageYearsMax: 0,
      capacityW: [0, 0],
      unit: { ...kind.unit, fanW: heaterW, control: 'modulated', supplyDropK: 0, defrostEveryH: 1e6 },
    },
    hours: 96,
    chamberC: 0,
    setPointC: -20,
  });
  return (30 * heaterW) / ((returnC.at(-1)! + doorC.at(-1)!) / 2);
}

/** How much a load in a new box without power warms between two hours after its loading, K of mean pulp. */
export function unpoweredRiseK(fromH: number, toH: number): number {
  const body = { ...BODY_KINDS['rail-reefer-box'], ageYearsMax: 0 };
  const { pulpC } = runInChamber({ ...cruising('rail-reefer-box'), body, hours: toH, powered: false });
  return pulpC.at(-1)! - pulpC[fromH * 60]!;
}
