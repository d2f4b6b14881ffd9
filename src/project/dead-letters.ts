import { type FrameBatch, frameAt } from '../contract/frame.ts';
import { framesTopic, parseTopic } from '../contract/topics.ts';
import type { JournalRecord, Refusal } from '../journal/record.ts';
import type { DeadLetter } from '../store/ledger/dead-letters.ts';
import type { Conflict } from './identity.ts';

type OffsetRecord = JournalRecord & { readonly offset: number };

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
export function conflictLetter(record: OffsetRecord, index: number, { frame, channel, kept }: Conflict): DeadLetter {
  const value = frame.values[frame.layout.channels.indexOf(channel)];
  return frameLetter(
    record,
    `conflict-${index}`,
    'identity-conflict',
    frame,
    `${channel}: ${value}, but ${kept} is kept`,
  );
}

/** A frame that the time-series server refused for good. */
export function storeRefusalLetter(
  record: OffsetRecord,
  index: number,
  batch: FrameBatch,
  frameIndex: number,
  message: string,
): DeadLetter {
  return frameLetter(record, `store-${index}`, 'store-refused', frameAt(batch, frameIndex), message);
}

/** An event whose id is kept with another content. */
export function eventConflictLetter(record: OffsetRecord, index: number, id: string): DeadLetter {
  return {
    id: `${record.offset}:event-${index}`,
    reason: 'identity-conflict',
    topic: '',
    payload: new Uint8Array(0),
    payloadBytes: 0,
    arrivedMs: record.arrivedMs,
    device: null,
    detail: `another event is kept as ${id}`,
  };
}

function frameLetter(
  record: OffsetRecord,
  suffix: string,
  reason: DeadLetter['reason'],
  frame: Conflict['frame'],
  detail: string,
): DeadLetter {
  const values = Object.fromEntries(frame.layout.channels.map((channel, c) => [channel, frame.values[c]]));
  const payload = Buffer.from(JSON.stringify({ device: frame.device, timeMs: frame.timeMs, seq: frame.seq, values }));
  return {
    id: `${record.offset}:${suffix}`,
    reason,
    topic: framesTopic(frame.device),
    payload,
    payloadBytes: payload.length,
    arrivedMs: record.arrivedMs,
    device: frame.device,
    detail,
  };
}
