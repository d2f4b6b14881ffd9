import { z } from 'zod';
import { roundTo } from '../../contract/channel.ts';
import type { BoundRule, Excursion, RuleContext } from '../rule.ts';

/** Parameters of the threshold rules. */
export const thresholdParams = z.strictObject({
  limitC: z.number().min(-60).max(80).describe('the last normal value, °C; beyond it an excursion starts'),
  hysteresisC: z
    .number()
    .min(0)
    .max(20)
    .default(0.5)
    .describe('how far back inside the limit a value must come to end the excursion, °C'),
  dwellMs: z
    .int()
    .min(0)
    .max(7 * 86_400_000)
    .default(30 * 60_000)
    .describe('how long an excursion must last before it is a breach, ms'),
});

/**
 * The state machine of both threshold rules:
 *
 *     none ──beyond limit──► pending ──dwell reached──► raised ──back inside──► none
 *                              └──back inside──► none
 *
 * Beyond is strictly beyond the limit. Back inside is at or within the clearing line, `hysteresisC` inside the
 * limit: a value between the two lines keeps an excursion going but starts none. While pending, a gap longer than
 * `maxGapMs` throws the dwell away, since nobody knows what happened in it: neither good nor bad. Once raised,
 * only a value can end it.
 * @param sign 1 where too high is wrong, −1 where too low is
 */
export function thresholdRule(
  sign: 1 | -1,
  params: z.output<typeof thresholdParams>,
  { maxGapMs }: RuleContext,
): BoundRule {
  const { limitC, dwellMs } = params;
  // Rounded, since 0.3 − 0.1 in doubles is not the 0.2 that a channel reports; channels keep three decimals.
  const clearC = roundTo(limitC - sign * params.hysteresisC, 3);

  function step(excursion: Excursion | null, timeMs: number, valueC: number): Excursion | null {
    if (excursion === null) return sign * (valueC - limitC) > 0 ? start(timeMs, valueC) : null;
    if (excursion.raisedMs === null && timeMs - excursion.lastMs > maxGapMs) return step(null, timeMs, valueC);
    if (sign * (valueC - clearC) <= 0) return null;
    return goOn(excursion, timeMs, valueC);
  }

  function start(timeMs: number, valueC: number): Excursion {
    const raisedMs = dwellMs === 0 ? timeMs : null;
    return { startMs: timeMs, raisedMs, lastMs: timeMs, peakC: valueC, peakMs: timeMs };
  }

  function goOn(excursion: Excursion, timeMs: number, valueC: number): Excursion {
    const worse = sign * (valueC - excursion.peakC) > 0;
    const peakC = worse ? valueC : excursion.peakC;
    const peakMs = worse ? timeMs : excursion.peakMs;
    if (excursion.raisedMs !== null) return worse ? { ...excursion, peakC, peakMs } : excursion;
    const raisedMs = timeMs - excursion.startMs >= dwellMs ? timeMs : null;
    return { startMs: excursion.startMs, raisedMs, lastMs: timeMs, peakC, peakMs };
  }

  return { limitC, step };
}
