import type { AggregationEvent, AssociationEvent, EpcisEvent, TransformationEvent } from '../../contract/event.ts';
import { deviceFromUri } from '../../contract/identifiers.ts';
import type { DeviceKey } from '../../contract/words.ts';
import { canonicalJson } from './canonical-json.ts';
import { chunks } from './chunks.ts';
import type { BatchEvent } from './custody.ts';
import { eventTimeMs, type IdentifiedEvent } from './event-id.ts';
import { storeGenealogy } from './genealogy.ts';
import type { LedgerDb } from './ledger.ts';
import { deriveLives } from './lives.ts';
import { type AssetChange, rederivePlacements, writeLives } from './timelines.ts';
import { rederiveUnits, unitOf } from './unit-content.ts';

/** An event from the journal. */
export interface JournaledEvent extends IdentifiedEvent {
  readonly journalOffset: number;
}

/** From which instant on detection has to look again. */
export interface TimelineChanges {
  /** Assets of which the held batches changed. Sorted by key. */
  readonly changedAssets: readonly AssetChange[];
  /** Assets of which the holders of batches changed. Sorted by key. */
  readonly changedHolders: readonly AssetChange[];
  /** Devices of which the placement changed. Sorted by key. */
  readonly changedDevices: readonly { readonly device: DeviceKey; readonly fromMs: number }[];
  /** Assets that a changed placement concerns, before or after. Sorted by key. */
  readonly changedPlacements: readonly AssetChange[];
  /** Batches of which custody, facts, parents or children changed. Sorted. */
  readonly changedBatches: readonly string[];
  /** Events refused since another content is already kept under their id: the first journaled stays. As given. */
  readonly conflicting: readonly JournaledEvent[];
}

/** No event came. */
export const NO_CHANGES: TimelineChanges = {
  changedAssets: [],
  changedHolders: [],
  changedDevices: [],
  changedPlacements: [],
  changedBatches: [],
  conflicting: [],
};

/**
 * Takes events in: stores the new ones, then derives placements of the devices, content of the units and custody of the
 * batches they speak of anew from *all* their events. So neither order of arrival nor repeats matter. A batch that no
 * event told of before is taken: its own may be late, or never come. Run it inside a transaction.
 */
export async function applyEvents(trx: LedgerDb, events: readonly JournaledEvent[]): Promise<TimelineChanges> {
  if (events.length === 0) return NO_CHANGES;
  const { fresh, conflicting } = await sortOut(trx, events);
  const subjects = await storeEvents(trx, fresh);
  const lives = await deriveLives(trx, subjects.batches, (batches) => loadSubjects<BatchEvent>(trx, batches));
  await rederiveUnits(trx, await loadSubjects<AggregationEvent>(trx, subjects.units));
  const { held, holders, batches } = await writeLives(trx, lives);
  const placed = await rederivePlacements(trx, await loadSubjects<AssociationEvent>(trx, subjects.devices));
  return {
    changedAssets: held,
    changedHolders: holders,
    changedDevices: placed.devices,
    changedPlacements: placed.assets,
    changedBatches: [...new Set([...batches, ...kinIn(fresh)])].sort(),
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
  const touched: Record<SubjectKind, Set<string>> = { batches: new Set(), units: new Set(), devices: new Set() };
  const links: { subject: string; event_id: string }[] = [];
  const rows = fresh.map(({ id, event, body, journalOffset }) => {
    const { kind, subjects } = subjectsOf(event);
    for (const subject of new Set(subjects)) {
      touched[kind].add(subject);
      links.push({ subject, event_id: id });
    }
    return { id, time_ms: eventTimeMs(event), type: event.type, body, journal_offset: journalOffset };
  });
  for (const chunk of chunks(rows)) await trx.insertInto('event').values(chunk).execute();
  for (const chunk of chunks(links)) await trx.insertInto('event_subject').values(chunk).execute();
  await storeGenealogy(trx, fresh.filter(isTransformation));
  return touched;
}

function kinIn(fresh: readonly FreshEvent[]): string[] {
  return fresh.filter(isTransformation).flatMap(({ event }) => subjectsOf(event).subjects);
}

function isTransformation(e: FreshEvent): e is FreshEvent & IdentifiedEvent<TransformationEvent> {
  return e.event.type === 'TransformationEvent';
}

type SubjectKind = 'batches' | 'units' | 'devices';

/** The batches (LGTIN URIs), units (SSCC digits) or devices (keys) whose timelines an event is part of. */
function subjectsOf(event: EpcisEvent): { readonly kind: SubjectKind; readonly subjects: readonly string[] } {
  switch (event.type) {
    case 'ObjectEvent':
      return { kind: 'batches', subjects: event.quantityList.map((q) => q.epcClass) };
    case 'TransformationEvent': {
      const quantities = [...event.inputQuantityList, ...event.outputQuantityList];
      return { kind: 'batches', subjects: quantities.map((q) => q.epcClass) };
    }
    case 'AggregationEvent':
      return { kind: 'units', subjects: [unitOf(event)] };
    case 'AssociationEvent':
      return { kind: 'devices', subjects: event.childEPCs.map((uri) => deviceFromUri(uri)!) };
  }
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
