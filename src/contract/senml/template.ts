/**
 * A run of bytes that is expected as a whole, compared four at a time: what makes the usual record cheap to read.
 * At least four bytes long.
 */
export interface Template {
  readonly length: number;
  /** The bytes as little-endian words; the last word ends with the last byte, so it may overlap the one before. */
  readonly words: Int32Array;
}

export function template(bytes: Uint8Array): Template {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  const words = new Int32Array(Math.ceil(length / 4));
  for (let w = 0; w < words.length; w++) words[w] = view.getInt32(Math.min(w * 4, length - 4), true);
  return { length, words };
}

/** Whether the view's bytes from `at` on are the template's; false where they would reach past `end`. */
export function matchesAt(view: DataView, at: number, end: number, expected: Template): boolean {
  const { words, length } = expected;
  if (at + length > end) return false;
  const last = words.length - 1;
  for (let w = 0; w < last; w++) if (view.getInt32(at + w * 4, true) !== words[w]) return false;
  return view.getInt32(at + length - 4, true) === words[last];
}
