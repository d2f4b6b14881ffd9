import type { AssociationEvent, EpcisEvent, ObjectEvent } from '../../contract/event.ts';
import { deviceFromUri } from '../../contract/identifiers.ts';
import type { AssetKey, DeviceKey } from '../../contract/words.ts';
import { canonicalJson } from './canonical-json.ts';
import { chunks } from './chunks.ts';
import { eventTimeMs, type IdentifiedEvent } from './event-id.ts';
import type { LedgerDb } from './ledger.ts';
import { rederiveCustody, rederivePlacements } from './timelines.ts';

/** An event from the journal. */
export interface JournaledEvent extends IdentifiedEvent {
  readonly journalOffset: number;
}

/** From which instant on detection has to look again. */
export interface TimelineChanges {
  /** Assets of which the held batches changed. Sorted by key. */
  readonly changedAssets: readonly { readonly asset: AssetKey; readonly fromMs: number }[];
  /** Devices of which the placement changed. Sorted by key. */
  readonly changedDevices: readonly { readonly device: DeviceKey; readonly fromMs: number }[];
  /** Events refused since another content is already kept under their id: the first journaled stays. As given. */
  readonly conflicting: readonly JournaledEvent[];
}

/**
 * Takes events in: stores the new ones, then derives placements of the devices and custody of the batches they speak
 * of anew from *all* their events. So neither order of arrival nor repeats matter. Run it inside a transaction.
 */
export async function applyEvents(trx: LedgerDb, events: readonly JournaledEvent[]): Promise<TimelineChanges> {
  const { fresh, conflicting } = await sortOut(trx, events);
  const eventsOf = await storeEvents(trx, fresh);
  return {
    changedAssets: await rederiveCustody(trx, await loadSubjects<ObjectEvent>(trx, eventsOf.batches)),
    changedDevices: await rederivePlacements(trx, await loadSubjects<AssociationEvent>(trx, eventsOf.devices)),
    conflicting,
  };
}

interface FreshEvent extends JournaledEvent {
  readonly body: string;
}

/** Tells new events from repeats (same id, same content) and conflicts (same id, other content). */
async function sortOut(trx: LedgerDb, events: readonly JournaledEvent[]) {
  const bodies = new Map<string, string>();
  for (const ids of chunks(events.map((e) => e.id))) {
    const known = await trx.selectFrom('event').select(['id', 'body']).where('id', 'in', ids).execute();
    for (const row of known) bodies.set(row.id, row.body);
  }
  const fresh: FreshEvent[] = [];
  const conflicting: JournaledEvent[] = [];
  for (const event of events) {
    const body = canonicalJson(event.event);
    const kept = bodies.get(event.id);
    if (kept === undefined) {
      bodies.set(event.id, body);
      fresh.push({ ...event, body });
    } else if (kept !== body) {
      conflicting.push(event);
    }
  }
  return { fresh, conflicting };
}

async function storeEvents(trx: LedgerDb, fresh: readonly FreshEvent[]) {
  const batches = new Set<string>();
  const devices = new Set<string>();
  const links: { subject: string; event_id: string }[] = [];
  const rows = fresh.map(({ id, event, body, journalOffset }) => {
    const subjects = event.type === 'ObjectEvent' ? batches : devices;
    for (const subject of subjectsOf(event)) {
      subjects.add(subject);
      links.push({ subject, event_id: id });
    }
    return { id, time_ms: eventTimeMs(event), type: event.type, body, journal_offset: journalOffset };
  });
  for (const chunk of chunks(rows)) await trx.insertInto('event').values(chunk).execute();
  for (const chunk of chunks(links)) await trx.insertInto('event_subject').values(chunk).execute();
  return { batches, devices };
}

/** The batches (LGTIN URIs) or devices (keys) an event speaks of, each once. */
function subjectsOf(event: EpcisEvent): Set<string> {
  if (event.type === 'ObjectEvent') return new Set(event.quantityList.map((q) => q.epcClass));
  return new Set(event.childEPCs.map((uri) => deviceFromUri(uri)!));
}

/** Every stored event of the subjects. */
async function loadSubjects<E extends EpcisEvent>(trx: LedgerDb, subjects: ReadonlySet<string>) {
  const eventsOf = new Map<string, IdentifiedEvent<E>[]>();
  const parsed = new Map<string, E>();
  for (const some of chunks([...subjects].sort())) {
    const rows = await trx
      .selectFrom('event_subject as s')
      .innerJoin('event as e', 'e.id', 's.event_id')
      .select(['s.subject', 'e.id', 'e.body'])
      .where('s.subject', 'in', some)
      .execute();
    for (const { subject, id, body } of rows) {
      const event = parsed.get(id) ?? (JSON.parse(body) as E);
      parsed.set(id, event);
      const list = eventsOf.get(subject);
      if (list) list.push({ id, event });
      else eventsOf.set(subject, [{ id, event }]);
    }
  }
  return eventsOf;
}
