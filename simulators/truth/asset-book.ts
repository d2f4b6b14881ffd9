import { isVehicle } from '../plan/devices.ts';
import { kmAt } from '../plan/track.ts';
import type { Plan } from '../plan/types.ts';
import type { EnergyUse } from '../world/physics/energy-use.ts';
import type { TrueAsset, TrueBatch } from './record.ts';

const HOUR_MS = 3_600_000;

/**
 * The record of every asset that was on duty, once the run is over: what keeping cold took, in the plan's order.
 * @param energy of an asset, by its index
 * @param endMs where the run ended, maybe before the plan does
 */
export function trueAssets(
  plan: Plan,
  batches: readonly TrueBatch[],
  energy: (assetIx: number) => EnergyUse,
  endMs: number,
): TrueAsset[] {
  const tonneKm = tonneKmByAsset(plan, batches);
  return plan.assets.flatMap(({ key, kind, org, duties }, assetIx) => {
    const dutyMs = duties.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs, endMs) - fromMs), 0);
    if (dutyMs === 0) return [];
    const use = energy(assetIx);
    const hauled = tonneKm.get(assetIx) ?? 0;
    const co2eKgPerTonneKm = hauled > 0 ? use.co2eKg / hauled : null;
    return [
      {
        asset: key,
        kind,
        org,
        dutyH: dutyMs / HOUR_MS,
        ...use,
        tonneKm: isVehicle(kind) ? hauled : null,
        co2eKgPerTonneKm,
      },
    ];
  });
}

/** Tonnes of fruit by the kilometres that each batch was carried; nothing for what stands still. */
function tonneKmByAsset({ assets }: Plan, batches: readonly TrueBatch[]): Map<number, number> {
  const vehicles = new Map(assets.flatMap(({ key, kind }, ix) => (isVehicle(kind) ? [[key, ix] as const] : [])));
  const tonneKm = new Map<number, number>();
  for (const { massKg, stays } of batches) {
    for (const { asset, fromMs, toMs } of stays) {
      const assetIx = vehicles.get(asset);
      if (assetIx === undefined) continue;
      const duty = assets[assetIx]!.duties.find((d) => d.fromMs <= fromMs && fromMs < d.toMs);
      if (!duty) continue;
      const km = kmAt(duty.track, toMs) - kmAt(duty.track, fromMs);
      tonneKm.set(assetIx, (tonneKm.get(assetIx) ?? 0) + (massKg / 1000) * km);
    }
  }
  return tonneKm;
}

/** What all assets took together. A generator's electricity is in its diesel. */
export function energyOfAll(assets: readonly EnergyUse[]): { gridKWh: number; dieselL: number; co2eKg: number } {
  const total = { gridKWh: 0, dieselL: 0, co2eKg: 0 };
  for (const { electricKWh, dieselL, co2eKg } of assets) {
    if (dieselL === 0) total.gridKWh += electricKWh;
    total.dieselL += dieselL;
    total.co2eKg += co2eKg;
  }
  return total;
}
