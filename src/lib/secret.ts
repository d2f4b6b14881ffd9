import { type ScryptOptions, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';

const HASH_BYTES = 32;
const PATTERN = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/;

export interface HashOptions {
  /** Different for every secret. */
  readonly salt: Uint8Array;
  /** CPU and memory cost (RFC 7914 §2), a power of two. */
  readonly N: number;
}

/** Hashes a secret to `scrypt$N$r$p$salt$hash`, salt and hash in base64url; r = 8, p = 1. Takes milliseconds. */
export function hashSecret(secret: string, { salt, N }: HashOptions): string {
  const hash = scryptSync(secret, salt, HASH_BYTES, costs(N, 8, 1));
  return `scrypt$${N}$8$1$${Buffer.from(salt).toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether a secret has this hash; in a time that does not tell how close it came. False for a text that is no hash. */
export async function verifySecret(secret: string, hash: string): Promise<boolean> {
  const m = PATTERN.exec(hash);
  if (!m) return false;
  const expected = Buffer.from(m[5]!, 'base64url');
  if (expected.length === 0) return false;
  const salt = Buffer.from(m[4]!, 'base64url');
  const actual = await derive(secret, salt, expected.length, costs(Number(m[1]), Number(m[2]), Number(m[3])));
  return actual !== undefined && timingSafeEqual(actual, expected);
}

/** scrypt needs 128·N·r bytes (RFC 7914 §2); Node refuses more than `maxmem`, which caps a hostile hash's cost. */
const costs = (N: number, r: number, p: number): ScryptOptions => ({ N, r, p, maxmem: 64 * 1024 * 1024 });

function derive(secret: string, salt: Buffer, bytes: number, options: ScryptOptions): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    try {
      scrypt(secret, salt, bytes, options, (error, key) => resolve(error ? undefined : key));
    } catch {
      // Costs that scrypt does not allow: the text is not a hash of ours.
      resolve(undefined);
    }
  });
}
