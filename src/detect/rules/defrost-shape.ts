import { z } from 'zod';
import type { Rule } from '../rule.ts';
import { KEPT } from '../spell.ts';
import { difference, lasting } from './params.ts';

const MINUTE_MS = 60_000;

const params = z.strictObject({
  aboveC: difference('how far supply air lies above return air while a coil is thawed, °C', 1),
  longestMs: lasting('how long a defrost may last, ms', 45 * MINUTE_MS),
  settlingMs: lasting('how long the air takes to settle after it, ms', 20 * MINUTE_MS),
  restMs: lasting('how long there is none after one, ms', 120 * MINUTE_MS),
});

/** Kept: when the last one began. */
export const defrostShape: Rule<typeof params> = {
  name: 'defrost-shape',
  stratum: 'operation',
  unit: 'channel',
  beside: 'air',
  doc:
    'Defrosts, by their shape, where no channel tells them: supply air that comes out aboveC warmer than it went in. A ' +
    'unit that has merely stopped never does that. It explains warm air for longestMs and settlingMs, and not again ' +
    'within restMs after its beginning. Raises nothing: a unit that heats on purpose looks the same.',
  params,
  bind: ({ aboveC, longestMs, settlingMs, restMs }) => ({
    limit: aboveC,
    keeps: 1,
    step(m, at, reading) {
      reading.lookBeside();
      const { timeMs, value, highBeside } = reading;
      if (!(value > highBeside + aboveC)) return null;
      if (timeMs - m[at + KEPT]! > Math.max(restMs, longestMs)) m[at + KEPT] = timeMs;
      if (timeMs - m[at + KEPT]! <= longestMs) reading.explainedUntilMs = timeMs + settlingMs;
      return null;
    },
  }),
};
