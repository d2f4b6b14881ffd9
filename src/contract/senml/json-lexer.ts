import type { Reason } from '../reason.ts';
import { Scratch } from './scratch.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const BACKSLASH = 0x5c;
const LOWER_E = 0x65;
const LOWER_U = 0x75;

/** 10 to the powers that a double holds exactly. */
const POWER_OF_10 = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

/** Doubles below this hold every integer. */
const EXACT_BELOW = 2 ** 53;

const SIMPLE_ESCAPES = new Set(Buffer.from('"\\/bfnrt'));

/**
 * The tokens of RFC 8259 over bytes. Each method takes the position it starts at and returns the one behind its
 * token, or -1 with {@link reason} set.
 */
export class JsonLexer {
  readonly scratch = new Scratch();
  /** Why a method returned -1. */
  reason: Reason = 'json-syntax';
  /** The number read last: the double that JSON.parse gives. */
  number = Number.NaN;
  /** Whether the string read last is its own bytes, without escapes. */
  plain = true;
  /** Whether any string had a byte beyond ASCII: then the payload's UTF-8 has to be checked. */
  beyondAscii = false;

  load(payload: Uint8Array): void {
    this.scratch.load(payload);
    this.beyondAscii = false;
  }

  fail(reason: Reason): -1 {
    this.reason = reason;
    return -1;
  }

  whitespace(p: number): number {
    const bytes = this.scratch.bytes;
    let c = bytes[p]!;
    while (c === SPACE || c === LF || c === CR || c === TAB) c = bytes[++p]!;
    return p;
  }

  /** A string, from behind its opening quote; the text is all between but the closing quote. */
  string(p: number): number {
    const bytes = this.scratch.bytes;
    this.plain = true;
    for (;;) {
      const c = bytes[p++]!;
      if (c === QUOTE) return p;
      if (c === BACKSLASH) {
        this.plain = false;
        p = this.#escape(p);
        if (p < 0) return p;
      } else if (c < SPACE) return this.fail('json-syntax');
      else if (c > 0x7f) this.beyondAscii = true;
    }
  }

  /** The text of the string just read. @param from behind the opening quote @param to behind the closing one */
  text(from: number, to: number): string {
    const bytes = this.scratch.bytes;
    if (this.plain)
      return this.beyondAscii ? bytes.toString('utf8', from, to - 1) : bytes.toString('latin1', from, to - 1);
    // The token was checked, so this cannot throw; escapes are too rare for a decoder of our own.
    return JSON.parse(bytes.toString('utf8', from - 1, to)) as string;
  }

  /** A number; anything else fails as json-syntax. */
  digits(start: number): number {
    const end = this.shortDecimal(start);
    const c = this.scratch.bytes[end];
    return end < 0 || c === LOWER_E || c === UPPER_E ? this.#anyNumber(start) : end;
  }

  /**
   * A number of at most nine digits, or as much of one as comes before an exponent; -1, without a reason, for any
   * other: integer arithmetic alone, since nearly every measured value is so short.
   */
  shortDecimal(p: number): number {
    const bytes = this.scratch.bytes;
    let c = bytes[p]!;
    const negative = c === MINUS;
    if (negative) c = bytes[++p]!;
    const from = p;
    if (c === ZERO && bytes[p + 1]! >= ZERO && bytes[p + 1]! <= NINE) return -1;
    let mantissa = 0;
    while (c >= ZERO && c <= NINE) {
      mantissa = (mantissa * 10 + (c - ZERO)) | 0;
      c = bytes[++p]!;
    }
    let digits = p - from;
    if (digits === 0) return -1;
    let decimals = 0;
    if (c === DOT) {
      const point = p;
      c = bytes[++p]!;
      while (c >= ZERO && c <= NINE) {
        mantissa = (mantissa * 10 + (c - ZERO)) | 0;
        c = bytes[++p]!;
      }
      decimals = p - point - 1;
      if (decimals === 0) return -1;
      digits += decimals;
    }
    if (digits > 9) return -1;
    const size = decimals === 0 ? mantissa : mantissa / POWER_OF_10[decimals]!;
    this.number = negative ? -size : size;
    return p;
  }

  #anyNumber(start: number): number {
    const bytes = this.scratch.bytes;
    let p = start;
    let c = bytes[p]!;
    if (c === MINUS) c = bytes[++p]!;
    let mantissa = 0;
    if (c === ZERO) c = bytes[++p]!;
    else {
      if (c < ZERO || c > NINE) return this.fail('json-syntax');
      do {
        mantissa = mantissa * 10 + (c - ZERO);
        c = bytes[++p]!;
      } while (c >= ZERO && c <= NINE);
    }
    let power = 0;
    if (c === DOT) {
      const point = p;
      c = bytes[++p]!;
      if (c < ZERO || c > NINE) return this.fail('json-syntax');
      do {
        mantissa = mantissa * 10 + (c - ZERO);
        c = bytes[++p]!;
      } while (c >= ZERO && c <= NINE);
      power = point + 1 - p;
    }
    if (c === LOWER_E || c === UPPER_E) {
      const from = p + 1;
      p = this.#exponentEnd(from);
      if (p < 0) return p;
      power += Number(bytes.toString('latin1', from, p));
    }
    // Both operands are exact, so IEEE 754 rounds once and to the nearest, as a full parse does (Clinger 1990).
    if (mantissa < EXACT_BELOW && power <= 22 && power >= -22) {
      const size = power < 0 ? mantissa / POWER_OF_10[-power]! : mantissa * POWER_OF_10[power]!;
      this.number = bytes[start] === MINUS ? -size : size;
    } else this.number = Number(bytes.toString('latin1', start, p));
    return p;
  }

  /** `true`, `false` or `null`. */
  literal(p: number, word: string): number {
    for (let i = 0; i < word.length; i++) {
      if (this.scratch.bytes[p + i] !== word.charCodeAt(i)) return this.fail('json-syntax');
    }
    return p + word.length;
  }

  #exponentEnd(p: number): number {
    const bytes = this.scratch.bytes;
    let c = bytes[p]!;
    if (c === PLUS || c === MINUS) c = bytes[++p]!;
    if (c < ZERO || c > NINE) return this.fail('json-syntax');
    do c = bytes[++p]!;
    while (c >= ZERO && c <= NINE);
    return p;
  }

  /** From behind the backslash. */
  #escape(p: number): number {
    const bytes = this.scratch.bytes;
    const c = bytes[p]!;
    if (SIMPLE_ESCAPES.has(c)) return p + 1;
    if (c !== LOWER_U) return this.fail('json-syntax');
    for (let i = 1; i <= 4; i++) if (!isHex(bytes[p + i]!)) return this.fail('json-syntax');
    return p + 5;
  }
}

function isHex(c: number): boolean {
  return (c >= ZERO && c <= NINE) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
}
