import type { Plan } from '../../simulators/plan/types.ts';
import { Whereabouts } from '../../simulators/truth/whereabouts.ts';
import type { DeviceHistory, Stay } from './engine.ts';

/**
 * What the ledger would know of each device of a plan once all scans are in: every move and every blend is scanned, and
 * a device is put on its asset at the run's start. By device index.
 */
export function historiesOf(plan: Plan): DeviceHistory[] {
  const custodies = staysOf(plan);
  const kinds = new Map(plan.assets.map(({ key, kind }) => [key, kind]));
  return plan.devices.map(({ key, assetIx }) => ({
    device: key,
    placements: [{ asset: plan.assets[assetIx]!.key, fromMs: plan.startMs, toMs: null }],
    custodies: custodies[assetIx]!,
    assetKind: (asset) => kinds.get(asset),
  }));
}

/** Stays of produce, by asset index. */
function staysOf(plan: Plan): Stay[][] {
  const stays: Stay[][] = plan.assets.map(() => []);
  const open = new Map<number, { assetIx: number; fromMs: number }>();
  const whereabouts = new Whereabouts(plan, {
    entered: (batchIx, assetIx, fromMs) => open.set(batchIx, { assetIx, fromMs }),
    left: (batchIx, toMs) => close(batchIx, toMs),
    blending: () => {},
  });
  function close(batchIx: number, toMs: number | null): void {
    const { assetIx, fromMs } = open.get(batchIx)!;
    open.delete(batchIx);
    if (toMs === null || toMs > fromMs) stays[assetIx]!.push({ asset: plan.assets[assetIx]!.key, fromMs, toMs });
  }
  whereabouts.advanceThrough(plan.endMs);
  for (const batchIx of [...open.keys()]) close(batchIx, null);
  return stays;
}
