import type {
  AggregationEvent,
  AssociationEvent,
  EpcisEvent,
  ObjectEvent,
  TransformationEvent,
} from '../../../src/contract/event.ts';
import { epcisEvent } from '../../../src/contract/event.ts';
import { assetUri, deviceUri, lgtin, orgUri, parseSscc, sscc } from '../../../src/contract/identifiers.ts';
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

/** Masses in kg by lot; null where the event does not say how much. */
type Masses = Readonly<Record<string, number | null>>;

interface Transform {
  readonly id?: string;
  readonly inputs: Masses;
  readonly outputs: Masses;
  readonly asset?: string;
  readonly party?: string;
  readonly produce?: string;
  readonly transformationID?: string;
}

export function transform(timeMs: number, t: Transform): TransformationEvent {
  return epcisEvent.parse({
    type: 'TransformationEvent',
    ...(t.id && { eventID: t.id }),
    eventTime: new Date(timeMs).toISOString(),
    eventTimeZoneOffset: '+08:00',
    inputQuantityList: quantityList(t.inputs),
    outputQuantityList: quantityList(t.outputs),
    ...(t.transformationID && { transformationID: t.transformationID }),
    ...(t.asset && { bizLocation: { id: assetUri(t.asset) } }),
    ...(t.party && { destinationList: [{ type: 'possessing_party', destination: orgUri(t.party) }] }),
    ...(t.produce && { ilmd: { 'coldtrail:produce': t.produce } }),
  }) as TransformationEvent;
}

/** A unit by its serial number, and its 18 digits. */
export const unitUri = (serial: number) => sscc('9521141', `1${String(serial).padStart(9, '0')}`);
export const unitDigits = (serial: number) => parseSscc(unitUri(serial))!.digits;

interface Pack {
  readonly unit: number;
  readonly lots?: Masses;
  readonly units?: readonly number[];
}

export function pack(timeMs: number, p: Pack, action: AggregationEvent['action'] = 'ADD'): AggregationEvent {
  return epcisEvent.parse({
    type: 'AggregationEvent',
    eventTime: new Date(timeMs).toISOString(),
    eventTimeZoneOffset: '+08:00',
    action,
    parentID: unitUri(p.unit),
    ...(p.lots && { childQuantityList: quantityList(p.lots) }),
    ...(p.units && { childEPCs: p.units.map(unitUri) }),
  }) as AggregationEvent;
}

function quantityList(masses: Masses) {
  return Object.entries(masses).map(([lot, kg]) => ({
    epcClass: batchId(lot),
    ...(kg !== null && { quantity: kg, uom: 'KGM' }),
  }));
}

/** Events as they come out of the journal, in this order. */
export function journaled(events: readonly EpcisEvent[], firstOffset = 1): JournaledEvent[] {
  return events.map((event, i) => ({ id: eventId(event), event, journalOffset: firstOffset + i }));
}

export function identified<E extends EpcisEvent>(events: readonly E[]): { id: string; event: E }[] {
  return events.map((event) => ({ id: eventId(event), event }));
}
