import type { FrameBatchBuilder } from '../frame-batch-builder.ts';
import type { Reason } from '../reason.ts';
import { ARRAY, BYTES, CborLexer, FALSE, MAP, NEGATIVE, SIMPLE, TAG, TEXT, TRUE, UNSIGNED } from './cbor-lexer.ts';
import { BN, BU, fieldOfCborKey, fieldOfLabel, MUST_UNDERSTAND, N, U, V, VB, VD, VS } from './labels.ts';
import { USUAL } from './record.ts';
import type { DecodeContext, PackResolver } from './resolver.ts';
import { matchesAt } from './template.ts';

/** RFC 8949 §3.4.4: a decimal fraction is tag 4 around [exponent, mantissa]. */
const DECIMAL_FRACTION = 4;

/** The initial byte of a double (RFC 8949 appendix B). */
const FLOAT_64 = 0xfb;

/** A field outside RFC 8428, to be skipped. */
const UNKNOWN = -1;

/** Reads SenML packs in CBOR (RFC 8428 §6, RFC 8949) in one pass over the bytes, without an object per record. */
export class CborPackReader {
  readonly #lexer = new CborLexer();
  readonly #resolver: PackResolver;
  /** The unknown keys of the record being read; null while it has none. */
  #unknownKeys: Set<string> | null = null;
  #field = UNKNOWN;

  constructor(resolver: PackResolver) {
    this.#resolver = resolver;
  }

  /** Reads one pack, whose first byte is an array's; its frames go to `out`, all or none. */
  read(payload: Uint8Array, ctx: DecodeContext, out: FrameBatchBuilder): Reason | null {
    this.#lexer.scratch.load(payload);
    this.#resolver.begin(ctx);
    if (this.#pack(ctx.maxRecords) < 0) return this.#lexer.reason;
    return this.#resolver.finish(out);
  }

  #pack(maxRecords: number): number {
    const lexer = this.#lexer;
    let p = lexer.head(0);
    if (p < 0) return p;
    if (lexer.major !== ARRAY) return lexer.fail('not-a-pack');
    // RFC 8428 §6 asks for a definite array here; an indefinite one says the same, and streams use it.
    const indefinite = lexer.indefinite;
    const count = indefinite ? Number.POSITIVE_INFINITY : lexer.arg;
    if (!indefinite && count > maxRecords) return lexer.fail('too-many-records');
    for (let records = 0; records < count; records++) {
      if (indefinite && lexer.isBreak(p)) {
        p++;
        break;
      }
      if (records === maxRecords) return lexer.fail('too-many-records');
      p = this.#record(p);
      if (p < 0) return p;
      const reason = this.#resolver.endRecord();
      if (reason !== null) return lexer.fail(reason);
    }
    return p === lexer.scratch.end ? p : lexer.fail('cbor-syntax');
  }

