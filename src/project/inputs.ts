import { epcisEvent } from '../contract/event.ts';
import type { DeadLetter } from '../store/ledger/dead-letters.ts';
import { eventId } from '../store/ledger/event-id.ts';
import type { JournaledEvent } from '../store/ledger/events.ts';
import { conflictLetter, type EventPlace, type OffsetRecord, refusalLetter } from './dead-letters.ts';
import type { Resolved } from './identity.ts';

/**
 * Events as the ledger wants them, in journal order. They fitted the schema of the version that journaled them; one that
 * this version does not take becomes a dead letter, since the journal cannot be got past it otherwise.
 */
export function eventsOf(records: readonly OffsetRecord[]) {
  const events = new Map<JournaledEvent, EventPlace>();
  const unfit: { place: EventPlace; detail: string }[] = [];
  for (const record of records) {
    for (const [index, document] of record.documents.entries()) {
      if (document.kind !== 'event') continue;
      const place = { record, index, document };
      const parsed = epcisEvent.safeParse(document.event);
      if (!parsed.success) {
        unfit.push({ place, detail: parsed.error.issues[0]!.message });
        continue;
      }
      const event = parsed.data;
      events.set({ id: eventId(event), event, journalOffset: record.offset }, place);
    }
  }
  return { events, unfit };
}

/** Dead letters of what ingest refused, and of frames that contradict kept ones. */
export function lettersOf(records: readonly OffsetRecord[], resolved: Resolved): DeadLetter[] {
  const letters: DeadLetter[] = [];
  for (const record of records) {
    record.documents.forEach((document, index) => {
      if (document.kind === 'refusal') letters.push(refusalLetter(record, index, document));
    });
  }
  for (const conflict of resolved.conflicts) letters.push(conflictLetter(records[conflict.at.batch]!, conflict));
  return letters;
}
