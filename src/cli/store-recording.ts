import type { AssetKey } from '../contract/words.ts';
import type { RecordedDevice } from '../lab/recording.ts';
import { profileFor } from '../produce/profiles.ts';
import { placementsOfDevices, staysInAssets } from '../store/ledger/holdings.ts';
import { assetKinds } from '../store/ledger/registry.ts';
import type { ReadStores } from '../stores.ts';

/**
 * What a data directory holds, device by device: its frames, where it was, and what was with it, as live use armed it.
 * Nothing is known after the newest frame of all.
 */
export async function* storeRecording({ ledger, frames }: ReadStores): AsyncGenerator<RecordedDevice> {
  const latest = await frames.latest();
  const knownUntilMs = Math.max(...latest.map(({ timeMs }) => timeMs));
  for (const { device, timeMs } of latest) {
    const placements = await placementsOfDevices(ledger.db, [device]);
    if (placements.length === 0) continue;
    const assets = [...new Set(placements.map(({ asset }) => asset))];
    const kinds = await assetKinds(ledger.db, assets);
    const stays = await staysInAssets(ledger.db, assets);
    const custodies = stays.filter(({ produce }) => produce !== null && profileFor(produce) !== undefined);
    yield {
      history: { device, placements, custodies, assetKind: (asset: AssetKey) => kinds.get(asset) },
      chunks: frames.range([{ device, fromMs: 0, toMs: timeMs + 1 }]),
      knownUntilMs,
    };
  }
}
