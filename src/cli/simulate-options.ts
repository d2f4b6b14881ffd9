import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Speed } from '../../simulators/pace.ts';
import { SLICE_MS } from '../../simulators/plan/types.ts';
import { duration } from '../../simulators/scenario/duration.ts';

/** Readers of what `simulate` is given on the command line; each throws InvalidArgumentError with what is expected. */

export function seedOf(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  }
  return seed;
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

export function timeOf(text: string): number {
  const timeMs = RFC_3339.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  if (Number.isNaN(timeMs)) {
    throw new InvalidArgumentError('It must be a time with its offset, like 2026-08-21T06:00:00+08:00.');
  }
  return timeMs;
}

export function speedOf(text: string): Speed {
  if (text === 'max') return 'max';
  const speed = Number(text);
  if (text.trim() === '' || !Number.isFinite(speed) || speed <= 0) {
    throw new InvalidArgumentError('It must be a number above 0, or max.');
  }
  return speed;
}

export function workersOf(text: string): number {
  const workers = Number(text);
  if (!/^\d+$/.test(text) || workers < 1 || workers > 64) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 64.');
  }
  return workers;
}

const everySchema = duration('Between two true temperatures.');

/** The world runs in slices: the truth is known at their ends. */
export function truthEveryOf(text: string): number {
  const parsed = everySchema.safeParse(text);
  if (!parsed.success || parsed.data < SLICE_MS || parsed.data % SLICE_MS !== 0) {
    throw new InvalidArgumentError(`It must be a multiple of ${SLICE_MS / 60_000}m, such as 15m or 1h.`);
  }
  return parsed.data;
}

export function svgFileOf(text: string): string {
  if (!text.toLowerCase().endsWith('.svg')) throw new InvalidArgumentError('It must be a file that ends in .svg.');
  return text;
}
