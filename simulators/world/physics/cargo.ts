import { drawBetween } from '../../draw.ts';
import { randomStream } from '../../random-stream.ts';
import type { FreezingFruit } from './freezing.ts';

/** Front (where supply air comes in), middle, rear (door side). */
export const ZONES = 3;

/** Air reaches the front of a load best and the rear least. ESTIMATE. */
const ZONE_AIR_SHARE = [1.15, 1, 0.85] as const;

/** One batch as the heat balance sees it. */
export interface CargoBody extends FreezingFruit {
  /** A third of the batch. */
  readonly zoneKg: number;
  /** Factor on the asset's conductance from fruit to air, by zone: how this load was stacked. */
  readonly airShare: readonly [number, number, number];
}

/** Draws how a load was stacked. @param batchId names the random stream */
export function drawStacking(seed: number, batchId: string): [number, number, number] {
  const stream = randomStream(seed, 'stacking', batchId);
  const stacked = (zone: 0 | 1 | 2): number => ZONE_AIR_SHARE[zone] * drawBetween(stream, 0.92, 1.08);
  return [stacked(0), stacked(1), stacked(2)];
}
