import { z } from 'zod';

/** Parameters that several rules have, each with its meaning. */

const DAY_MS = 86_400_000;

/** A level of a channel, in its unit: °C, %RH, % of charge, 0 or 1. */
export const level = (meaning: string) => z.number().min(-60).max(100).describe(meaning);

/** A difference between two levels. */
export const difference = (meaning: string, byDefault: number) =>
  z.number().min(0).max(40).default(byDefault).describe(meaning);

/** A share of what is full. */
export const percent = (meaning: string, byDefault: number) =>
  z.number().min(0).max(100).default(byDefault).describe(meaning);

/** A length of time that a rule looks back on, which the frame store has to keep. No longer than checkpoints are kept. */
export const lasting = (meaning: string, byDefaultMs: number, leastMs = 0) =>
  ahead(meaning, byDefaultMs, leastMs).meta({ description: meaning, looksBack: true });

/** A length of time to come. */
export const ahead = (meaning: string, byDefaultMs: number, leastMs = 0) =>
  z
    .int()
    .min(leastMs)
    .max(60 * DAY_MS)
    .default(byDefaultMs)
    .describe(meaning);

export const dwell = (byDefaultMs = 30 * 60_000) =>
  lasting('how long it must last before it is a breach, ms', byDefaultMs);
