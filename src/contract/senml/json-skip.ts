import type { JsonLexer } from './json-lexer.ts';
import { DEPTH_MAX } from './labels.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const LITERALS = new Map([
  [0x74, 'true'],
  [0x66, 'false'],
  [0x6e, 'null'],
]);

/**
 * Reads past a value that is not used, holding it to the same grammar, depth and distinct keys as the rest.
 * @param p at the value's first byte @param depth arrays and objects around it
 * @returns the position behind it, or -1 with the lexer's reason set
 */
export function skipJsonValue(lexer: JsonLexer, p: number, depth: number): number {
  const c = lexer.scratch.bytes[p]!;
  if (c === QUOTE) return lexer.string(p + 1);
  if (c === OPEN_ARRAY || c === OPEN_OBJECT) {
    if (depth >= DEPTH_MAX) return lexer.fail('too-deep');
    return c === OPEN_ARRAY ? skipArray(lexer, p + 1, depth + 1) : skipObject(lexer, p + 1, depth + 1);
  }
  const word = LITERALS.get(c);
  return word === undefined ? lexer.digits(p) : lexer.literal(p, word);
}

function skipArray(lexer: JsonLexer, p: number, depth: number): number {
  const bytes = lexer.scratch.bytes;
  p = lexer.whitespace(p);
  if (bytes[p] === CLOSE_ARRAY) return p + 1;
  for (;;) {
    p = skipJsonValue(lexer, p, depth);
    if (p < 0) return p;
    p = lexer.whitespace(p);
    if (bytes[p] === CLOSE_ARRAY) return p + 1;
    if (bytes[p] !== COMMA) return lexer.fail('json-syntax');
    p = lexer.whitespace(p + 1);
  }
}

function skipObject(lexer: JsonLexer, p: number, depth: number): number {
  const bytes = lexer.scratch.bytes;
  const keys = new Set<string>();
  p = lexer.whitespace(p);
  if (bytes[p] === CLOSE_OBJECT) return p + 1;
  for (;;) {
    if (bytes[p] !== QUOTE) return lexer.fail('json-syntax');
    const from = p + 1;
    p = lexer.string(from);
    if (p < 0) return p;
    const key = lexer.text(from, p);
    if (keys.has(key)) return lexer.fail('duplicate-key');
    keys.add(key);
    p = lexer.whitespace(p);
    if (bytes[p] !== COLON) return lexer.fail('json-syntax');
    p = skipJsonValue(lexer, lexer.whitespace(p + 1), depth);
    if (p < 0) return p;
    p = lexer.whitespace(p);
    if (bytes[p] === CLOSE_OBJECT) return p + 1;
    if (bytes[p] !== COMMA) return lexer.fail('json-syntax');
    p = lexer.whitespace(p + 1);
  }
}
