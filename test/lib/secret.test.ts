import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashSecret, verifySecret } from '../../src/lib/secret.ts';

const salt = Buffer.from('NaCl');

describe('hashSecret', () => {
  it('is scrypt as RFC 7914 has it', () => {
    // Worked with OpenSSL: openssl kdf -keylen 32 -kdfopt pass:password -kdfopt salt:NaCl -kdfopt n:1024 -kdfopt r:8
    // -kdfopt p:1 SCRYPT
    const hash = '27b418c674c769d12501fbb1f53bac32df6514c0f28d043872b148b348961a79';
    expect(hashSecret('password', { salt, N: 1024 })).toBe(
      `scrypt$1024$8$1$TmFDbA$${Buffer.from(hash, 'hex').toString('base64url')}`,
    );
  });
});

describe('verifySecret', () => {
  it('accepts the secret and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.string(),
        fc.uint8Array({ minLength: 1, maxLength: 20 }),
        async (a, b, someSalt) => {
          const hash = hashSecret(a, { salt: someSalt, N: 16 });
          expect(await verifySecret(a, hash)).toBe(true);
          expect(await verifySecret(b, hash)).toBe(a === b);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('reads costs from the hash: the third vector of RFC 7914 §12, r = 8, p = 1', async () => {
    const expected =
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
    const hash = `scrypt$16384$8$1$${Buffer.from('SodiumChloride').toString('base64url')}$${Buffer.from(expected, 'hex').toString('base64url')}`;
    expect(await verifySecret('pleaseletmein', hash)).toBe(true);
    expect(await verifySecret('pleaseletmeout', hash)).toBe(false);
  });

  it.each([
    '',
    'secret',
    'scrypt$1024$8$1$TmFDbA$',
    'scrypt$1000$8$1$TmFDbA$AAAA',
    'scrypt$1073741824$8$1$TmFDbA$AAAA',
    'scrypt$0$0$0$TmFDbA$AAAA',
    'bcrypt$1024$8$1$TmFDbA$AAAA',
  ])('is false for %j, which is no hash it can check', async (hash) => {
    expect(await verifySecret('secret', hash)).toBe(false);
  });
});
