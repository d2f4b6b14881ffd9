import type { FrameBatchBuilder } from '../frame-batch-builder.ts';
import type { Reason } from '../reason.ts';
import { CborPackReader } from './cbor.ts';
import { JsonPackReader } from './json.ts';
import { type DecodeContext, PackResolver } from './resolver.ts';

export type { DecodeContext } from './resolver.ts';

// Scratch memory and guesses outlive a pack, so one reader of each kind serves the whole thread.
const resolver = new PackResolver();
const jsonReader = new JsonPackReader(resolver);
const cborReader = new CborPackReader(resolver);

/**
 * Decodes one SenML pack (RFC 8428), JSON or CBOR by its first byte, and appends its frames to `out`: one for each
 * instant, in order of first appearance, values rounded to their channel's resolution.
 * A pack is taken whole or not at all: a refusal leaves `out` as it was. Never throws, whatever the bytes.
 * @returns null, or why the pack is refused
 */
export function decodePack(payload: Uint8Array, ctx: DecodeContext, out: FrameBatchBuilder): Reason | null {
  if (payload.length === 0) return 'payload-empty';
  if (payload.length > ctx.maxPayloadBytes) return 'payload-too-large';
  return isCborArray(payload[0]!) ? cborReader.read(payload, ctx, out) : jsonReader.read(payload, ctx, out);
}

/** RFC 8949 §3.1: major type 4, definite or indefinite. No JSON text starts with such a byte. */
function isCborArray(first: number): boolean {
  return (first >= 0x80 && first <= 0x9b) || first === 0x9f;
}
