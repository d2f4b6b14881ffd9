import { z } from 'zod';
import type { Reading, Rule } from '../rule.ts';
import { advanceSpell, clearingLine, inSpell, isRaised, KEPT, raiseSpell } from '../spell.ts';
import { difference, dwell, lasting, level } from './params.ts';

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
});
type Params = z.output<typeof params>;

/** What is kept: since when the pulp stands still, the lowest and highest value since, and the last time. */
const SINCE_MS = KEPT;
const LOWEST = KEPT + 1;
const HIGHEST = KEPT + 2;
const LAST_MS = KEPT + 3;

/**
 * Fruit that freezes gives off latent heat: its pulp stands still just below the freezing point although the air goes
 * on cooling it, for hours, and only then falls. A limit below that plateau comes too late.
 */
export const freezing: Rule<typeof params> = {
  name: 'freezing',
  stratum: 'condition',
  unit: 'channel',
  beside: 'air',
  doc:
    'Freezing: raised when a channel went below limitC and, for dwellMs without an evidence gap, never came back to ' +
    'limitC + hysteresisC; or when it stood still within plateauC at or below plateauTopC for plateauMs while all air ' +
    'was airBelowC colder, as fruit does while its water turns to ice. Cleared by the first value back above that no longer stands still.',
  params,
  bind: (p, { maxGapMs }) => {
    const clearC = clearingLine(p.limitC, p.hysteresisC, -1);
    return {
      limit: p.limitC,
      keeps: 4,
      step(m, at, reading) {
        const { timeMs, value } = reading;
        // The usual case, made short: too warm to freeze, as before.
        if (value > p.plateauTopC && value >= p.limitC && !inSpell(m, at) && m[at + SINCE_MS] === 0) return null;
        const wasRaised = isRaised(m, at);
        const onPlateau = standsStill(m, at, reading, p, maxGapMs);
        if (onPlateau && !wasRaised) {
          raiseSpell(m, at, m[at + SINCE_MS]!, timeMs, m[at + LOWEST]!);
          return null;
        }
        const inside = value >= clearC && !onPlateau;
        return advanceSpell(m, at, reading, value < p.limitC, inside, value, -1, p.dwellMs, maxGapMs);
      },
    };
  },
};

/** Follows the plateau. @returns whether it is long enough */
function standsStill(m: Float64Array, at: number, reading: Reading, p: Params, maxGapMs: number): boolean {
  const { timeMs, value } = reading;
  const isCold = value <= p.plateauTopC;
  if (isCold) reading.lookBeside();
  if (!isCold || !(reading.highBeside <= value - p.airBelowC)) {
    if (m[at + SINCE_MS] !== 0) m.fill(0, at + KEPT, at + KEPT + 4);
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
