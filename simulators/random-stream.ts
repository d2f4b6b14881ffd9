import { hash } from 'node:crypto';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * The random stream of one named thing. Each sensor, link and device has its own, so that adding one does not
 * shift the numbers another draws.
 */
export function randomStream(seed: number, ...name: readonly string[]): RandomGenerator {
  const digest = hash('sha256', [String(seed), ...name].join('\0'), 'buffer');
  return xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
}

/** Uniform in the open interval (0, 1): safe to take the logarithm of. */
export function uniform(stream: RandomGenerator): number {
  return ((stream.next() >>> 0) + 0.5) / 0x1_0000_0000;
}
