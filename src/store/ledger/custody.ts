import type { ObjectEvent } from '../../contract/event.ts';
import { assetFromUri, orgFromUri, parseLgtin } from '../../contract/identifiers.ts';
import type { AssetKey } from '../../contract/words.ts';
import { eventTimeMs, type IdentifiedEvent, inEventOrder } from './event-id.ts';
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

/** What a batch's own events say about it. */
export interface BatchFacts {
  readonly id: string;
  readonly companyPrefix: string;
  readonly itemRef: string;
  readonly lot: string;
  /** From the commissioning's lot master data; null where it does not say. */
  readonly produce: string | null;
  readonly quantityKg: number | null;
  readonly commissionedMs: number | null;
}

/**
 * The custody of one batch: a fold over all its events, in any order. A batch is in one place at a time.
 *
 * The first event with a bizLocation opens it: mostly the commissioning, but the chain's first link may not report.
 * The holder is the `possessing_party` destination (EPCIS 2.0 §7.4.3.3, CBV 2.0 §7.5), else the org of the asset it
 * starts in. Later events move it (bizLocation) or hand it over (possessing_party); moving alone does not hand over.
 * DELETE ends it, and only an ADD opens it again. Ascending; empty intervals left out.
 */
export function custodyFromEvents(batch: string, events: Iterable<IdentifiedEvent<ObjectEvent>>): Custody[] {
  const custody: Custody[] = [];
  let ended = false;
  for (const { id, event } of inEventOrder(events)) {
    const timeMs = eventTimeMs(event);
    if (event.action === 'DELETE') {
      closeOpenSpan(custody, timeMs);
      ended = true;
      continue;
    }
    if (ended && event.action !== 'ADD') continue;
    ended = false;
    const before = openSpan(custody);
    const asset = (event.bizLocation && assetFromUri(event.bizLocation.id)) ?? before?.asset;
    if (asset === undefined) continue;
    const org = possessingParty(event) ?? before?.org ?? orgOfAsset(asset);
    if (before?.asset === asset && before.org === org) continue;
    closeOpenSpan(custody, timeMs);
    const next = { batch, org, asset, fromMs: timeMs, toMs: null, eventId: id };
    openNextSpan(custody, next, (last) => last.asset === asset && last.org === org);
  }
  return custody;
}

/** What the events of one batch say about it; the first commissioning in event order decides. */
export function batchFromEvents(id: string, events: Iterable<IdentifiedEvent<ObjectEvent>>): BatchFacts | undefined {
  const parts = parseLgtin(id);
  if (!parts) return undefined;
  const commissioning = inEventOrder(events).find(({ event }) => isCommissioning(event))?.event;
  const quantity = commissioning?.quantityList.find((q) => q.epcClass === id);
  return {
    id,
    ...parts,
    produce: commissioning?.ilmd?.['coldtrail:produce'] ?? null,
    // UN/ECE Rec 20: KGM is the kilogram.
    quantityKg: quantity?.uom === 'KGM' ? (quantity.quantity ?? null) : null,
    commissionedMs: commissioning ? eventTimeMs(commissioning) : null,
  };
}

function isCommissioning(event: ObjectEvent): boolean {
  return event.action === 'ADD' && (event.bizStep === undefined || cbvWord(event.bizStep) === 'commissioning');
}

function possessingParty(event: ObjectEvent): string | undefined {
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
