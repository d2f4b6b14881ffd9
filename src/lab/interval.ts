/** Two-sided 95 %. */
const Z = 1.959964;

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval of a share, from counts (Wilson 1927, J. Am. Stat. Assoc. 22:209; recommended by Brown, Cai,
 * DasGupta 2001, Stat. Sci. 16:101): has a width where all or none were found, too. Of 100 in 100 the share is 0.963 at
 * least.
 */
export function wilson(part: number, whole: number): Bounds {
  const share = part / whole;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * whole)) / (1 + z2 / whole);
  const half = (Z * Math.sqrt((share * (1 - share)) / whole + z2 / (4 * whole * whole))) / (1 + z2 / whole);
  // At the ends rounding must not cut off the value itself.
  return { low: part === 0 ? 0 : middle - half, high: part === whole ? 1 : middle + half };
}

/**
 * The interval of a count of rare events by Byar's approximation of the exact Poisson limits (Breslow & Day 1987, IARC
 * Sci. Publ. 82, p. 69): with none seen, 3.7 are not ruled out.
 */
export function byar(count: number): Bounds {
  const limit = (n: number, z: number) => n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3;
  return { low: count === 0 ? 0 : limit(count, -Z), high: limit(count + 1, Z) };
}
