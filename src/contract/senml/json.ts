import { isUtf8 } from 'node:buffer';
import type { FrameBatchBuilder } from '../frame-batch-builder.ts';
import type { Reason } from '../reason.ts';
import { JsonLexer } from './json-lexer.ts';
import { skipJsonValue } from './json-skip.ts';
import { BN, BS, BT, BV, BVER, fieldOfLabel, MUST_UNDERSTAND, N, S, T, U, UT, V, VB, VD, VS } from './labels.ts';
import { USUAL } from './record.ts';
import type { DecodeContext, PackResolver } from './resolver.ts';
import { matchesAt } from './template.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** No field of RFC 8428. */
const UNKNOWN = -1;

/**
 * Reads SenML packs in JSON (RFC 8428 §5) in one pass over the bytes, without an object per record: no JSON.parse,
 * since that neither sees duplicate keys nor is fast enough.
 */
export class JsonPackReader {
  readonly #lexer = new JsonLexer();
  readonly #resolver: PackResolver;
  /** The unknown keys of the record being read; null while it has none. */
  #unknownKeys: Set<string> | null = null;
  #field = UNKNOWN;

  constructor(resolver: PackResolver) {
    this.#resolver = resolver;
  }

  /** Reads one pack; its frames go to `out`, all or none. */
  read(payload: Uint8Array, ctx: DecodeContext, out: FrameBatchBuilder): Reason | null {
    const lexer = this.#lexer;
    lexer.load(payload);
    this.#resolver.begin(ctx);
    const reason = this.#pack(ctx.maxRecords) < 0 ? lexer.reason : null;
    // Bytes beyond ASCII are legal in strings only, so a pack that was read whole without one needs no check.
    if ((reason !== null || lexer.beyondAscii) && !isUtf8(payload)) return 'not-utf8';
    return reason ?? this.#resolver.finish(out);
  }

