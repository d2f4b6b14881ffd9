import type { ObjectEvent, TransformationEvent } from '../../contract/event.ts';
import { assetFromUri, orgFromUri, parseLgtin } from '../../contract/identifiers.ts';
import type { AssetKey } from '../../contract/words.ts';
import { eventTimeMs, type IdentifiedEvent, inEventOrder } from './event-id.ts';
import { kilograms } from './quantity.ts';
import { closeOpenSpan, openNextSpan, openSpan } from './span.ts';

/** An interval in which an org held a batch in an asset; half-open. */
export interface Custody {
  /** LGTIN class URI. */
  readonly batch: string;
  readonly org: string;
  readonly asset: AssetKey;
  readonly fromMs: number;
  readonly toMs: number | null;
  /** The event that opened it. */
  readonly eventId: string;
}

/** What a batch's events say about it. */
export interface BatchFacts {
  readonly id: string;
  readonly companyPrefix: string;
  readonly itemRef: string;
  readonly lot: string;
  /** From the lot master data of the event that made it, or inherited; null where neither says. */
  readonly produce: string | null;
  readonly quantityKg: number | null;
  readonly commissionedMs: number | null;
}

/** The events that say where a batch is. */
export type BatchEvent = ObjectEvent | TransformationEvent;

/** What a transformation's outputs inherit where its event does not say; null where that is not known. */
export interface Heritage {
  readonly asset: AssetKey | null;
  readonly org: string | null;
  readonly produce: string | null;
}

/** What an input was as a transformation used it up. */
export interface Bequest extends Heritage {
  readonly eventId: string;
}

/** All that the events of one batch, and what it inherits, say about it. */
export interface BatchLife {
  readonly facts: BatchFacts;
  /** Ascending; empty intervals left out. */
  readonly custody: readonly Custody[];
  /** One for each transformation it is an input of. */
  readonly bequests: readonly Bequest[];
}

/**
 * The life of one batch: a fold over all its events, in any order. A batch is in one place at a time.
 *
 * The first event with a bizLocation opens its custody: mostly the commissioning, but the chain's first link may not
 * report. The holder is the `possessing_party` destination (EPCIS 2.0 §7.4.3.3, CBV 2.0 §7.5), else the org of the
 * asset it starts in. Later events move it (bizLocation) or hand it over (possessing_party); moving alone does not
 * hand over. DELETE ends it, as does going into another batch; only an ADD or coming out of a transformation at a
 * later instant opens it again.
 * @param heritageIn what the outputs of the transformation with this event id inherit
 * @returns undefined where the batch's id is no LGTIN
 */
export function lifeFromEvents(
  batch: string,
  events: Iterable<IdentifiedEvent<BatchEvent>>,
  heritageIn: (eventId: string) => Heritage | undefined,
): BatchLife | undefined {
  const parts = parseLgtin(batch);
  if (!parts) return undefined;
  const custody: Custody[] = [];
  const bequests: Bequest[] = [];
  let made: MadeAs = { produce: null, quantityKg: null, commissionedMs: null };
  let last: { readonly asset: AssetKey; readonly org: string } | undefined;
  let endedMs = Number.NEGATIVE_INFINITY;
  let ended = false;
  for (const { id, event } of inEventOrder(events)) {
    const timeMs = eventTimeMs(event);
    const role = roleOf(event, batch);
    if (role === 'ended' || role === 'used') {
      if (role === 'used') {
        bequests.push({ eventId: id, asset: last?.asset ?? null, org: last?.org ?? null, produce: made.produce });
      }
      closeOpenSpan(custody, timeMs);
      ended = true;
      endedMs = timeMs;
      continue;
    }
    const heritage = event.type === 'TransformationEvent' ? heritageIn(id) : undefined;
    if (isMaking(event)) made = andAs(made, madeAs(event, batch, heritage));
    // What is made and used up at one instant stays ended, whichever of the two events sorts first.
    if (ended && (role === 'seen' || timeMs === endedMs)) continue;
    ended = false;
    const before = openSpan(custody);
    const asset = placeOf(event) ?? before?.asset ?? heritage?.asset;
    if (!asset) continue;
    const org = possessingParty(event) ?? before?.org ?? heritage?.org ?? orgOfAsset(asset);
    last = { asset, org };
    if (before?.asset === asset && before.org === org) continue;
    closeOpenSpan(custody, timeMs);
    const next = { batch, org, asset, fromMs: timeMs, toMs: null, eventId: id };
    openNextSpan(custody, next, (span) => span.asset === asset && span.org === org);
  }
  return { facts: { id: batch, ...parts, ...made }, custody, bequests };
}

type MadeAs = Pick<BatchFacts, 'produce' | 'quantityKg' | 'commissionedMs'>;

/** What the event that made the batch says of it. */
function madeAs(event: BatchEvent, batch: string, heritage: Heritage | undefined): MadeAs {
  const quantities = event.type === 'ObjectEvent' ? event.quantityList : event.outputQuantityList;
  return {
    produce: event.ilmd?.['coldtrail:produce'] ?? heritage?.produce ?? null,
    quantityKg: kilograms(quantities, batch),
    commissionedMs: eventTimeMs(event),
  };
}

/** The first event that says something decides; what it leaves open a later one may say. */
function andAs(first: MadeAs, next: MadeAs): MadeAs {
  return {
    produce: first.produce ?? next.produce,
    quantityKg: first.quantityKg ?? next.quantityKg,
    commissionedMs: first.commissionedMs ?? next.commissionedMs,
  };
}

/** What an event does to a batch: begins it, shows it, ends it, or uses it up in others. */
function roleOf(event: BatchEvent, batch: string): 'begun' | 'seen' | 'ended' | 'used' {
  if (event.type === 'TransformationEvent') {
    return event.inputQuantityList.some((q) => q.epcClass === batch) ? 'used' : 'begun';
  }
  return ({ ADD: 'begun', OBSERVE: 'seen', DELETE: 'ended' } as const)[event.action];
}

function isMaking(event: BatchEvent): boolean {
  if (event.type === 'TransformationEvent') return true;
  return event.action === 'ADD' && (event.bizStep === undefined || cbvWord(event.bizStep) === 'commissioning');
}

function placeOf(event: BatchEvent): AssetKey | undefined {
  return event.bizLocation && assetFromUri(event.bizLocation.id);
}

function possessingParty(event: BatchEvent): string | undefined {
  const party = event.destinationList?.find((d) => cbvWord(d.type) === 'possessing_party');
  return party && orgFromUri(party.destination);
}

/** `https://ref.gs1.org/cbv/SDT-possessing_party`, `urn:epcglobal:cbv:sdt:possessing_party` or the bare word (CBV 2.0 §7). */
function cbvWord(text: string): string {
  return /(?:^|:|\/[A-Za-z]+-)([a-z_]+)$/.exec(text)?.[1] ?? text;
}

function orgOfAsset(asset: AssetKey): string {
  return asset.slice(0, asset.indexOf('/'));
}
