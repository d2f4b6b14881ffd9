import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const FIRST_WAIT_MS = 100;
const WAIT_MS_MAX = 10_000;

/** How long to wait before the next attempt: doubling from 100 ms to 10 s, the upper half of each at random. */
export function backOffMs(attempt: number, random: () => number): number {
  const ceilingMs = Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** Math.min(attempt, 20));
  return ceilingMs * (0.5 + random() / 2);
}

/** Numbers in [0, 1) that differ between processes, so that they do not all come back in the same instant. */
export function jitter(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}
