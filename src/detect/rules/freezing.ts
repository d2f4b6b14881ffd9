import { z } from 'zod';
import type { Memory, Reading, Rule, Spell } from '../rule.ts';
import { advanceSpell, clearingLine } from '../spell.ts';
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

/**
 * Kept: since when the pulp stands still, and the lowest and highest value since.
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
      step(memory, reading) {
        const { value } = reading;
        const raisedOnPlateau = standsStill(memory, reading, p, maxGapMs);
        if (raisedOnPlateau) return null;
        const onPlateau = memory.kept.length > 0 && reading.timeMs - memory.kept[0]! >= p.plateauMs;
        const inside = value >= clearC && !onPlateau;
        return advanceSpell(memory, reading, value < p.limitC, inside, value, -1, p.dwellMs, maxGapMs);
      },
    };
  },
};

/** Follows the plateau; true where it has just become long enough and raised a spell. */
function standsStill(memory: Memory, { timeMs, value, highBeside }: Reading, p: Params, maxGapMs: number): boolean {
  const [sinceMs, lowest, highest, lastMs] = memory.kept as [number?, number?, number?, number?];
  if (value > p.plateauTopC || !(highBeside <= value - p.airBelowC)) {
    if (sinceMs !== undefined) memory.kept = [];
    return false;
  }
  const low = Math.min(value, lowest ?? value);
  const high = Math.max(value, highest ?? value);
  if (sinceMs === undefined || high - low > p.plateauC || timeMs - lastMs! > maxGapMs) {
    memory.kept = [timeMs, value, value, timeMs];
    return false;
  }
  memory.kept = [sinceMs, low, high, timeMs];
  if (timeMs - sinceMs < p.plateauMs || memory.spell?.raisedMs != null) return false;
  const spell: Spell = { startMs: sinceMs, raisedMs: timeMs, lastMs: timeMs, peak: low, peakMs: timeMs };
  memory.spell = spell;
  return true;
}
