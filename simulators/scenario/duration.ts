import { z } from 'zod';

/** Durations as scenarios write them: `4d`, `90m`, `1h30m`. */

export const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const DURATION = /^(?=.)(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;

/** A duration, which comes out in ms. */
export const duration = (doc: string) =>
  z
    .string()
    .regex(DURATION, { error: 'must be a duration such as 4d, 90m or 1h30m' })
    .transform(durationMs)
    .meta({ description: `${doc} A duration such as 4d, 90m or 1h30m.` });

/** The shortest and the longest of something that takes a while, both ms. */
export const span = (doc: string) => z.tuple([duration('At least.'), duration('At most.')]).describe(doc);

/** Reads a duration such as `1h30m`, ms. @param text matches the pattern */
function durationMs(text: string): number {
  const parts = DURATION.exec(text) ?? [];
  return (['d', 'h', 'm', 's'] as const).reduce((sum, unit, i) => sum + Number(parts[i + 1] ?? 0) * UNIT_MS[unit], 0);
}
