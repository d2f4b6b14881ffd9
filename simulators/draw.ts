import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { uniform } from './random-stream.ts';

/** Uniform between two values. */
export function drawBetween(stream: RandomGenerator, low: number, high: number): number {
  return low + (high - low) * uniform(stream);
}

/** Normal with the given mean and standard deviation, cut at three deviations: no absurd outliers in a plan. */
export function drawNormal(stream: RandomGenerator, mean: number, sd: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(stream)));
  const z = radius * Math.cos(2 * Math.PI * uniform(stream));
  return mean + sd * Math.max(-3, Math.min(3, z));
}
