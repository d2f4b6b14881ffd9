import type { AssociationEvent, EpcisEvent, ObjectEvent } from '../../../src/contract/event.ts';
import { epcisEvent } from '../../../src/contract/event.ts';
import { assetUri, deviceUri, lgtin, orgUri } from '../../../src/contract/identifiers.ts';
import { eventId } from '../../../src/store/ledger/event-id.ts';
import type { JournaledEvent } from '../../../src/store/ledger/events.ts';

export const batchId = (lot: string) => lgtin('9521141', '012345', lot);

interface Scan {
  readonly id?: string;
  readonly lots: readonly string[];
  readonly asset?: string;
  readonly party?: string;
  readonly action?: ObjectEvent['action'];
  readonly bizStep?: string;
  readonly produce?: string;
  readonly kg?: number;
}

/** A scan of batches, checked by the contract's own schema. */
export function scan(timeMs: number, s: Scan): ObjectEvent {
  return epcisEvent.parse({
    type: 'ObjectEvent',
    ...(s.id && { eventID: s.id }),
    eventTime: new Date(timeMs).toISOString(),
    eventTimeZoneOffset: '+08:00',
    action: s.action ?? 'OBSERVE',
    ...(s.bizStep && { bizStep: s.bizStep }),
    quantityList: s.lots.map((lot) => ({ epcClass: batchId(lot), ...(s.kg && { quantity: s.kg, uom: 'KGM' }) })),
    ...(s.asset && { bizLocation: { id: assetUri(s.asset) } }),
    ...(s.party && { destinationList: [{ type: 'possessing_party', destination: orgUri(s.party) }] }),
    ...(s.produce && { ilmd: { 'coldtrail:produce': s.produce } }),
  }) as ObjectEvent;
}

export function commission(timeMs: number, s: Scan): ObjectEvent {
  return scan(timeMs, { action: 'ADD', bizStep: 'commissioning', ...s });
}

export function place(
  timeMs: number,
  asset: string,
  devices: readonly string[],
  action: AssociationEvent['action'] = 'ADD',
  id?: string,
): AssociationEvent {
  return epcisEvent.parse({
    type: 'AssociationEvent',
    ...(id && { eventID: id }),
    eventTime: new Date(timeMs).toISOString(),
    eventTimeZoneOffset: '+08:00',
    action,
    parentID: assetUri(asset),
    childEPCs: devices.map(deviceUri),
  }) as AssociationEvent;
}

/** Events as they come out of the journal, in this order. */
export function journaled(events: readonly EpcisEvent[], firstOffset = 1): JournaledEvent[] {
  return events.map((event, i) => ({ id: eventId(event), event, journalOffset: firstOffset + i }));
}

export function identified<E extends EpcisEvent>(events: readonly E[]): { id: string; event: E }[] {
  return events.map((event) => ({ id: eventId(event), event }));
}
