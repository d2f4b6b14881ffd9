/**
 * A quantity of temperature, given at a few published points. Between them it is straight, or straight in its
 * logarithm; beyond the first and the last it is flat, since nothing is published there.
 */
export interface Curve {
  readonly scale: 'linear' | 'log';
  /** Pairs of temperature (°C, ascending) and value; above 0 on a `log` scale. */
  readonly points: readonly (readonly [tempC: number, value: number])[];
}

/** Value of a curve at a temperature, °C. */
export function curveValue(curve: Curve, tempC: number): number {
  const { points, scale } = curve;
  const first = points[0]!;
  if (tempC <= first[0]) return first[1];
  for (let i = 1; i < points.length; i++) {
    const [highC, high] = points[i]!;
    if (tempC > highC) continue;
    const [lowC, low] = points[i - 1]!;
    const share = (tempC - lowC) / (highC - lowC);
    return scale === 'log' ? low * (high / low) ** share : low + share * (high - low);
  }
  return points.at(-1)![1];
}

/**
 * Mean of a curve while the temperature goes evenly from one value to another, °C: what a straight piece of a
 * temperature record comes to. Exact, but for rounding, and the same in both directions.
 */
export function curveMean(curve: Curve, fromC: number, toC: number): number {
  const lowC = Math.min(fromC, toC);
  const highC = Math.max(fromC, toC);
  // So near to each other the middle is exact, and a division by the difference would not be.
  if (highC - lowC < 1e-9) return curveValue(curve, (lowC + highC) / 2);
  let area = 0;
  let atC = lowC;
  for (const [pointC] of [...curve.points, [highC] as const]) {
    const untilC = Math.min(pointC, highC);
    if (untilC <= atC) continue;
    area += (untilC - atC) * pieceMean(curve.scale, curveValue(curve, atC), curveValue(curve, untilC));
    atC = untilC;
  }
  return area / (highC - lowC);
}

/** Mean over a piece without a point inside, from the values at its ends. */
function pieceMean(scale: Curve['scale'], a: number, b: number): number {
  if (scale === 'linear') return (a + b) / 2;
  const growth = Math.log(b / a);
  // The logarithmic mean; where the ends are nearly equal, its series, since the quotient would cancel.
  return Math.abs(growth) < 1e-4 ? Math.sqrt(a * b) * (1 + growth ** 2 / 24) : (b - a) / growth;
}
