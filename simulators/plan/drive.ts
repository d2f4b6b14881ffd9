import type { Interval } from '../../src/contract/words.ts';
import type { Leg } from './network.ts';

/** A drive along legs, with its stops. */
export interface Drive {
  /** Where it is when: kilometres since the start of the first leg, linear in between. */
  readonly timeMs: readonly number[];
  readonly km: readonly number[];
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
 * Drives along roads. @param pace factor on the roads' usual speeds, e.g. 0.97
 * @param checked whether road checks stop the truck (they do when it is loaded)
 */
export function driveAlong(legs: readonly Leg[], departMs: number, pace: number, checked: boolean): Drive {
  const drive = new Driving(departMs);
  for (const leg of legs) {
    drive.leg(leg, pace, DRIVING_MAX_MS);
    if (checked && leg.checkMin > 0) drive.check(leg.checkMin * MINUTE_MS);
  }
  return drive.done();
}

/** A freight train stands at a marshalling or crew-change station about so often, so long. ESTIMATES. */
const MARSHALLING_EVERY_KM = 700;
const MARSHALLING_MS = 40 * MINUTE_MS;

/** Goes along railways, with stops at the stations where engines and crews change. */
export function railAlong(legs: readonly Leg[], departMs: number): Drive {
  const drive = new Driving(departMs);
  let sinceStopKm = 0;
  for (const [i, leg] of legs.entries()) {
    drive.leg(leg, 1, Number.POSITIVE_INFINITY);
    sinceStopKm += leg.km;
    if (sinceStopKm < MARSHALLING_EVERY_KM || i === legs.length - 1) continue;
    drive.stand(MARSHALLING_MS);
    sinceStopKm = 0;
  }
  return drive.done();
}

class Driving {
  readonly #times: number[];
  readonly #km: number[] = [0];
  readonly #rests: Interval[] = [];
  readonly #checks: Interval[] = [];
  #timeMs: number;
  #startKm = 0;
  #sinceRestMs = 0;

  constructor(departMs: number) {
    this.#timeMs = departMs;
    this.#times = [departMs];
  }

  done(): Drive {
    return { timeMs: this.#times, km: this.#km, rests: this.#rests, checks: this.#checks, arriveMs: this.#timeMs };
  }

  leg(leg: Leg, pace: number, drivingMaxMs: number): void {
    const wholeMs = (leg.km / (leg.kmh * pace)) * HOUR_MS;
    let drivenMs = 0;
    for (;;) {
      const stretchMs = Math.min(wholeMs - drivenMs, drivingMaxMs - this.#sinceRestMs);
      drivenMs += stretchMs;
      this.#sinceRestMs += stretchMs;
      this.#timeMs += Math.round(stretchMs / 1000) * 1000;
      this.#mark(this.#startKm + leg.km * (drivenMs / wholeMs));
      if (drivenMs >= wholeMs) break;
      const restMs = (this.#rests.length + 1) % MEAL_EVERY === 0 ? MEAL_MS : REST_MS;
      this.#rests.push({ fromMs: this.#timeMs, toMs: this.#timeMs + restMs });
      this.stand(restMs);
    }
    this.#startKm += leg.km;
  }

  check(lengthMs: number): void {
    this.#checks.push({ fromMs: this.#timeMs, toMs: this.#timeMs + lengthMs });
    this.stand(lengthMs);
  }

  stand(lengthMs: number): void {
    this.#timeMs += lengthMs;
    this.#sinceRestMs = 0;
    this.#mark(this.#km.at(-1)!);
  }

  #mark(km: number): void {
    this.#times.push(this.#timeMs);
    this.#km.push(km);
  }
}
