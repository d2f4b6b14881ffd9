/** How a unit follows its set-point: switched on and off around it, or modulated within a band above it. */
export type UnitControl = 'on-off' | 'modulated';

export interface RefrigerationUnit {
  readonly control: UnitControl;
  /** Cooling capacity at 30 °C ambient, W. Transport units reach from 4.4 to 17.6 kW. */
  readonly capacityW: number;
  /** Half the width of the switching band (on-off), or the whole band (modulated), K. */
  readonly bandK: number;
  /** Heat capacity flow of the air it moves, W/K: sets how far supply lies below return. */
  readonly airflowWK: number;
  /** Fans run all the time while the unit is in service, as is usual for fresh produce. */
  readonly fanW: number;
}

/** The ambient at which capacities are rated (ATP, ARI 1110: 30 °C and about 38 °C; 30 °C is taken). */
const RATED_AMBIENT_C = 30;

/** ESTIMATE: a condensing unit loses about 1 % of its capacity for each K of ambient; kept within ±25 %. */
const CAPACITY_PER_K = -0.01;

/** Capacity at an ambient temperature, W. */
export function capacityAtW(unit: RefrigerationUnit, ambientC: number): number {
  const share = 1 + CAPACITY_PER_K * (ambientC - RATED_AMBIENT_C);
  return unit.capacityW * Math.min(1.25, Math.max(0.75, share));
}

/** On above set-point + band, off below set-point − band, else as before. */
export function switched(wasOn: boolean, returnC: number, setPointC: number, bandK: number): boolean {
  if (returnC >= setPointC + bandK) return true;
  if (returnC <= setPointC - bandK) return false;
  return wasOn;
}

/** ESTIMATE: coefficient of performance of a diesel-electric unit at chilled temperatures; falls as it gets hotter. */
export function powerW(unit: RefrigerationUnit, coolingW: number, ambientC: number, fansRun: boolean): number {
  const performance = Math.max(1.2, 2.2 - 0.02 * (ambientC - RATED_AMBIENT_C));
  return coolingW / performance + (fansRun ? unit.fanW : 0);
}
