import type { AssociationEvent } from '../../contract/event.ts';
import { assetFromUri, deviceUri } from '../../contract/identifiers.ts';
import type { AssetKey, DeviceKey } from '../../contract/words.ts';
import { eventTimeMs, type IdentifiedEvent, inEventOrder } from './event-id.ts';
import { closeOpenSpan, openNextSpan, openSpan } from './span.ts';

/** An interval in which a device spoke for an asset; half-open. */
export interface Placement {
  readonly device: DeviceKey;
  readonly asset: AssetKey;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/**
 * The placements of one device: a fold over all its events, in any order. A device is on one asset at a time: ADD
 * elsewhere moves it; ADD where it is, or DELETE where it is not, changes nothing. Ascending; empty ones left out.
 */
export function placementsFromEvents(
  device: DeviceKey,
  events: Iterable<IdentifiedEvent<AssociationEvent>>,
): Placement[] {
  const placements: Placement[] = [];
  const uri = deviceUri(device);
  for (const { event } of inEventOrder(events)) {
    const asset = assetFromUri(event.parentID);
    if (asset === undefined || !event.childEPCs.includes(uri)) continue;
    const timeMs = eventTimeMs(event);
    const here = openSpan(placements)?.asset === asset;
    if (event.action === 'DELETE') {
      if (here) closeOpenSpan(placements, timeMs);
    } else if (!here) {
      closeOpenSpan(placements, timeMs);
      openNextSpan(placements, { device, asset, fromMs: timeMs, toMs: null }, (last) => last.asset === asset);
    }
  }
  return placements;
}
