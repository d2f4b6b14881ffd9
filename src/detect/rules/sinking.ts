import { z } from 'zod';
import { type Reading, type Rule, SENSOR_SICK } from '../rule.ts';
import { advanceSpell, inSpell, isRaised, KEPT } from '../spell.ts';
import { difference, dwell, lasting } from './params.ts';
import { takeIntoMean } from './running-mean.ts';

const HOUR_MS = 3_600_000;

const params = z.strictObject({
  awayC: difference('how far it must have sunk below where it stood, beyond what its surroundings did, °C', 1.2),
  stillC: difference('how little it moves while it stands still, °C', 0.3),
  stillMs: lasting('for how long it must have stood still, ms', 4 * HOUR_MS),
  nearC: difference('how far above the coldest that surrounds it: further up it is still being cooled, °C', 3),
  meanMs: lasting('over how long what surrounds it is averaged, as fruit feels it, ms', 6 * HOUR_MS),
  atLeastMs: lasting('in how much time at least: what is quicker is no drift, the probe was moved, ms', 1.5 * HOUR_MS),
  dwellMs: dwell(),
});
type Params = z.output<typeof params>;

/** What is kept: the means of the lowest and the highest beside it, up to when, … */
const LOW_C = KEPT;
const HIGH_C = KEPT + 1;
const MEANS_MS = KEPT + 2;
/** … where it stands still now, since when, … */
const STILL_C = KEPT + 3;
const STILL_MS = KEPT + 4;
/** … and where it stood before it sank, when it was last there, and how low both means were there and have been since. */
const STOOD_C = KEPT + 5;
const STOOD_MS = KEPT + 6;
const STOOD_LOW_C = KEPT + 7;
const STOOD_HIGH_C = KEPT + 8;
const SINCE_LOW_C = KEPT + 9;
const SINCE_HIGH_C = KEPT + 10;
const SIZE = 11;

/**
 * Nothing in a load is colder than what is blown in: fruit that stood still for hours, near that air, is in balance with
 * it, somewhere between the coldest and the warmest that surrounds it. Where it is between them does not change on the
 * way. So it cools only if one of the two has become colder, and by no more than that one did; what sinks further is a
 * probe. There is no such rule upwards: behind blocked air fruit does get warm by itself.
 */
export const sinking: Rule<typeof params> = {
  name: 'sinking',
  stratum: 'sensor',
  unit: 'difference',
  beside: 'surroundings',
  doc:
    'A sensor that drifts down unnoticed among colder air: raised when a channel, after it had stood still within stillC for ' +
    'stillMs, no more than nearC above the coldest around it, sank by awayC more than the lowest and the highest around ' +
    'it did (its siblings and the air, on the mean of meanMs), in no less than atLeastMs, for dwellMs. Rules for ' +
    'temperature then no longer see it. Cleared when it is back within stillC of where it stood.',
  params,
  bind: (p, { maxGapMs }) => ({
    limit: p.awayC,
    keeps: SIZE,
    step(m, at, reading) {
      reading.lookBeside();
      if (!Number.isNaN(reading.lowBeside)) {
        // Nobody knows what was done with the probe in a gap.
        if (reading.timeMs - m[at + MEANS_MS]! > maxGapMs && !inSpell(m, at)) m.fill(0, at + KEPT, at + KEPT + SIZE);
        standStill(m, at, reading, p.stillC);
        takeMeans(m, at, reading, p.meanMs);
        stand(m, at, reading, p);
        const sunkC = sunkBy(m, at, reading, p);
        const ended = advanceSpell(m, at, reading, sunkC > p.awayC, sunkC <= p.stillC, sunkC, 1, p.dwellMs, maxGapMs);
        if (ended !== null) return ended;
      }
      if (isRaised(m, at)) reading.verdict = SENSOR_SICK;
      return null;
    },
  }),
};

/** Follows where it stands still. */
function standStill(m: Float64Array, at: number, { timeMs, value }: Reading, stillC: number): void {
  if (m[at + STILL_MS] !== 0 && Math.abs(value - m[at + STILL_C]!) <= stillC) return;
  m[at + STILL_C] = value;
  m[at + STILL_MS] = timeMs;
}

/** Before it has stood anywhere, what surrounds it counts from when it came to stand still: not as it was loaded. */
function takeMeans(m: Float64Array, at: number, { timeMs, lowBeside, highBeside }: Reading, meanMs: number): void {
  const overMs = m[at + STOOD_MS] === 0 ? Math.min(meanMs, timeMs - m[at + STILL_MS]!) : meanMs;
  const beforeMs = overMs === 0 ? 0 : m[at + MEANS_MS]!;
  takeIntoMean(m, at + LOW_C, lowBeside, beforeMs, timeMs, overMs);
  takeIntoMean(m, at + HIGH_C, highBeside, beforeMs, timeMs, overMs);
  m[at + MEANS_MS] = timeMs;
}

/** Takes where it stands still for where it stood, if it has not sunk there without cause. */
function stand(m: Float64Array, at: number, { timeMs, value }: Reading, p: Params): void {
  const low = m[at + LOW_C]!;
  const high = m[at + HIGH_C]!;
  if (timeMs - m[at + STILL_MS]! < p.stillMs || value - low > p.nearC || inSpell(m, at)) return;
  const stood = m[at + STOOD_MS] !== 0;
  if (stood && withoutCauseC(m, at, value) > p.stillC) return;
  const same = stood && m[at + STOOD_C] === m[at + STILL_C];
  m[at + STOOD_C] = m[at + STILL_C]!;
  m[at + STOOD_LOW_C] = same ? Math.min(low, m[at + STOOD_LOW_C]!) : low;
  m[at + STOOD_HIGH_C] = same ? Math.min(high, m[at + STOOD_HIGH_C]!) : high;
  m[at + SINCE_LOW_C] = m[at + STOOD_LOW_C]!;
  m[at + SINCE_HIGH_C] = m[at + STOOD_HIGH_C]!;
  m[at + STOOD_MS] = timeMs;
}

/** How far it has sunk without cause, slowly enough for a drift; 0 where that cannot be said. */
function sunkBy(m: Float64Array, at: number, { timeMs, value }: Reading, p: Params): number {
  if (m[at + STOOD_MS] === 0) return 0;
  m[at + SINCE_LOW_C] = Math.min(m[at + LOW_C]!, m[at + SINCE_LOW_C]!);
  m[at + SINCE_HIGH_C] = Math.min(m[at + HIGH_C]!, m[at + SINCE_HIGH_C]!);
  const sunkC = withoutCauseC(m, at, value);
  if (sunkC <= p.stillC) m[at + STOOD_MS] = timeMs;
  if (sunkC <= p.awayC || inSpell(m, at) || timeMs - m[at + STOOD_MS]! >= p.atLeastMs) return sunkC;
  m.fill(0, at + STOOD_C, at + KEPT + SIZE);
  return 0;
}

/** How far it is below where it stood, beyond what became colder around it. */
function withoutCauseC(m: Float64Array, at: number, value: number): number {
  const causeC = Math.max(
    0,
    m[at + STOOD_LOW_C]! - m[at + SINCE_LOW_C]!,
    m[at + STOOD_HIGH_C]! - m[at + SINCE_HIGH_C]!,
  );
  return m[at + STOOD_C]! - value - causeC;
}
