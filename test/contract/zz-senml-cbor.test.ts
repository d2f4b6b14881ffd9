import { Decoder, Encoder } from 'cbor-x';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CborLexer } from '/work/main/src/contract/senml/cbor-lexer.ts';
import { CborWriter } from '/work/main/src/contract/senml/cbor-writer.ts';
import { encodeCbor } from '/work/main/src/contract/senml/encode.ts';
import { CTX, decode, frames, jsonPack, mutate, mutation } from '/work/main/test/contract/senml-packs.ts';
import { referenceDecode, referenceResolve, type SenmlRecord, senmlRecord } from '/work/main/test/contract/senml-schema.ts';

/** RFC 8428 §6, table 4, written out once more. */
const LABELS: Record<string, number> = {
  bver: -1,
  bn: -2,
  bt: -3,
  bu: -4,
  bv: -5,
  bs: -6,
  n: 0,
  u: 1,
  v: 2,
  vs: 3,
  vb: 4,
  s: 5,
  t: 6,
  ut: 7,
  vd: 8,
};
const labelOf = new Map(Object.entries(LABELS).map(([label, key]) => [key, label]));

const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });
const decoder = new Decoder({ mapsAsObjects: false, useRecords: false });

/** A record by JSON labels as a CBOR map; data values are bytes there. */
function toMap(record: SenmlRecord): Map<unknown, unknown> {
  return new Map(
    Object.entries(record).map(([label, value]) => [
      LABELS[label] ?? label,
      label === 'vd' ? Buffer.from(String(value), 'base64url') : value,
    ]),
  );
}

/** What cbor-x makes of a payload as records by JSON labels; undefined where it is no pack. */
function viaCborX(payload: Uint8Array): SenmlRecord[] | undefined {
  const items: unknown = decoder.decode(payload);
  if (!Array.isArray(items)) return undefined;
  const records = items.map((item: Map<unknown, unknown>) =>
    Object.fromEntries(
      [...item].map(([key, value]) => [
        labelOf.get(Number(key)) ?? String(key),
        typeof value === 'bigint' ? Number(value) : value instanceof Uint8Array ? 'bytes' : value,
      ]),
    ),
  );
  return records.map((record) => senmlRecord.parse(record));
}

test('packs that cbor-x writes mean what the same records mean in JSON', () => {
  let taken = 0;
  fc.assert(
    fc.property(jsonPack, (json) => {
      const reference = referenceDecode(json, CTX);
      fc.pre(!('reason' in reference && reference.reason === 'not-a-pack'));
      const records = JSON.parse(json.toString()) as SenmlRecord[];
      if ('frames' in reference) taken++;
      expect(decode(encoder.encode(records.map(toMap)))).toEqual(reference);
    }),
    { numRuns: 30000 },
  );
  expect(taken).toBeGreaterThan(150);
});

test('cbor-x reads what we write', () => {
  fc.assert(
    fc.property(frames, (pack) => {
      expect(referenceResolve(viaCborX(encodeCbor(pack))!, { ...CTX, maxRecords: 1000 })).toEqual({ frames: pack });
    }),
    { numRuns: 30000 },
  );
});

test('damaged packs are refused, or mean what cbor-x says they mean', () => {
  let taken = 0;
  fc.assert(
    fc.property(frames, mutation, (pack, changes) => {
      const damaged = mutate(encodeCbor(pack), changes);
      // cbor-x multiplies decimal fractions (tag 4) out, which rounds twice; JSON has the reader of such bytes.
      fc.pre(!damaged.includes(0xc4) && damaged[0]! >= 0x80);
      const actual = decode(damaged, { ...CTX, maxRecords: 1000 });
      if ('reason' in actual) return;
      taken++;
      expect(actual).toEqual(referenceResolve(viaCborX(damaged)!, { ...CTX, maxRecords: 1000 }));
    }),
    { numRuns: 30000 },
  );
  expect(taken).toBeGreaterThan(20);
});

test('every truncation of a pack is refused as cut short', () => {
  fc.assert(
    fc.property(frames, (pack) => {
      const whole = encodeCbor(pack);
      for (let length = 1; length < whole.length; length++) {
        expect(decode(whole.subarray(0, length), { ...CTX, maxRecords: 1000 })).toEqual({ reason: 'cbor-syntax' });
      }
    }),
    { numRuns: 30000 },
  );
});

test('random bytes behind an array head are refused or taken, never thrown at', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x80, max: 0x9f }), fc.uint8Array({ maxLength: 120 }), (first, rest) => {
      decode(Buffer.from([first, ...rest]));
    }),
    { numRuns: 30000 },
  );
});

const anyNumber = fc.oneof(
  fc.double(),
  fc.float(),
  fc.maxSafeInteger(),
  fc.integer({ min: -70_000, max: 70_000 }),
  fc.tuple(fc.integer({ min: -4096, max: 4096 }), fc.integer({ min: -12, max: 4 })).map(([m, e]) => m * 2 ** e),
  fc.constantFrom(
    0,
    -0,
    23,
    24,
    255,
    256,
    65_535,
    65_536,
    2 ** 32 - 1,
    2 ** 32,
    65_504,
    65_520,
    2 ** -14,
    2 ** -24,
    Infinity,
    -Infinity,
  ),
);

test('numbers come back bit for bit, by our reader and by cbor-x, in no more bytes than it takes', () => {
  const writer = new CborWriter();
  const lexer = new CborLexer();
  fc.assert(
    fc.property(anyNumber, (value) => {
      writer.reset();
      writer.number(value);
      const bytes = writer.take();
      expect(Number(decoder.decode(bytes))).toBe(value);
      lexer.scratch.load(bytes);
      const end = lexer.head(0);
      expect(end).toBe(bytes.length);
      const read = lexer.major === 0 ? lexer.arg : lexer.major === 1 ? -1 - lexer.arg : lexer.float(end);
      expect(read).toBe(value);
      // cbor-x drops the sign of -0.
      if (!Object.is(value, -0)) expect(bytes.length).toBeLessThanOrEqual(encoder.encode(value).length);
    }),
    { numRuns: 30000 },
  );
});
