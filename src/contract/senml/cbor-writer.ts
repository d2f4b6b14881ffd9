const UNSIGNED = 0x00;
const NEGATIVE = 0x20;
const TEXT = 0x60;
const HALF = 0xf9;
const SINGLE = 0xfa;
const DOUBLE = 0xfb;

const TWO_TO_32 = 2 ** 32;

/** The most bytes a head or a number takes. */
const ITEM_MAX = 9;

/** Writes CBOR items (RFC 8949) into a buffer that grows and is used again. */
export class CborWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  reset(): void {
    this.#at = 0;
  }

  /** A copy of what was written since the last reset. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  /** An initial byte's major type with its argument, in the shortest form. @param major already in the top bits */
  head(major: number, arg: number): void {
    this.#reserve(ITEM_MAX);
    if (arg < 24) this.#bytes[this.#at++] = major | arg;
    else if (arg < 0x100) {
      this.#bytes[this.#at++] = major | 24;
      this.#bytes[this.#at++] = arg;
    } else if (arg < 0x10000) {
      this.#bytes[this.#at++] = major | 25;
      this.#view.setUint16(this.#at, arg);
      this.#at += 2;
    } else if (arg < TWO_TO_32) {
      this.#bytes[this.#at++] = major | 26;
      this.#view.setUint32(this.#at, arg);
      this.#at += 4;
    } else {
      this.#bytes[this.#at++] = major | 27;
      this.#view.setUint32(this.#at, Math.floor(arg / TWO_TO_32));
      this.#view.setUint32(this.#at + 4, arg % TWO_TO_32);
      this.#at += 8;
    }
  }

  /** ASCII text. */
  text(ascii: string): void {
    this.head(TEXT, ascii.length);
    this.#reserve(ascii.length);
    for (let i = 0; i < ascii.length; i++) this.#bytes[this.#at++] = ascii.charCodeAt(i);
  }

  /** Bytes that are CBOR already. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A number in the shortest form that keeps it exactly: integer, half, single or double. */
  number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value >= 0) this.head(UNSIGNED, value);
      else this.head(NEGATIVE, -1 - value);
      return;
    }
    this.#reserve(ITEM_MAX);
    const view = this.#view;
    if (Math.fround(value) !== value) {
      this.#bytes[this.#at] = DOUBLE;
      view.setFloat64(this.#at + 1, value);
      this.#at += 9;
      return;
    }
    this.#bytes[this.#at] = SINGLE;
    view.setFloat32(this.#at + 1, value);
    const half = halfOfSingle(view.getUint32(this.#at + 1));
    if (half < 0) {
      this.#at += 5;
      return;
    }
    this.#bytes[this.#at] = HALF;
    view.setUint16(this.#at + 1, half);
    this.#at += 3;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const bigger = new Uint8Array(2 * (this.#at + count));
    bigger.set(this.#bytes);
    this.#bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }
}

/** The binary16 that equals a finite, normal binary32, or -1 where there is none; subnormal halves are left as singles. */
function halfOfSingle(single: number): number {
  const exponent = ((single >>> 23) & 0xff) - 127 + 15;
  if ((single & 0x1fff) !== 0 || exponent < 1 || exponent > 30) return -1;
  return ((single >>> 16) & 0x8000) | (exponent << 10) | ((single >>> 13) & 0x3ff);
}
