import { z } from 'zod';
import { assetFromUri, deviceFromUri, orgFromUri, parseLgtin, parseSscc } from './identifiers.ts';

/**
 * The EPCIS 2.0 events this version takes (JSON-LD binding): scans of batches as ObjectEvents, batches made of others
 * as TransformationEvents, units packed as AggregationEvents, and placements of devices on assets as
 * AssociationEvents. Unknown EPCIS fields are kept; the full capture interface comes later.
 */

const uri = (reads: (text: string) => unknown, what: string) =>
  z.string().refine((text) => reads(text) !== undefined, { error: `is not ${what}` });

/** EPCIS 2.0 §7.4.1: ±HH:MM, at most 14:00. */
const zoneOffset = z.string().regex(/^[+-](0\d|1[0-3]):[0-5]\d$|^[+-]14:00$/);

const eventBase = {
  '@context': z.unknown().optional(),
  eventID: z.string().min(1).max(200).optional(),
  eventTime: z.iso.datetime({ offset: true }),
  eventTimeZoneOffset: zoneOffset,
  bizStep: z.string().max(200).optional(),
  disposition: z.string().max(200).optional(),
};

const quantity = z.looseObject({
  epcClass: uri(parseLgtin, 'an LGTIN class (urn:epc:class:lgtin:…)'),
  quantity: z.number().positive().optional(),
  /** EPCIS 2.0: UN/ECE Rec 20 code. */
  uom: z
    .string()
    .regex(/^[A-Z0-9]{2,3}$/)
    .optional(),
});

const quantities = z.array(quantity).min(1).max(1000);

const location = z.looseObject({ id: uri(assetFromUri, 'an asset URI') });

/** Where a step took place, and who has the batch after it. */
const whereAndWho = {
  readPoint: location.optional(),
  bizLocation: location.optional(),
  destinationList: z
    .array(z.looseObject({ type: z.string(), destination: uri(orgFromUri, 'an org URI') }))
    .max(10)
    .optional(),
};

/** Instance/lot master data: what the produce is, when it was picked. */
const ilmd = z
  .looseObject({ 'coldtrail:produce': z.string().optional(), 'coldtrail:harvestDate': z.string().optional() })
  .optional();

/**
 * One step of a batch. Who holds it from now on is the `possessing_party` destination; where, the `bizLocation`.
 * `commissioning` (action ADD) makes the batch; action DELETE ends its custody (sold, destroyed).
 */
export const objectEvent = z.looseObject({
  ...eventBase,
  type: z.literal('ObjectEvent'),
  action: z.enum(['ADD', 'OBSERVE', 'DELETE']),
  quantityList: quantities,
  ...whereAndWho,
  ilmd,
});

/**
 * Batches made of others: grading, packing, splitting, re-packing. The inputs are used up; who takes part of a batch
 * only splits it first. The outputs begin in the `bizLocation` with the `possessing_party` destination; what the event
 * leaves open they inherit from the inputs, the produce too. EPCIS lets inputs and outputs come in events apart that
 * share a `transformationID`; here one event has both, and the id is only kept.
 */
export const transformationEvent = z
  .looseObject({
    ...eventBase,
    type: z.literal('TransformationEvent'),
    inputQuantityList: quantities,
    outputQuantityList: quantities,
    transformationID: z.string().min(1).max(200).optional(),
    ...whereAndWho,
    /** Of every output. */
    ilmd,
  })
  .refine(hasOutputsOfItsOwn, { path: ['outputQuantityList'], error: 'has a batch that is an input too' });

function hasOutputsOfItsOwn(event: {
  readonly inputQuantityList: readonly { readonly epcClass: string }[];
  readonly outputQuantityList: readonly { readonly epcClass: string }[];
}): boolean {
  const inputs = new Set(event.inputQuantityList.map((q) => q.epcClass));
  return event.outputQuantityList.every((q) => !inputs.has(q.epcClass));
}

/**
 * Batches and smaller units put into a unit (ADD), seen in it (OBSERVE), or taken out (DELETE: all of them where none
 * is named, as EPCIS has it). It says what is packed together, not where it is: scans of the batches say that.
 */
export const aggregationEvent = z
  .looseObject({
    ...eventBase,
    type: z.literal('AggregationEvent'),
    action: z.enum(['ADD', 'OBSERVE', 'DELETE']),
    parentID: uri(parseSscc, 'an SSCC (urn:epc:id:sscc:…)'),
    childEPCs: z.array(uri(parseSscc, 'an SSCC (urn:epc:id:sscc:…)')).max(1000).optional(),
    childQuantityList: z.array(quantity).max(1000).optional(),
    ...whereAndWho,
  })
  .refine((event) => event.action === 'DELETE' || hasChildren(event), { error: 'names nothing that is in the unit' })
  .refine((event) => !event.childEPCs?.includes(event.parentID), {
    path: ['childEPCs'],
    error: 'puts the unit into itself',
  });

function hasChildren(event: {
  readonly childEPCs?: readonly unknown[] | undefined;
  readonly childQuantityList?: readonly unknown[] | undefined;
}): boolean {
  return (event.childEPCs?.length ?? 0) + (event.childQuantityList?.length ?? 0) > 0;
}

/** A device put on (ADD) or taken off (DELETE) an asset: its dated placement. */
export const associationEvent = z.looseObject({
  ...eventBase,
  type: z.literal('AssociationEvent'),
  action: z.enum(['ADD', 'DELETE']),
  parentID: uri(assetFromUri, 'an asset URI'),
  childEPCs: z.array(uri(deviceFromUri, 'a device URI')).min(1).max(1000),
});

export const epcisEvent = z.discriminatedUnion('type', [
  objectEvent,
  transformationEvent,
  aggregationEvent,
  associationEvent,
]);

export type ObjectEvent = z.infer<typeof objectEvent>;
export type TransformationEvent = z.infer<typeof transformationEvent>;
export type AggregationEvent = z.infer<typeof aggregationEvent>;
export type AssociationEvent = z.infer<typeof associationEvent>;
export type EpcisEvent = z.infer<typeof epcisEvent>;

/** The most events one message on an events topic may carry. */
export const EVENTS_PER_MESSAGE_MAX = 500;

/** What an events topic carries: one event or an array of them. No union: its error would not say what is wrong. */
export const eventMessage = z.preprocess(
  (message) => (Array.isArray(message) ? message : [message]),
  z.array(epcisEvent).min(1).max(EVENTS_PER_MESSAGE_MAX),
);
