import type { Interval } from '../../src/contract/words.ts';
import type { Leg } from './network.ts';
import type { WayPoint } from './types.ts';

/** A drive along a route, with its stops. */
export interface Drive {
  readonly wayPoints: readonly WayPoint[];
  readonly rests: readonly Interval[];
  /** Road checks at which the rear door is opened. */
  readonly checks: readonly Interval[];
  readonly arriveMs: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * At most 4 h at the wheel without a stop of at least 20 min (China, regulation on the implementation of the Road
 * Traffic Safety Law, art. 62 (7)). Two drivers take turns, so that nothing longer is needed but meals and fuel.
 */
const DRIVING_MAX_MS = 4 * HOUR_MS;
const REST_MS = 20 * MINUTE_MS;
const MEAL_MS = 45 * MINUTE_MS;
const MEAL_EVERY = 3;

/**
 * Drives a route. @param pace factor on the roads' usual speeds, e.g. 0.97
 * @param checked whether road checks stop the truck (they do when it is loaded)
 */
export function driveAlong(legs: readonly Leg[], departMs: number, pace: number, checked: boolean): Drive {
  const drive = new Driving(departMs, legs[0]!);
  for (const leg of legs) {
    drive.leg(leg, pace);
    if (checked && leg.checkMin > 0) drive.check(leg);
  }
  return { wayPoints: drive.wayPoints, rests: drive.rests, checks: drive.checks, arriveMs: drive.timeMs };
}

class Driving {
  readonly wayPoints: WayPoint[] = [];
  readonly rests: Interval[] = [];
  readonly checks: Interval[] = [];
  timeMs: number;
  #sinceRestMs = 0;

  constructor(departMs: number, first: Leg) {
    this.timeMs = departMs;
    this.#mark(first, 0);
  }

  leg(leg: Leg, pace: number): void {
    const wholeMs = (leg.km / (leg.kmh * pace)) * HOUR_MS;
    let drivenMs = 0;
    for (;;) {
      const untilRestMs = DRIVING_MAX_MS - this.#sinceRestMs;
      const stretchMs = Math.min(wholeMs - drivenMs, untilRestMs);
      drivenMs += stretchMs;
      this.#sinceRestMs += stretchMs;
      this.timeMs += Math.round(stretchMs / 1000) * 1000;
      this.#mark(leg, drivenMs / wholeMs);
      if (drivenMs >= wholeMs) return;
      const restMs = (this.rests.length + 1) % MEAL_EVERY === 0 ? MEAL_MS : REST_MS;
      this.rests.push({ fromMs: this.timeMs, toMs: this.timeMs + restMs });
      this.#stand(leg, drivenMs / wholeMs, restMs);
    }
  }

  check(leg: Leg): void {
    const checkMs = leg.checkMin * MINUTE_MS;
    this.checks.push({ fromMs: this.timeMs, toMs: this.timeMs + checkMs });
    this.#stand(leg, 1, checkMs);
  }

  #stand(leg: Leg, share: number, lengthMs: number): void {
    this.timeMs += lengthMs;
    this.#sinceRestMs = 0;
    this.#mark(leg, share);
  }

  #mark({ from, to }: Leg, share: number): void {
    this.wayPoints.push({
      timeMs: this.timeMs,
      latDeg: from.lat + share * (to.lat - from.lat),
      lonDeg: from.lon + share * (to.lon - from.lon),
      altitudeM: from.altitudeM + share * (to.altitudeM - from.altitudeM),
    });
  }
}
