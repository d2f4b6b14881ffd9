/**
 * How a unit follows its set-point: switched on and off by its return air, or modulated so that its supply air is at
 * the set-point, as containers do with fresh produce.
 */
export type UnitControl = 'on-off' | 'modulated';

/** Where its power comes from, which says what a kilowatt-hour of it burns. */
export type PowerSource = 'diesel' | 'generator' | 'grid';

export interface RefrigerationUnit {
  readonly control: UnitControl;
  readonly power: PowerSource;
  /** Half the width of the switching band, K; an on-off unit's only. */
  readonly bandK: number;
  /** How far supply air may be below the set-point: capacity is held back beyond. 0 where it is the one controlled. */
  readonly supplyDropK: number;
  /** Heat capacity flow of the air it moves, W/K: sets how far supply lies below return. */
  readonly airflowWK: number;
  /** How many times that flow goes round inside, drawn along by the supply jet; 1 where air is ducted. ESTIMATE. */
  readonly entrainment: number;
  /** Fans run all the time while the unit is in service, as is usual for fresh produce. */
  readonly fanW: number;
  /** What its own engine takes for turning at all, W at the shaft; 0 where it has none. None of it reaches the air. */
  readonly engineW: number;
  /** Of the defrost heater; 0 where the coil is defrosted by the fans alone. */
  readonly heaterW: number;
  /** Running hours from one defrost to the next, and its length. */
  readonly defrostEveryH: number;
  readonly defrostMin: number;
}

/** The ambient at which capacities are rated (ATP, ARI 1110: 30 °C and about 38 °C; 30 °C is taken). */
const RATED_AMBIENT_C = 30;

/** ESTIMATE: a condensing unit loses about 1 % of its capacity for each K of ambient; kept within ±25 %. */
const CAPACITY_PER_K = -0.01;

/** Capacity at an ambient temperature, W. @param ratedW at 30 °C */
export function capacityAtW(ratedW: number, ambientC: number): number {
  const share = 1 + CAPACITY_PER_K * (ambientC - RATED_AMBIENT_C);
  return ratedW * Math.min(1.25, Math.max(0.75, share));
}

/** On at set-point + band or above, off at set-point − band or below, else as before. */
export function switched(wasOn: boolean, returnC: number, setPointC: number, bandK: number): boolean {
  if (returnC >= setPointC + bandK) return true;
  if (returnC <= setPointC - bandK) return false;
  return wasOn;
}

/** ESTIMATE: coefficient of performance at chilled temperatures, compressor and condenser; falls as it gets hotter. */
export function performanceAt(ambientC: number): number {
  return Math.min(4, Math.max(1.2, 2.2 - 0.02 * (ambientC - RATED_AMBIENT_C)));
}
