import { isUtf8 } from 'node:buffer';
import type { Reason } from '../reason.ts';
import { DEPTH_MAX } from './labels.ts';
import { Scratch } from './scratch.ts';

/** Major types (RFC 8949 §3.1). */
export const UNSIGNED = 0;
export const NEGATIVE = 1;
export const BYTES = 2;
export const TEXT = 3;
export const ARRAY = 4;
export const MAP = 5;
export const TAG = 6;
export const SIMPLE = 7;

export const FALSE = 20;
export const TRUE = 21;
/** Additional information of half, single and double floats (RFC 8949 §3.3). */
const HALF = 25;
const SINGLE = 26;
const DOUBLE = 27;
const INDEFINITE = 31;
const BREAK = 0xff;

/**
 * The items of RFC 8949 over bytes. Each method takes the position it starts at and returns the one behind what it
 * read, or -1 with {@link reason} set.
 */
export class CborLexer {
  readonly scratch = new Scratch();
  /** Why a method returned -1. */
  reason: Reason = 'cbor-syntax';
  /** Of the head read last: major type, additional information, and argument (rounded beyond 2^53). */
  major = 0;
  info = 0;
  arg = 0;
  /** The text read last, where it was in chunks; null where it is bytes `textFrom …` up to the end of the item. */
  chunked: string | null = null;
  textFrom = 0;

  fail(reason: Reason): -1 {
    this.reason = reason;
    return -1;
  }

  /** The head of an item: initial byte and argument. */
  head(p: number): number {
    const { bytes, view, end } = this.scratch;
    const first = bytes[p++]!;
    this.major = first >> 5;
    const info = first & 31;
    this.info = info;
    if (info < 24) this.arg = info;
    else if (info === 24) this.arg = bytes[p++]!;
    else if (info === 25) {
      this.arg = view.getUint16(p);
      p += 2;
    } else if (info === 26) {
      this.arg = view.getUint32(p);
      p += 4;
    } else if (info === 27) {
      this.arg = view.getUint32(p) * 2 ** 32 + view.getUint32(p + 4);
      p += 8;
    } else if (info !== INDEFINITE || this.major < BYTES || this.major === TAG) return this.fail('cbor-syntax');
    return p <= end ? p : this.fail('cbor-syntax');
  }

  /** Whether the container or string whose head was just read goes on until a break. */
  get indefinite(): boolean {
    return this.info === INDEFINITE && this.major !== SIMPLE;
  }

  isBreak(p: number): boolean {
    return p < this.scratch.end && this.scratch.bytes[p] === BREAK;
  }

  /** The rest of a text whose head was just read. */
  textBody(p: number): number {
    if (this.indefinite) return this.#chunks(p, TEXT);
    this.chunked = null;
    this.textFrom = p;
    return this.#stringEnd(p, TEXT);
  }

  /** The text read last. @param to the position behind it */
  text(to: number): string {
    return this.chunked ?? this.scratch.bytes.toString('utf8', this.textFrom, to);
  }

  /** The float whose head was just read; undefined where it is another simple value. */
  float(p: number): number | undefined {
    const view = this.scratch.view;
    if (this.info === HALF) return halfToNumber(view.getUint16(p - 2));
    if (this.info === SINGLE) return view.getFloat32(p - 4);
    return this.info === DOUBLE ? view.getFloat64(p - 8) : undefined;
  }

  /** Reads past one item of any type. @param depth arrays, maps and tags around it */
  skip(p: number, depth: number): number {
    p = this.head(p);
    return p < 0 ? p : this.skipBody(p, depth);
  }

  /** Reads past the rest of an item whose head was just read. */
  skipBody(p: number, depth: number): number {
    const { major, info, arg } = this;
    switch (major) {
      case UNSIGNED:
      case NEGATIVE:
        return p;
      case BYTES:
        return this.indefinite ? this.#chunks(p, BYTES) : this.#stringEnd(p, BYTES);
      case TEXT:
        return this.textBody(p);
      case SIMPLE:
        // RFC 8949 §3.3: a break stands only where a container asks for it; simple(0…31) must not take two bytes.
        return info === INDEFINITE || (info === 24 && arg < 32) ? this.fail('cbor-syntax') : p;
    }
    if (depth >= DEPTH_MAX) return this.fail('too-deep');
    if (major === TAG) return this.skip(p, depth + 1);
    return this.#skipItems(p, this.indefinite ? Number.POSITIVE_INFINITY : arg, depth + 1, major === MAP);
  }

  #skipItems(p: number, count: number, depth: number, isMap: boolean): number {
    const keys = isMap ? new Set<string>() : null;
    for (let i = 0; i < count; i++) {
      if (count === Number.POSITIVE_INFINITY && this.isBreak(p)) return p + 1;
      if (keys) {
        const from = p;
        p = this.skip(p, depth);
        if (p < 0) return p;
        // Keys count as equal when their bytes are (RFC 8949 §5.6); in what is skipped nothing finer is needed.
        const key = this.scratch.bytes.toString('latin1', from, p);
        if (keys.has(key)) return this.fail('duplicate-key');
        keys.add(key);
      }
      p = this.skip(p, depth);
      if (p < 0) return p;
    }
    return p;
  }

  /** The chunks of an indefinite string (RFC 8949 §3.2.3): definite ones of the same type, each text valid by itself. */
  #chunks(p: number, major: number): number {
    const parts: string[] = [];
    while (!this.isBreak(p)) {
      p = this.head(p);
      if (p < 0) return p;
      if (this.major !== major || this.info === INDEFINITE) return this.fail('cbor-syntax');
      const from = p;
      p = this.#stringEnd(p, major);
      if (p < 0) return p;
      if (major === TEXT) parts.push(this.scratch.bytes.toString('utf8', from, p));
    }
    this.chunked = parts.join('');
    return p + 1;
  }

  #stringEnd(p: number, major: number): number {
    const { bytes, end } = this.scratch;
    const to = p + this.arg;
    if (to > end) return this.fail('cbor-syntax');
    if (major === TEXT) {
      let i = p;
      while (i < to && bytes[i]! < 0x80) i++;
      // RFC 8949 §3.1: text that is not UTF-8 is well-formed but invalid.
      if (i < to && !isUtf8(bytes.subarray(p, to))) return this.fail('cbor-syntax');
    }
    return to;
  }
}

/** IEEE 754 binary16, as in RFC 8949 appendix D. */
function halfToNumber(half: number): number {
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  let size: number;
  if (exponent === 0) size = mantissa * 2 ** -24;
  else if (exponent === 31) size = mantissa === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  else size = (mantissa + 1024) * 2 ** (exponent - 25);
  return half & 0x8000 ? -size : size;
}
