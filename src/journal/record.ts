import { type FrameBatch, internLayout } from '../contract/frame.ts';
import type { Reason } from '../contract/reason.ts';
import { ColdtrailError } from '../lib/errors.ts';

/** Input that was refused: kept whole up to a bound, so that someone can find out why. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly reason: Reason;
  readonly topic: string;
  /** Who sent it: a user name, or null for an anonymous client. */
  readonly principal: string | null;
  /** First bytes of the payload, base64. */
  readonly payload: string;
  readonly payloadBytes: number;
  /** What in particular was wrong, where the reason code alone does not say. */
  readonly detail: string | null;
}

/** An accepted EPCIS event, as it came (already checked against its schema). */
export interface EventDocument {
  readonly kind: 'event';
  readonly org: string;
  readonly event: unknown;
}

export type JournalDocument = Refusal | EventDocument;

/** What one group commit holds: everything accepted since the last, in arrival order within frames and documents. */
export interface JournalRecord {
  /** Wall time of the commit. */
  readonly arrivedMs: number;
  /** The clock in force at the commit: wall or simulation. */
  readonly clockMs: number;
  readonly frames: FrameBatch;
  readonly documents: readonly JournalDocument[];
}

/**
 * Encoding, little-endian: header 8 × u32 (magic, version, frames, values, dictionary bytes, document bytes, 0, 0),
 * then f64 timeMs[], seq[], values[], then u32 deviceIx[], layoutIx[], then the dictionary and the documents as
 * UTF-8 JSON. Offsets of values follow from the layouts' widths.
 */
const MAGIC = 0x4c_52_54_43; // "CTRL"
const VERSION = 1;
const HEADER_BYTES = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Encodes a record's frames and documents; times of arrival and clock are columns of the journal table. */
export function encodeRecord(frames: FrameBatch, documents: readonly JournalDocument[]): Uint8Array<ArrayBuffer> {
  const n = frames.size;
  const dictionary = encoder.encode(
    JSON.stringify({ devices: frames.devices, layouts: frames.layouts.map((l) => l.channels) }),
  );
  const docs = documents.length === 0 ? new Uint8Array(0) : encoder.encode(JSON.stringify(documents));
  const values = frames.values.length;
  const bytes = new Uint8Array(HEADER_BYTES + 8 * (2 * n + values) + 8 * n + dictionary.length + docs.length);
  new Uint32Array(bytes.buffer, 0, 8).set([MAGIC, VERSION, n, values, dictionary.length, docs.length, 0, 0]);
  const f64 = new Float64Array(bytes.buffer, HEADER_BYTES, 2 * n + values);
  f64.set(frames.timeMs, 0);
  f64.set(frames.seq, n);
  f64.set(frames.values, 2 * n);
  const u32 = new Uint32Array(bytes.buffer, HEADER_BYTES + f64.byteLength, 2 * n);
  u32.set(frames.deviceIx, 0);
  u32.set(frames.layoutIx, n);
  const textAt = HEADER_BYTES + f64.byteLength + u32.byteLength;
  bytes.set(dictionary, textAt);
  bytes.set(docs, textAt + dictionary.length);
  return bytes;
}

/** Decodes what {@link encodeRecord} made. @throws ColdtrailError JOURNAL_CORRUPT on a wrong header */
export function decodeRecord(
  body: Uint8Array,
  offset: number,
): { frames: FrameBatch; documents: readonly JournalDocument[] } {
  const bytes = body.byteOffset % 8 === 0 ? body : new Uint8Array(body);
  const header = new Uint32Array(bytes.buffer, bytes.byteOffset, 8);
  const [magic, version, n, valueCount, dictionaryBytes, docsBytes] = header as unknown as number[];
  if (magic !== MAGIC || version !== VERSION) {
    throw new ColdtrailError('JOURNAL_CORRUPT', `journal record ${offset} has an unknown header`);
  }
  const f64At = bytes.byteOffset + HEADER_BYTES;
  const u32At = f64At + 8 * (2 * n! + valueCount!);
  const textAt = HEADER_BYTES + 8 * (2 * n! + valueCount!) + 8 * n!;
  const dictionary = JSON.parse(decoder.decode(bytes.subarray(textAt, textAt + dictionaryBytes!))) as {
    devices: string[];
    layouts: string[][];
  };
  const layouts = dictionary.layouts.map((channels) => internLayout(channels));
  const layoutIx = new Uint32Array(bytes.buffer, u32At + 4 * n!, n!);
  const valueAt = new Uint32Array(n!);
  let at = 0;
  for (let i = 0; i < n!; i++) {
    valueAt[i] = at;
    at += layouts[layoutIx[i]!]!.channels.length;
  }
  const docs = bytes.subarray(textAt + dictionaryBytes!, textAt + dictionaryBytes! + docsBytes!);
  return {
    frames: {
      devices: dictionary.devices,
      layouts,
      size: n!,
      deviceIx: new Uint32Array(bytes.buffer, u32At, n!),
      layoutIx,
      timeMs: new Float64Array(bytes.buffer, f64At, n!),
      seq: new Float64Array(bytes.buffer, f64At + 8 * n!, n!),
      valueAt,
      values: new Float64Array(bytes.buffer, f64At + 16 * n!, valueCount!),
    },
    documents: docs.length === 0 ? [] : (JSON.parse(decoder.decode(docs)) as JournalDocument[]),
  };
}
