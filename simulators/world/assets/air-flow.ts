import type { RefrigerationUnit } from '../physics/refrigeration-unit.ts';
import type { Conditions } from './conditions.ts';

/** With the fans off, air moves by buoyancy alone: about this share of the flow, and of the heat that cargo takes up. ESTIMATES. */
const STILL_FLOW_SHARE = 0.05;
const STILL_CARGO_SHARE = 0.3;

/** What a blocked air flow takes from the cargo of each zone: the rear gets least of what is left. ESTIMATE. */
const BLOCKED_AT = [0.7, 1, 1.3] as const;

/** Share of a defrost's heat that ends in the air: the rest melts the ice and drains with it. ESTIMATE. */
const DEFROST_TO_AIR = 0.35;

/** Heat capacity flow of the air that goes round, W/K. */
export function airFlow(unit: RefrigerationUnit, blockedShare: number, fansRun: boolean): number {
  return unit.airflowWK * (fansRun ? Math.max(STILL_FLOW_SHARE, 1 - blockedShare) : STILL_FLOW_SHARE);
}

/** Share of their usual heat exchange that the fruit of a zone has with the air. */
export function cargoAirShare(blockedShare: number, fansRun: boolean, zone: number): number {
  return fansRun ? Math.max(STILL_CARGO_SHARE, 1 - blockedShare * BLOCKED_AT[zone]!) : STILL_CARGO_SHARE;
}

/** Power of the fans, W. */
export function fanW(unit: RefrigerationUnit, fansRun: boolean): number {
  return fansRun ? unit.fanW : 0;
}

/** Power of the defrost heater, W: all of it in a defrost, the share that a fault keeps on at other times. */
export function heaterW(unit: RefrigerationUnit, conditions: Conditions, defrosts: boolean): number {
  if (!conditions.inService) return 0;
  return unit.heaterW * (defrosts ? 1 : conditions.heaterShare);
}

/** How much of that ends in the air: a heater stuck on has no ice to melt. */
export function heaterToAirShare(defrosts: boolean): number {
  return defrosts ? DEFROST_TO_AIR : 1;
}
