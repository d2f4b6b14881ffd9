import type { AggregationEvent } from '../../contract/event.ts';
import { parseSscc } from '../../contract/identifiers.ts';
import { chunks } from './chunks.ts';
import { eventTimeMs, type IdentifiedEvent, inEventOrder } from './event-id.ts';
import type { LedgerDb } from './ledger.ts';
import { kilograms } from './quantity.ts';
import { closeOpenSpan, openSpan } from './span.ts';

/** An interval in which something was packed in a unit; half-open. */
export interface UnitContent {
  /** 18 digits of the SSCC. */
  readonly unit: string;
  /** LGTIN class URI, or the 18 digits of a smaller unit. */
  readonly child: string;
  readonly quantityKg: number | null;
  readonly fromMs: number;
  readonly toMs: number | null;
  /** The event that opened it. */
  readonly eventId: string;
}

/** The 18 digits by which the ledger knows the unit of an event. */
export function unitOf(event: AggregationEvent): string {
  return parseSscc(event.parentID)!.digits;
}

/**
 * What was in a unit and when: a fold over all its events, in any order. ADD puts in, and adds to what is there; OBSERVE
 * tells of what nobody told was put in; DELETE takes out, all of it where the event names nothing or no quantity.
 * Ascending by (child, from); empty intervals left out.
 */
export function contentFromEvents(unit: string, events: Iterable<IdentifiedEvent<AggregationEvent>>): UnitContent[] {
  const spansOf = new Map<string, UnitContent[]>();
  for (const { id, event } of inEventOrder(events)) {
    const timeMs = eventTimeMs(event);
    for (const [child, quantityKg] of childrenOf(event, spansOf)) {
      const spans = spansOf.get(child) ?? [];
      spansOf.set(child, spans);
      const there = openSpan(spans);
      if (event.action === 'OBSERVE' && there) continue;
      const leftKg = after(event.action, there?.quantityKg ?? null, quantityKg, there !== undefined);
      closeOpenSpan(spans, timeMs);
      if (leftKg === 'nothing') continue;
      spans.push({ unit, child, quantityKg: leftKg, fromMs: timeMs, toMs: null, eventId: id });
    }
  }
  return [...spansOf].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, spans]) => spans);
}

/** The children an event speaks of, with quantities in kg; a DELETE that names none speaks of all there are. */
function childrenOf(event: AggregationEvent, spansOf: ReadonlyMap<string, unknown>): Map<string, number | null> {
  const batches = event.childQuantityList ?? [];
  const units = event.childEPCs ?? [];
  if (batches.length + units.length === 0) return new Map([...spansOf.keys()].map((child) => [child, null]));
  return new Map([
    ...batches.map((q): [string, number | null] => [q.epcClass, kilograms(batches, q.epcClass)]),
    ...units.map((uri): [string, number | null] => [parseSscc(uri)!.digits, null]),
  ]);
}

/** How much is in the unit after an event; null: some, nobody says how much. */
function after(
  action: AggregationEvent['action'],
  thereKg: number | null,
  movedKg: number | null,
  isThere: boolean,
): number | null | 'nothing' {
  if (action !== 'DELETE') return isThere ? (thereKg === null || movedKg === null ? null : thereKg + movedKg) : movedKg;
  return thereKg !== null && movedKg !== null && movedKg < thereKg ? thereKg - movedKg : 'nothing';
}

/** Derives the units' content anew. */
export async function rederiveUnits(
  trx: LedgerDb,
  eventsOf: ReadonlyMap<string, readonly IdentifiedEvent<AggregationEvent>[]>,
): Promise<void> {
  const rows = [...eventsOf].flatMap(([unit, events]) =>
    contentFromEvents(unit, events).map((c) => ({
      unit: c.unit,
      child: c.child,
      quantity_kg: c.quantityKg,
      from_ms: c.fromMs,
      to_ms: c.toMs,
      event_id: c.eventId,
    })),
  );
  for (const some of chunks([...eventsOf.keys()])) {
    await trx.deleteFrom('unit_content').where('unit', 'in', some).execute();
  }
  for (const some of chunks(rows)) await trx.insertInto('unit_content').values(some).execute();
}

/** What is or was in the units, by unit, child and time. */
export async function contentOfUnits(db: LedgerDb, units: readonly string[]): Promise<UnitContent[]> {
  const found: UnitContent[] = [];
  for (const some of chunks(units)) {
    const rows = await db
      .selectFrom('unit_content')
      .selectAll()
      .where('unit', 'in', some)
      .orderBy('unit')
      .orderBy('child')
      .orderBy('from_ms')
      .execute();
    for (const r of rows) {
      const { unit, child, quantity_kg: quantityKg, from_ms: fromMs, to_ms: toMs, event_id: eventId } = r;
      found.push({ unit, child, quantityKg, fromMs, toMs, eventId });
    }
  }
  return found;
}
