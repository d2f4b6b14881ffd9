import { respirationWkg, type ThermalProduce } from '../../../src/produce/respiration.ts';
import { drawBetween, drawNormal } from '../../draw.ts';
import { randomStream } from '../../random-stream.ts';

/** Front (where supply air comes in), middle, rear (door side). */
export const ZONES = 3;

/** Air reaches the front of a load best and the rear least. ESTIMATE. */
const ZONE_AIR_SHARE = [1.15, 1, 0.85] as const;

/** One batch as the heat balance sees it: its own hidden parameters, drawn around the published means. */
export interface CargoBody {
  /** Mass of a third of the load. */
  readonly zoneKg: number;
  readonly zoneJK: number;
  /** Factor on the published heat of respiration. */
  readonly respirationShare: number;
  /** Factor on the asset's conductance from fruit to air, by zone: how this load was stacked. */
  readonly airShare: readonly [number, number, number];
}

/** Draws a batch's hidden parameters. @param batchId names the random stream */
export function drawCargo(produce: ThermalProduce, seed: number, batchId: string, massKg: number): CargoBody {
  const stream = randomStream(seed, 'cargo', batchId);
  const zoneKg = massKg / ZONES;
  const stacked = (zone: 0 | 1 | 2): number => ZONE_AIR_SHARE[zone] * drawBetween(stream, 0.92, 1.08);
  return {
    zoneKg,
    zoneJK: zoneKg * produce.specificHeatJkgK * drawNormal(stream, 1, 0.01),
    // UC Davis gives 1–1.5 mL at 0 °C, ±20 % about the middle: two standard deviations.
    respirationShare: drawNormal(stream, 1, 0.1),
    airShare: [stacked(0), stacked(1), stacked(2)],
  };
}

/** Heat of respiration of one zone, W. */
export function zoneRespirationW(produce: ThermalProduce, cargo: CargoBody, pulpC: number): number {
  return cargo.zoneKg * cargo.respirationShare * respirationWkg(produce, pulpC);
}
