import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonLexer } from '../../src/contract/senml/json-lexer.ts';
import { CTX, decode, jsonPack, mutate, mutation, numberText } from './senml-packs.ts';
import { type Outcome, referenceDecode } from './senml-schema.ts';

/** Same frames, or both refused; and for the same reason where the pack got as far as its meaning. */
function expectSame(actual: Outcome, reference: Outcome): void {
  if ('frames' in reference) expect(actual).toEqual(reference);
  else if (reference.reason === 'not-a-pack') expect(actual).toHaveProperty('reason');
  else expect(actual).toEqual(reference);
}

test('the decoder takes what JSON.parse, the schema and the plain resolver take, with equal frames', () => {
  let taken = 0;
  fc.assert(
    fc.property(jsonPack, (payload) => {
      const reference = referenceDecode(payload, CTX);
      if ('frames' in reference) taken++;
      expectSame(decode(payload), reference);
    }),
    { numRuns: 2000 },
  );
  // The generator must not have drifted to nothing but refusals. Over 30 seeds it gave 298 to 364, mean 324, standard
  // deviation 16: this bound lies five of them below.
  expect(taken).toBeGreaterThan(240);
});

test('so it does for packs with damaged bytes', () => {
  fc.assert(
    fc.property(jsonPack, mutation, (payload, changes) => {
      const damaged = mutate(payload, changes);
      const first = damaged[0] ?? 0;
      // By its first byte it would be read as CBOR, of which JSON.parse knows nothing.
      fc.pre(first < 0x80 || first > 0x9f);
      expectSame(decode(damaged), referenceDecode(damaged, CTX));
    }),
    { numRuns: 2000 },
  );
});

test('numbers are the doubles that JSON.parse gives', () => {
  const lexer = new JsonLexer();
  fc.assert(
    fc.property(numberText, (text) => {
      lexer.load(Buffer.from(text));
      expect(lexer.digits(0)).toBe(text.length);
      expect(lexer.number).toBe(JSON.parse(text));
    }),
    { numRuns: 3000 },
  );
});

test('random bytes are refused without a throw and without a trace', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decode(bytes)).toHaveProperty('reason');
    }),
    { numRuns: 2000 },
  );
});