  #record(p: number): number {
    const lexer = this.#lexer;
    const record = this.#resolver.record;
    record.beginRecord();
    this.#unknownKeys = null;
    p = lexer.head(p);
    if (p < 0) return p;
    if (lexer.major !== MAP) return this.#refuseRest(p, 1, 'not-a-pack');
    const indefinite = lexer.indefinite;
    const count = indefinite ? Number.POSITIVE_INFINITY : lexer.arg;
    for (let i = 0; i < count; i++) {
      if (indefinite && lexer.isBreak(p)) return p + 1;
      if (count - i === 3) {
        const end = this.#usualEnd(p);
        if (end >= 0) return end;
      }
      p = this.#key(p);
      if (p < 0) return p;
      const field = this.#field;
      if (field === UNKNOWN) p = lexer.skip(p, 2);
      else {
        if ((record.present & (1 << field)) !== 0) return lexer.fail('duplicate-key');
        record.present |= 1 << field;
        p = this.#value(p, field);
      }
      if (p < 0) return p;
    }
    return p;
  }

  /**
   * Takes name, unit and value at once where they are what this device is expected to send next; -1, with nothing
   * taken, where they are not.
   */
  #usualEnd(p: number): number {
    const lexer = this.#lexer;
    const { view, end, bytes } = lexer.scratch;
    const record = this.#resolver.record;
    if ((record.present & USUAL) !== 0) return -1;
    const names = this.#resolver.expectedNames;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      if (!matchesAt(view, p, end, name.cborTemplate)) continue;
      p += name.cborTemplate.length;
      if (bytes[p] === FLOAT_64 && p + 9 <= end) {
        record.setUsual(name, view.getFloat64(p + 1));
        return p + 9;
      }
      p = lexer.head(p);
      if (p >= 0) p = this.#number(p, V);
      if (p >= 0) record.setUsual(name, record.numbers[V]!);
      return p;
    }
    return -1;
  }

  #key(p: number): number {
    const lexer = this.#lexer;
    p = lexer.head(p);
    if (p < 0) return p;
    const major = lexer.major;
    if (major === UNSIGNED || major === NEGATIVE) {
      this.#field = fieldOfCborKey(major === NEGATIVE, lexer.arg);
      return this.#field === UNKNOWN ? lexer.fail('unknown-field') : p;
    }
    if (major !== TEXT) return this.#refuseRest(p, 2, 'unknown-field');
    p = lexer.textBody(p);
    if (p < 0) return p;
    const key = lexer.text(p);
    // RFC 8428 §6: the labels of table 4 are integers here; the same words as text would pass unread.
    if (fieldOfLabel(key) >= 0 || key.endsWith(MUST_UNDERSTAND)) return lexer.fail('unknown-field');
    this.#unknownKeys ??= new Set();
    if (this.#unknownKeys.has(key)) return lexer.fail('duplicate-key');
    this.#unknownKeys.add(key);
    this.#field = UNKNOWN;
    return p;
  }

  #value(p: number, field: number): number {
    const lexer = this.#lexer;
    p = lexer.head(p);
    if (p < 0) return p;
    switch (field) {
      case N:
      case U:
      case BN:
      case BU:
      case VS:
        return lexer.major === TEXT ? this.#text(p, field) : this.#refuseRest(p, 2, 'bad-field');
      case VD:
        return lexer.major === BYTES ? lexer.skipBody(p, 2) : this.#refuseRest(p, 2, 'bad-field');
      case VB:
        if (lexer.major !== SIMPLE || (lexer.info !== TRUE && lexer.info !== FALSE)) {
          return this.#refuseRest(p, 2, 'bad-field');
        }
        this.#resolver.record.vb = lexer.info === TRUE;
        return p;
      default:
        return this.#number(p, field);
    }
  }

  #text(p: number, field: number): number {
    const lexer = this.#lexer;
    const record = this.#resolver.record;
    if (field === BN && !lexer.indefinite && p + lexer.arg <= lexer.scratch.end) {
      if (record.takeOwnPrefix(lexer.scratch.bytes, p) === lexer.arg) return p + lexer.arg;
    }
    const end = lexer.textBody(p);
    if (end >= 0 && field !== VS) record.setText(field, lexer.text(end));
    return end;
  }

  #number(p: number, field: number): number {
    const lexer = this.#lexer;
    const numbers = this.#resolver.record.numbers;
    if (lexer.major === UNSIGNED) numbers[field] = lexer.arg;
    else if (lexer.major === NEGATIVE) numbers[field] = -1 - lexer.arg;
    else if (lexer.major === TAG && lexer.arg === DECIMAL_FRACTION) return this.#decimalFraction(p, field);
    else {
      const float = lexer.major === SIMPLE ? lexer.float(p) : undefined;
      if (float === undefined) return this.#refuseRest(p, 2, 'bad-field');
      numbers[field] = float;
    }
    return p;
  }

  /** From behind the tag. The double nearest to mantissa × 10^exponent, by way of its decimal text. */
  #decimalFraction(p: number, field: number): number {
    const lexer = this.#lexer;
    const from = p;
    p = lexer.head(p);
    if (p < 0 || lexer.major !== ARRAY || lexer.indefinite || lexer.arg !== 2) return this.#refuseItem(from, 3);
    const parts = [0, 0];
    for (let i = 0; i < 2; i++) {
      p = lexer.head(p);
      const major: number = lexer.major;
      if (p < 0 || major > NEGATIVE) return this.#refuseItem(from, 3);
      parts[i] = major === NEGATIVE ? -1 - lexer.arg : lexer.arg;
    }
    this.#resolver.record.numbers[field] = Number(`${parts[1]}e${parts[0]}`);
    return p;
  }

  #refuseItem(p: number, depth: number): number {
    const end = this.#lexer.skip(p, depth);
    return end < 0 ? end : this.#lexer.fail('bad-field');
  }

  /** An item, its head just read, that cannot stand here: what is wrong with it as CBOR comes first. */
  #refuseRest(p: number, depth: number, reason: Reason): number {
    const end = this.#lexer.skipBody(p, depth);
    return end < 0 ? end : this.#lexer.fail(reason);
  }
}
