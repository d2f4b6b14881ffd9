import type { DeviceKey } from '../contract/words.ts';
import { type ArmingInterval, armingOf } from '../detect/arming.ts';
import type { RuleBook } from '../produce/rule-book.ts';
import type { TimelineChanges } from '../store/ledger/events.ts';
import { placementsOfDevices, placementsOnAssets, staysInAssets } from '../store/ledger/holdings.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { assetKinds } from '../store/ledger/registry.ts';

/** When the device is armed and by which rules, by what the ledger knows of placements and custody. */
export async function loadArming(db: LedgerDb, device: DeviceKey, rules: RuleBook): Promise<ArmingInterval[]> {
  const placements = await placementsOfDevices(db, [device]);
  if (placements.length === 0) return [];
  const assets = [...new Set(placements.map((p) => p.asset))];
  const stays = await staysInAssets(db, assets);
  const kinds = await assetKinds(db, assets);
  const custodies = stays.flatMap(({ asset, produce, fromMs, toMs }) => {
    const profile = produce === null ? undefined : rules.profileFor(produce);
    return profile ? [{ asset, fromMs, toMs, profile }] : [];
  });
  return armingOf(placements, custodies, (asset) => kinds.get(asset));
}

/** From which instant each device has to be looked at again after events changed placements or custody. */
export async function devicesTouched(db: LedgerDb, changes: TimelineChanges): Promise<Map<DeviceKey, number>> {
  const touched = new Map(changes.changedDevices.map(({ device, fromMs }) => [device, fromMs]));
  const assetFromMs = new Map(changes.changedAssets.map(({ asset, fromMs }) => [asset, fromMs]));
  for (const placement of await placementsOnAssets(db, [...assetFromMs.keys()])) {
    const fromMs = Math.max(assetFromMs.get(placement.asset)!, placement.fromMs);
    if (placement.toMs !== null && placement.toMs <= fromMs) continue;
    touched.set(placement.device, Math.min(fromMs, touched.get(placement.device) ?? Number.POSITIVE_INFINITY));
  }
  return touched;
}
