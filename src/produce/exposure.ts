import { curveMean } from './curve.ts';
import type { ClocksUsed, QualityModel } from './quality.ts';

const DAY_MS = 86_400_000;

export interface PulpReading {
  readonly timeMs: number;
  /** Of the pulp. */
  readonly tempC: number;
}

/** What a fruit has been through since its first reading, and the reading it stands at. */
export interface Exposure extends ClocksUsed, PulpReading {
  readonly coldestC: number;
}

/** A fruit of which nothing is known but this one reading: both clocks at 0. */
export function firstExposure({ timeMs, tempC }: PulpReading): Exposure {
  return { timeMs, tempC, ripening: 0, chilling: 0, coldestC: tempC };
}

/**
 * One step of the fold over a temperature record. Between two readings the temperature is taken to go straight, and
 * the step is exact for that: a reading put in between, on the straight line, changes nothing but rounding.
 * @throws RangeError if the reading is older than the state
 */
export function exposureStep(model: QualityModel, state: Exposure, { timeMs, tempC }: PulpReading): Exposure {
  if (timeMs < state.timeMs) throw new RangeError('a fruit does not grow younger: readings come in time order');
  const days = (timeMs - state.timeMs) / DAY_MS;
  return {
    timeMs,
    tempC,
    ripening: state.ripening + days * curveMean(model.ripeningPerDay, state.tempC, tempC),
    chilling: state.chilling + days * curveMean(model.chillingPerDay, state.tempC, tempC),
    coldestC: Math.min(state.coldestC, tempC),
  };
}
