import { randomStream } from '../random-stream.ts';

/**
 * Random numbers by counting: number n of a source is a function of its key and n alone, so that nothing has to be
 * kept and the order of asking does not matter. For what is drawn with every sample; plans use random-stream.ts.
 */
export interface CounterKey {
  readonly a: number;
  readonly b: number;
}

/** The key of one named source: 64 bits of the seed's stream of that name. */
export function counterKey(seed: number, ...name: readonly string[]): CounterKey {
  const stream = randomStream(seed, ...name);
  return { a: stream.next() | 0, b: stream.next() | 0 };
}

/** MurmurHash3's 32-bit finaliser (Appleby 2011): every bit of the input flips each bit of the output half the time. */
function mix32(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * 32 random bits, number `n` of a source. Mixed twice: the first key shifts the count, the second makes two sources
 * whose counts meet give different numbers all the same.
 */
export function counterBits(keyA: number, keyB: number, n: number): number {
  return mix32(mix32((n + keyA) | 0) ^ keyB);
}

/** Uniform in the open interval (0, 1). */
export function uniformOf(bits: number): number {
  return ((bits >>> 0) + 0.5) / 0x1_0000_0000;
}

const CELL_BITS = 12;
const CELLS = 1 << CELL_BITS;
const FRACTION_BITS = 32 - CELL_BITS;
const FRACTION_MASK = (1 << FRACTION_BITS) - 1;
const FRACTION_UNIT = 1 / (1 << FRACTION_BITS);
const QUANTILES = normalQuantiles();

/**
 * A standard normal number from 32 random bits: the inverse of its distribution function, linear between 4096 cells of
 * equal probability. Mean and variance are exact (0 and 1), kurtosis is 2.998 and nothing lies beyond ±3.97.
 */
export function normalOf(bits: number): number {
  const cell = bits >>> FRACTION_BITS;
  const low = QUANTILES[cell]!;
  return low + (QUANTILES[cell + 1]! - low) * ((bits & FRACTION_MASK) * FRACTION_UNIT);
}

/**
 * Quantiles of the normal distribution at i / CELLS. From the middle outwards by the quantile's own equation,
 * dz/dp = √(2π) e^(z²/2), in Runge-Kutta steps; the outermost is put where the variance of the whole is 1.
 */
function normalQuantiles(): Float64Array {
  const quantiles = new Float64Array(CELLS + 1);
  const middle = CELLS / 2;
  const slope = (z: number) => Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
  const steps = 32;
  const h = 1 / CELLS / steps;
  let z = 0;
  let square = 0;
  for (let i = 1; i < middle; i++) {
    const before = z;
    for (let step = 0; step < steps; step++) {
      const k1 = slope(z);
      const k2 = slope(z + (h / 2) * k1);
      const k3 = slope(z + (h / 2) * k2);
      const k4 = slope(z + h * k3);
      z += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    quantiles[middle + i] = z;
    quantiles[middle - i] = -z;
    square += before * before + before * z + z * z;
  }
  // Mean square of a cell from a to b is (a² + ab + b²) / 3: all cells of one half sum to 3/2 · CELLS.
  const left = 1.5 * CELLS - square - z * z;
  const last = (-z + Math.sqrt(z * z + 4 * left)) / 2;
  quantiles[0] = -last;
  quantiles[CELLS] = last;
  return quantiles;
}
