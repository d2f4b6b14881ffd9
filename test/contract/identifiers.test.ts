import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assetFromUri,
  assetUri,
  deviceFromUri,
  deviceUri,
  lgtin,
  orgFromUri,
  orgUri,
  parseLgtin,
  parseSscc,
  sscc,
  ssccDigits,
} from '../../src/contract/identifiers.ts';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,62}$/);

test('URIs of orgs, assets and devices are read back, each as its own kind only', () => {
  fc.assert(
    fc.property(name, name, (org, thing) => {
      const key = `${org}/${thing}`;
      expect(orgFromUri(orgUri(org))).toBe(org);
      expect(assetFromUri(assetUri(key))).toBe(key);
      expect(deviceFromUri(deviceUri(key))).toBe(key);
      for (const read of [orgFromUri, deviceFromUri]) expect(read(assetUri(key))).toBeUndefined();
      for (const read of [orgFromUri, assetFromUri]) expect(read(deviceUri(key))).toBeUndefined();
      for (const read of [assetFromUri, deviceFromUri]) expect(read(orgUri(org))).toBeUndefined();
    }),
  );
});

test.each(['', 'a', 'a/', '/b', 'a/b/c', 'A/b', 'a/b?x', 'a/ b', '../b', 'a/b\n'])(
  '%j names no asset and no device',
  (key) => {
    expect(assetFromUri(assetUri(key))).toBeUndefined();
    expect(deviceFromUri(deviceUri(key))).toBeUndefined();
  },
);

test.each(['', 'a/b', 'A', 'a b', '-a', 'a'.repeat(64)])('%j names no org', (org) => {
  expect(orgFromUri(orgUri(org))).toBeUndefined();
});

describe('LGTIN', () => {
  const parts = fc
    .integer({ min: 6, max: 12 })
    .chain((digits) =>
      fc.tuple(
        fc.stringMatching(new RegExp(`^\\d{${digits}}$`)),
        fc.stringMatching(new RegExp(`^\\d{${13 - digits}}$`)),
        fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/),
      ),
    );

  test('what is built is read back', () => {
    fc.assert(
      fc.property(parts, ([companyPrefix, itemRef, lot]) => {
        expect(parseLgtin(lgtin(companyPrefix, itemRef, lot))).toEqual({ companyPrefix, itemRef, lot });
      }),
    );
  });

  test.each([
    'urn:epc:class:lgtin:6912345.012345.', // no lot
    'urn:epc:class:lgtin:6912345.012345.123456789012345678901', // lot of 21
    'urn:epc:class:lgtin:6912345.01234.A', // 12 digits
    'urn:epc:class:lgtin:6912345.0123456.A', // 14 digits
    'urn:epc:class:lgtin:69123.01234567.A', // prefix of 5
    'urn:epc:class:lgtin:6912345.012345.LOT 1',
    'urn:epc:class:lgtin:6912345.012345.批',
    'urn:epc:id:sgtin:6912345.012345.A',
    ' urn:epc:class:lgtin:6912345.012345.A',
    'URN:EPC:CLASS:LGTIN:6912345.012345.A',
  ])('%s is none', (uri) => {
    expect(parseLgtin(uri)).toBeUndefined();
  });

  test('a lot may have the punctuation that GS1 allows', () => {
    expect(parseLgtin("urn:epc:class:lgtin:6912345.012345.A-1_b.(2)+'!")?.lot).toBe("A-1_b.(2)+'!");
  });
});

describe('SSCC', () => {
  // GS1's own example: extension digit 1, company 0614141, serial 234567890, check digit 8.
  const uri = 'urn:epc:id:sscc:0614141.1234567890';
  const digits = '106141412345678908';

  test('URI and label name the same unit', () => {
    expect(sscc('0614141', '1234567890')).toBe(uri);
    expect(parseSscc(uri)).toEqual({ companyPrefix: '0614141', serialRef: '1234567890', digits });
    for (const code of [uri, digits, `00${digits}`, `(00)${digits}`]) expect(ssccDigits(code), code).toBe(digits);
  });

  test('a wrong digit anywhere is found', () => {
    const other = fc.tuple(fc.integer({ min: 0, max: 17 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.stringMatching(/^\d{17}$/), other, (payload, [at, by]) => {
        const right = parseSscc(sscc(payload.slice(1, 8), payload[0] + payload.slice(8)))!.digits;
        expect(right.slice(0, 17)).toBe(payload);
        expect(ssccDigits(right)).toBe(right);
        const wrong = right.slice(0, at) + ((Number(right[at]) + by) % 10) + right.slice(at + 1);
        expect(ssccDigits(wrong)).toBeUndefined();
      }),
    );
  });

  test.each([
    'urn:epc:id:sscc:0614141.123456789', // 16 digits
    'urn:epc:id:sscc:0614141.12345678901', // 18 digits
    'urn:epc:id:sscc:06141.123456789012', // prefix of 5
    'urn:epc:id:sgtin:0614141.1234567890',
    '(01)106141412345678908',
    '10614141234567890', // no check digit
    '',
  ])('%s is none', (code) => {
    expect(parseSscc(code)).toBeUndefined();
    expect(ssccDigits(code)).toBeUndefined();
  });
});
