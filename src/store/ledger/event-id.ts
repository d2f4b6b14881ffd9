import { createHash } from 'node:crypto';
import type { EpcisEvent } from '../../contract/event.ts';
import { canonicalJson } from './canonical-json.ts';

/** An event's identity: its own eventID, else the hash of its content, so that a repeat is known in any case. */
export function eventId(event: EpcisEvent): string {
  return event.eventID ?? `sha256:${createHash('sha256').update(canonicalJson(event)).digest('hex')}`;
}

/** An event with its identity. */
export interface IdentifiedEvent<E extends EpcisEvent = EpcisEvent> {
  readonly id: string;
  readonly event: E;
}

/** When the event happened, epoch ms; finer digits are cut. */
export function eventTimeMs(event: EpcisEvent): number {
  return Date.parse(event.eventTime);
}

/** Ascending by (time, rank, id): the one order in which events are folded, whatever order they came in. */
export function inEventOrder<E extends EpcisEvent>(events: Iterable<IdentifiedEvent<E>>): IdentifiedEvent<E>[] {
  const keyed = Array.from(events, (e) => ({ e, timeMs: eventTimeMs(e.event), rank: rankOf(e.event) }));
  keyed.sort((a, b) => a.timeMs - b.timeMs || a.rank - b.rank || (a.e.id < b.e.id ? -1 : a.e.id > b.e.id ? 1 : 0));
  return keyed.map((k) => k.e);
}

/** At one instant a batch comes into being, goes into others or comes out of them, is moved, and ends. */
function rankOf(event: EpcisEvent): number {
  if (event.type === 'TransformationEvent') return 1;
  if (event.type === 'ObjectEvent' && event.action !== 'OBSERVE') return event.action === 'ADD' ? 0 : 3;
  return 2;
}
