import { z } from 'zod';
import type { Reading, Rule } from '../rule.ts';
import { advanceSpell, clearingLine, inSpell, isRaised, KEPT, raiseSpell } from '../spell.ts';
import { difference, dwell, lasting, level } from './params.ts';
import { takeIntoMean } from './running-mean.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  limitC: level('where the produce freezes, °C'),
  hysteresisC: difference('how far above the limit a value must come to end it, °C', 0.2),
  dwellMs: dwell(HOUR_MS),
  plateauTopC: level('the warmest temperature at which the sweetest to the least sweet fruit may freeze, °C').default(
    -1,
  ),
  plateauC: difference('how little the pulp moves while it freezes, °C', 0.3),
  plateauMs: lasting('how long it must stand still, ms', 2 * HOUR_MS),
  airBelowC: difference('by how much all air must be colder than the pulp meanwhile, °C', 1.5),
  airMeanMs: lasting('over how long the coldest air is averaged, as fruit feels it, ms', 2 * HOUR_MS),
  airColderC: difference('by how much that mean must lie below limitC for a pulp below it to be believed, °C', 0.7),
});
type Params = z.output<typeof params>;

/** What is kept: since when the pulp stands still, the lowest and highest value since, and the last time. */
const SINCE_MS = KEPT;
const LOWEST = KEPT + 1;
const HIGHEST = KEPT + 2;
const LAST_MS = KEPT + 3;
const PLATEAU_SIZE = 4;
/** And the mean of the coldest air, and when it was brought up to date; 0 before there was any. */
const AIR_C = KEPT + PLATEAU_SIZE;
const AIR_MS = AIR_C + 1;

/**
 * Fruit that freezes gives off latent heat: its pulp stands still just below the freezing point although the air goes
 * on cooling it, for hours, and only then falls. A limit below that plateau comes too late.
 *
 * And fruit gets no colder than the air around it has been on the mean: on-off units blow air of −5 °C for minutes, and
 * fruit does not follow. A pulp below the limit in air that is not is a sensor that drifts down.
 */
export const freezing: Rule<typeof params> = {
  name: 'freezing',
  stratum: 'condition',
  unit: 'channel',
  beside: 'air',
  doc:
    'Freezing: raised when a channel went below limitC, with air that on the mean of airMeanMs was airColderC colder than ' +
    'that (where there is air to compare with), and, for dwellMs without an evidence gap, never came back to ' +
    'limitC + hysteresisC; or when it stood still within plateauC at or below plateauTopC for plateauMs while all air ' +
    'was airBelowC colder, as fruit does while its water turns to ice. Cleared by the first value back above that no longer stands still.',
  params,
  bind: (p, { maxGapMs }) => {
    const clearC = clearingLine(p.limitC, p.hysteresisC, -1);
    return {
      limit: p.limitC,
      keeps: PLATEAU_SIZE + 2,
      step(m, at, reading) {
        const { timeMs, value } = reading;
        const airC = meanAirC(m, at, reading, p.airMeanMs);
        // The usual case, made short: too warm to freeze, as before.
        if (value > p.plateauTopC && value >= p.limitC && !inSpell(m, at) && m[at + SINCE_MS] === 0) return null;
        const wasRaised = isRaised(m, at);
        const onPlateau = standsStill(m, at, reading, p, maxGapMs);
        if (onPlateau && !wasRaised) {
          raiseSpell(m, at, m[at + SINCE_MS]!, timeMs, m[at + LOWEST]!);
          return null;
        }
        const inside = value >= clearC && !onPlateau;
        const believed = !(airC > p.limitC - p.airColderC);
        return advanceSpell(m, at, reading, believed && value < p.limitC, inside, value, -1, p.dwellMs, maxGapMs);
      },
    };
  },
};

/** Brings the mean of the coldest air up to date. @returns it; NaN where no air is known */
function meanAirC(m: Float64Array, at: number, reading: Reading, overMs: number): number {
  reading.lookBeside();
  const { timeMs, lowBeside } = reading;
  const beforeMs = m[at + AIR_MS]!;
  if (!Number.isNaN(lowBeside)) {
    takeIntoMean(m, at + AIR_C, lowBeside, beforeMs, timeMs, overMs);
    m[at + AIR_MS] = timeMs;
  }
  return m[at + AIR_MS] === 0 ? Number.NaN : m[at + AIR_C]!;
}

/** Follows the plateau. @returns whether it is long enough */
function standsStill(m: Float64Array, at: number, reading: Reading, p: Params, maxGapMs: number): boolean {
  const { timeMs, value, highBeside } = reading;
  if (value > p.plateauTopC || !(highBeside <= value - p.airBelowC)) {
    if (m[at + SINCE_MS] !== 0) m.fill(0, at + KEPT, at + KEPT + PLATEAU_SIZE);
    return false;
  }
  const low = Math.min(value, m[at + LOWEST]!);
  const high = Math.max(value, m[at + HIGHEST]!);
  if (m[at + SINCE_MS] === 0 || high - low > p.plateauC || timeMs - m[at + LAST_MS]! > maxGapMs) {
    m[at + SINCE_MS] = timeMs;
    m[at + LOWEST] = value;
    m[at + HIGHEST] = value;
  } else {
    m[at + LOWEST] = low;
    m[at + HIGHEST] = high;
  }
  m[at + LAST_MS] = timeMs;
  return timeMs - m[at + SINCE_MS]! >= p.plateauMs;
}
