const ZERO = 0x30;
/** Digits of 0 to 999, three bytes each, leading zeros kept. */
const TRIPLES = Uint8Array.from({ length: 3000 }, (_, i) => {
  const digit = Math.floor(Math.floor(i / 3) / 10 ** (2 - (i % 3))) % 10;
  return ZERO + digit;
});

const MINUS = 0x2d;
const POINT = 0x2e;

/** Above this, times a thousand, the bits of a whole number do not fit 32: left to the slow way. */
const WHOLE_MAX = 2 ** 31;

/** Bytes a number may take at most: the longest of JavaScript's, `-2.2250738585072014e-308`, has 24. */
const NUMBER_BYTES_MAX = 32;

/** Text of ASCII bytes in a buffer that grows. Numbers are written without a string in between. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 16);
  #size = 0;

  reset(): void {
    this.#size = 0;
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#size));
  }

  bytes(text: Uint8Array): void {
    const { length } = text;
    const at = this.#reserve(length);
    const bytes = this.#bytes;
    // For a dozen bytes a loop is faster than TypedArray.set.
    for (let i = 0; i < length; i++) bytes[at + i] = text[i]!;
    this.#size = at + length;
  }

  /**
   * Writes a number as `String` does. Fast where it has at most so many decimals, as readings of a channel do.
   * @param decimals 0, 3 or 6; any other goes the slow way
   */
  decimal(value: number, decimals: number): void {
    let at = this.#reserve(NUMBER_BYTES_MAX);
    const scale = decimals === 3 ? 1000 : decimals === 0 ? 1 : decimals === 6 ? 1_000_000 : 0;
    const steps = Math.round(value * scale);
    // With fewer than 16 digits the shortest text of the double is that of the decimal it was rounded to.
    if (scale === 0 || !(steps < WHOLE_MAX && steps > -WHOLE_MAX) || steps / scale !== value) {
      this.#ascii(String(value));
      return;
    }
    const bytes = this.#bytes;
    let rest = steps | 0;
    if (rest < 0) {
      bytes[at++] = MINUS;
      rest = -rest;
    }
    const whole = (rest / scale) | 0;
    at = writeWhole(bytes, at, whole);
    const fraction = rest - whole * scale;
    if (fraction > 0) {
      bytes[at++] = POINT;
      const first = scale === 1000 ? fraction : (fraction / 1000) | 0;
      at = writeTriple(bytes, at, first);
      if (scale === 1_000_000) at = writeTriple(bytes, at, fraction - first * 1000);
      while (bytes[at - 1] === ZERO) at--;
    }
    this.#size = at;
  }

  /** Writes a whole number from 0 up, below 2^53. */
  integer(value: number): void {
    const at = this.#reserve(NUMBER_BYTES_MAX);
    if (value < WHOLE_MAX) {
      this.#size = writeWhole(this.#bytes, at, value | 0);
      return;
    }
    const high = Math.floor(value / 1_000_000);
    const low = (value - high * 1_000_000) | 0;
    this.integer(high);
    const first = (low / 1000) | 0;
    this.#size = writeTriple(this.#bytes, writeTriple(this.#bytes, this.#size, first), low - first * 1000);
  }

  #ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.#bytes[this.#size++] = text.charCodeAt(i);
  }

  /** Makes room for some bytes more. Returns where they begin. */
  #reserve(more: number): number {
    if (this.#size + more > this.#bytes.length) {
      const bigger = new Uint8Array(2 * this.#bytes.length + more);
      bigger.set(this.#bytes);
      this.#bytes = bigger;
    }
    return this.#size;
  }
}

/** Writes a whole number, 0 to 2^31 − 1. Returns where it ends. */
function writeWhole(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 1000) {
    const high = (value / 1000) | 0;
    return writeTriple(bytes, writeWhole(bytes, at, high), value - high * 1000);
  }
  const digits = 3 * value;
  if (value >= 100) bytes[at++] = TRIPLES[digits]!;
  if (value >= 10) bytes[at++] = TRIPLES[digits + 1]!;
  bytes[at++] = TRIPLES[digits + 2]!;
  return at;
}

/** Writes three digits. Returns where they end. */
function writeTriple(bytes: Uint8Array, at: number, value: number): number {
  const digits = 3 * value;
  bytes[at] = TRIPLES[digits]!;
  bytes[at + 1] = TRIPLES[digits + 1]!;
  bytes[at + 2] = TRIPLES[digits + 2]!;
  return at + 3;
}
