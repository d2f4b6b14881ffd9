import type { Frame } from '../contract/frame.ts';
import { eventsTopic, framesTopic, parseTopic } from '../contract/topics.ts';
import type { EventDocument, JournalRecord, Refusal } from '../journal/record.ts';
import type { DeadLetter } from '../store/ledger/dead-letters.ts';
import type { Conflict } from './identity.ts';

/*
 * A letter's id says where in the journal its input stands, never which cycle took it in: a rebuild, whose cycles are
 * larger, makes the same letters with the same ids.
 */

/** A journal record with its place. */
export type OffsetRecord = JournalRecord & { readonly offset: number };

/** A publish that ingest refused. */
export function refusalLetter(record: OffsetRecord, index: number, refusal: Refusal): DeadLetter {
  const topic = parseTopic(refusal.topic);
  return {
    id: `${record.offset}:${index}`,
    reason: refusal.reason,
    topic: refusal.topic,
    payload: Buffer.from(refusal.payload, 'base64'),
    payloadBytes: refusal.payloadBytes,
    arrivedMs: record.arrivedMs,
    device: topic && 'device' in topic ? topic.device : null,
    detail: refusal.principal === null ? refusal.detail : `${refusal.detail ?? ''} from ${refusal.principal}`.trim(),
  };
}

/** A frame that contradicts one journaled before it. */
export function conflictLetter(record: OffsetRecord, { frame, channel, kept, at }: Conflict): DeadLetter {
  const value = frame.values[frame.layout.channels.indexOf(channel)];
  return frameLetter(
    `${record.offset}:frame-${at.index}`,
    record,
    'identity-conflict',
    frame,
    `${channel}: ${value}, but ${kept} is kept`,
  );
}

/**
 * A frame that the time-series server refused for good. What was refused may be merged from several records, so its
 * identity names it. @param record the newest of the cycle
 */
export function storeRefusalLetter(record: OffsetRecord, frame: Frame, message: string): DeadLetter {
  return frameLetter(`store:${frame.device}:${frame.timeMs}`, record, 'store-refused', frame, message);
}

/** Where an event stands in the journal. */
export interface EventPlace {
  readonly record: OffsetRecord;
  readonly index: number;
  readonly document: EventDocument;
}

/** An event that was journaled and cannot be taken in. */
export function eventLetter(
  { record, index, document }: EventPlace,
  reason: DeadLetter['reason'],
  detail: string,
): DeadLetter {
  const payload = Buffer.from(JSON.stringify(document.event));
  return {
    id: `${record.offset}:${index}`,
    reason,
    topic: eventsTopic(document.org),
    payload,
    payloadBytes: payload.length,
    arrivedMs: record.arrivedMs,
    device: null,
    detail,
  };
}

function frameLetter(
  id: string,
  record: OffsetRecord,
  reason: DeadLetter['reason'],
  frame: Frame,
  detail: string,
): DeadLetter {
  const values = Object.fromEntries(frame.layout.channels.map((channel, c) => [channel, frame.values[c]]));
  const payload = Buffer.from(JSON.stringify({ device: frame.device, timeMs: frame.timeMs, seq: frame.seq, values }));
  return {
    id,
    reason,
    topic: framesTopic(frame.device),
    payload,
    payloadBytes: payload.length,
    arrivedMs: record.arrivedMs,
    device: frame.device,
    detail,
  };
}