  #pack(maxRecords: number): number {
    const lexer = this.#lexer;
    const bytes = lexer.scratch.bytes;
    let p = lexer.whitespace(0);
    if (bytes[p] !== OPEN_ARRAY) return this.#refuseValue(p, 0, 'not-a-pack');
    p = lexer.whitespace(p + 1);
    if (bytes[p] === CLOSE_ARRAY) return this.#end(p + 1);
    for (let records = 1; ; records++) {
      if (records > maxRecords) return lexer.fail('too-many-records');
      if (bytes[p] !== OPEN_OBJECT) return this.#refuseValue(p, 1, 'not-a-pack');
      p = this.#record(p + 1);
      if (p < 0) return p;
      const reason = this.#resolver.endRecord();
      if (reason !== null) return lexer.fail(reason);
      p = lexer.whitespace(p);
      if (bytes[p] === CLOSE_ARRAY) return this.#end(p + 1);
      if (bytes[p] !== COMMA) return lexer.fail('json-syntax');
      p = lexer.whitespace(p + 1);
    }
  }

  #end(p: number): number {
    p = this.#lexer.whitespace(p);
    return p === this.#lexer.scratch.end ? p : this.#lexer.fail('json-syntax');
  }

  /** From behind the opening brace. */
  #record(p: number): number {
    const lexer = this.#lexer;
    const bytes = lexer.scratch.bytes;
    const record = this.#resolver.record;
    record.beginRecord();
    this.#unknownKeys = null;
    p = lexer.whitespace(p);
    if (bytes[p] === CLOSE_OBJECT) return p + 1;
    for (;;) {
      const end = this.#usualEnd(p);
      if (end >= 0) return end;
      if (bytes[p] !== QUOTE) return lexer.fail('json-syntax');
      p = this.#key(p + 1);
      if (p < 0) return p;
      const field = this.#field;
      p = lexer.whitespace(p);
      if (bytes[p] !== COLON) return lexer.fail('json-syntax');
      p = lexer.whitespace(p + 1);
      if (field === UNKNOWN) p = skipJsonValue(lexer, p, 2);
      else {
        if ((record.present & (1 << field)) !== 0) return lexer.fail('duplicate-key');
        record.present |= 1 << field;
        p = this.#value(p, field);
      }
      if (p < 0) return p;
      p = lexer.whitespace(p);
      if (bytes[p] === CLOSE_OBJECT) return p + 1;
      if (bytes[p] !== COMMA) return lexer.fail('json-syntax');
      p = lexer.whitespace(p + 1);
    }
  }

  /**
   * Takes name, unit and value at once where they are what this device is expected to send next and end the record;
   * -1, with nothing taken, where they are not.
   */
  #usualEnd(p: number): number {
    const lexer = this.#lexer;
    const record = this.#resolver.record;
    const { view, end, bytes } = lexer.scratch;
    if ((record.present & USUAL) !== 0) return -1;
    const names = this.#resolver.expectedNames;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      if (!matchesAt(view, p, end, name.jsonTemplate)) continue;
      const valueEnd = lexer.shortDecimal(p + name.jsonTemplate.length);
      if (valueEnd < 0 || bytes[valueEnd] !== CLOSE_OBJECT) return -1;
      record.setUsual(name, lexer.number);
      return valueEnd + 1;
    }
    return -1;
  }

  /** A member's name, from behind its opening quote; sets the field it names. */
  #key(p: number): number {
    const bytes = this.#lexer.scratch.bytes;
    const length = bytes[p + 1] === QUOTE ? 1 : 2;
    this.#field = shortLabel(bytes[p]!, length === 1 ? QUOTE : bytes[p + 1]!);
    if (this.#field !== UNKNOWN && bytes[p + length] === QUOTE) return p + length + 1;
    const end = this.#lexer.string(p);
    if (end < 0) return end;
    const key = this.#lexer.text(p, end);
    this.#field = fieldOfLabel(key);
    if (this.#field !== UNKNOWN) return end;
    if (key.endsWith(MUST_UNDERSTAND)) return this.#lexer.fail('unknown-field');
    this.#unknownKeys ??= new Set();
    if (this.#unknownKeys.has(key)) return this.#lexer.fail('duplicate-key');
    this.#unknownKeys.add(key);
    return end;
  }

  #value(p: number, field: number): number {
    switch (field) {
      case V:
      case T:
      case BT:
      case BV:
      case BVER:
      case BS:
      case S:
      case UT:
        return this.#number(p, field);
      case VB:
        return this.#boolean(p);
      default:
        return this.#text(p, field);
    }
  }

  #number(p: number, field: number): number {
    const lexer = this.#lexer;
    const c = lexer.scratch.bytes[p]!;
    const isNumber = c === 0x2d || (c >= 0x30 && c <= 0x39);
    const end = isNumber ? lexer.digits(p) : -1;
    if (end < 0) return this.#refuseNumber(p, field, isNumber);
    this.#resolver.record.numbers[field] = lexer.number;
    return end;
  }

  #refuseNumber(p: number, field: number, isNumber: boolean): number {
    const lexer = this.#lexer;
    // What other languages' encoders write for values that JSON has no word for.
    for (const word of ['NaN', 'Infinity', '-Infinity']) {
      if (field === V && lexer.literal(p, word) >= 0) return lexer.fail('not-a-number');
    }
    return isNumber ? lexer.fail('json-syntax') : this.#refuseValue(p, 2, 'bad-field');
  }

  #boolean(p: number): number {
    const c = this.#lexer.scratch.bytes[p];
    const value = c === 0x74;
    if (!value && c !== 0x66) return this.#refuseValue(p, 2, 'bad-field');
    this.#resolver.record.vb = value;
    return this.#lexer.literal(p, value ? 'true' : 'false');
  }

  #text(p: number, field: number): number {
    const lexer = this.#lexer;
    const bytes = lexer.scratch.bytes;
    if (bytes[p] !== QUOTE) return this.#refuseValue(p, 2, 'bad-field');
    const record = this.#resolver.record;
    const from = p + 1;
    if (field === BN) {
      const length = record.takeOwnPrefix(bytes, from);
      if (length >= 0 && bytes[from + length] === QUOTE) return from + length + 1;
    }
    const end = lexer.string(from);
    if (end >= 0 && field !== VS && field !== VD) record.setText(field, lexer.text(from, end));
    return end;
  }

  /** A value that cannot stand here: what is wrong with it as JSON comes first, so that nesting shows as nesting. */
  #refuseValue(p: number, depth: number, reason: Reason): number {
    const lexer = this.#lexer;
    const end = skipJsonValue(lexer, p, depth);
    if (end < 0) return end;
    return depth === 0 && this.#end(end) < 0 ? -1 : lexer.fail(reason);
  }
}

/** The field of a label that every pack has, by its first two bytes, the closing quote being one; the rest go by text. */
function shortLabel(first: number, second: number): number {
  switch ((first << 8) | second) {
    case 0x6e22:
      return N;
    case 0x7522:
      return U;
    case 0x7622:
      return V;
    case 0x7422:
      return T;
    case 0x626e:
      return BN;
    case 0x6274:
      return BT;
    default:
      return UNKNOWN;
  }
}
