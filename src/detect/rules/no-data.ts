import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { lasting } from './params.ts';

const params = z.strictObject({
  atLeastMs: lasting('the shortest silence that counts, ms', 3_600_000, 60_000),
  intervals: z.number().min(1).max(1000).default(4).describe("and so many of the device's own reporting intervals"),
});

export const noData: Rule<typeof params> = {
  name: 'no-data',
  stratum: 'silence',
  unit: 'min',
  doc:
    'No data: raised when a device gave no frame for atLeastMs, and for `intervals` of the times between its frames, ' +
    'while a batch is held; a device that never spoke counts from the beginning of the custody. Time passes with the ' +
    'clock in force, and first listens for two minutes after a restart. Its breach tells the likely cause, as far as ' +
    'the last frames do: battery (below 10 %), moving (a tunnel, no network), never-heard. Cleared by the next frame; ' +
    'shortened or withdrawn when frames from the gap come in late; a device that was taken off ends it.',
  params,
  bind: ({ atLeastMs, intervals }) => ({
    limit: atLeastMs / 60_000,
    silentAfterMs: (everyMs) => Math.max(atLeastMs, intervals * everyMs),
    keeps: 0,
    step: () => null,
  }),
};
