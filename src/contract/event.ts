import { z } from 'zod';
import { assetFromUri, deviceFromUri, orgFromUri, parseLgtin } from './identifiers.ts';

/**
 * The EPCIS 2.0 events this version takes (JSON-LD binding): scans of batches as ObjectEvents, and placements of
 * devices on assets as AssociationEvents. Unknown EPCIS fields are kept; the full capture interface comes later.
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

const location = z.looseObject({ id: uri(assetFromUri, 'an asset URI') });

/**
 * One step of a batch. Who holds it from now on is the `possessing_party` destination; where, the `bizLocation`.
 * `commissioning` (action ADD) makes the batch; action DELETE ends its custody (sold, destroyed).
 */
export const objectEvent = z.looseObject({
  ...eventBase,
  type: z.literal('ObjectEvent'),
  action: z.enum(['ADD', 'OBSERVE', 'DELETE']),
  quantityList: z.array(quantity).min(1).max(1000),
  readPoint: location.optional(),
  bizLocation: location.optional(),
  destinationList: z
    .array(z.looseObject({ type: z.string(), destination: uri(orgFromUri, 'an org URI') }))
    .max(10)
    .optional(),
  /** Instance/lot master data: what the produce is, when it was picked. */
  ilmd: z
    .looseObject({ 'coldtrail:produce': z.string().optional(), 'coldtrail:harvestDate': z.string().optional() })
    .optional(),
});

/** A device put on (ADD) or taken off (DELETE) an asset: its dated placement. */
export const associationEvent = z.looseObject({
  ...eventBase,
  type: z.literal('AssociationEvent'),
  action: z.enum(['ADD', 'DELETE']),
  parentID: uri(assetFromUri, 'an asset URI'),
  childEPCs: z.array(uri(deviceFromUri, 'a device URI')).min(1).max(1000),
});

export const epcisEvent = z.discriminatedUnion('type', [objectEvent, associationEvent]);

export type ObjectEvent = z.infer<typeof objectEvent>;
export type AssociationEvent = z.infer<typeof associationEvent>;
export type EpcisEvent = z.infer<typeof epcisEvent>;

/** The most events one message on an events topic may carry. */
export const EVENTS_PER_MESSAGE_MAX = 500;

/** What an events topic carries: one event or an array of them. */
export const eventMessage = z.union([
  epcisEvent.transform((e) => [e]),
  z.array(epcisEvent).min(1).max(EVENTS_PER_MESSAGE_MAX),
]);
