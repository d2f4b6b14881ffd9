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
