import type { Interval } from '../../src/contract/words.ts';
import type { TrainData } from '../scenario/schema.ts';
import { type Drive, driveAlong, railAlong } from './drive.ts';
import type { Grid } from './grid.ts';
import type { Leg } from './network.ts';
import { routeOf } from './route.ts';
import type { Track } from './types.ts';

/** One loaded way of a truck or a rail box: from its loading at the origin's store to its unloading. */
export interface Haul {
  readonly kind: 'reefer-truck' | 'rail-reefer-box';
  /** Which of its kind. */
  readonly number: number;
  readonly origin: string;
  /** Place of the forward warehouse. */
  readonly to: string;
  /** On the slice grid. */
  readonly loadMs: number;
  readonly arriveMs: number;
  /** On the slice grid. */
  readonly unloadMs: number;
  /** When it is back at the origin, ready for the next load. */
  readonly freeMs: number;
  readonly legs: readonly Leg[];
  readonly track: Track;
  readonly rests: readonly Interval[];
  readonly checks: readonly Interval[];
  readonly unpowered: readonly Interval[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A vehicle is called this long before it is loaded: its body is cooled down first. */
export const CALLED_BEFORE_MS = 2.5 * HOUR_MS;
const LOADED_BEFORE_MS = 30 * MINUTE_MS;
const UNLOADED_AFTER_MS = 35 * MINUTE_MS;
const RETURNS_AFTER_MS = 90 * MINUTE_MS;

/** Trucks keep to 96–104 % of a road's usual speed. */
export const PACE_MIN = 0.96;
export const PACE_MAX = 1.04;

/** A way by road, there and back. */
export interface RoadWay {
  readonly origin: string;
  readonly to: string;
  readonly there: readonly Leg[];
  readonly back: readonly Leg[];
}

/** A truck's haul. @param departMs when it leaves with its load @param pace of the way there and of the way back */
export function truckHaul(
  way: RoadWay,
  truck: number,
  departMs: number,
  pace: readonly [there: number, back: number],
  grid: Grid,
): Haul {
  const drive = driveAlong(way.there, departMs, pace[0], true);
  return {
    kind: 'reefer-truck',
    number: truck,
    origin: way.origin,
    to: way.to,
    loadMs: truckLoadMs(departMs, grid),
    arriveMs: drive.arriveMs,
    unloadMs: grid.after(drive.arriveMs + UNLOADED_AFTER_MS),
    freeMs: driveAlong(way.back, drive.arriveMs + RETURNS_AFTER_MS, pace[1], false).arriveMs,
    legs: way.there,
    track: trackOf(way.there, drive),
    rests: drive.rests,
    checks: drive.checks,
    unpowered: [],
  };
}

/** When a truck is loaded that leaves at an instant. */
export const truckLoadMs = (departMs: number, grid: Grid): number => grid.nearest(departMs - LOADED_BEFORE_MS);

/** The departure for which a truck is loaded at an instant. */
export const departureOf = (loadMs: number): number => loadMs + LOADED_BEFORE_MS;

/** A box gets power once it is on its wagon, and loses it when it is lifted off. ESTIMATES. */
const ON_WAGON_BEFORE_MS = 30 * MINUTE_MS;
const ON_WAGON_AFTER_MS = 30 * MINUTE_MS;
/** From the train's arrival until a box is unloaded at the warehouse: lifting, drayage through the city. ESTIMATE. */
const BOX_UNLOADED_AFTER_MS = 3 * HOUR_MS;
/** A truck that comes back from the terminal needs this long for the next box. ESTIMATE. */
const NEXT_BOX_MS = HOUR_MS;
/** An empty box waits for a train back. ESTIMATE. */
const BOX_TURNAROUND_MS = 24 * HOUR_MS;
/** Terminal gate and lifting, where the drayage's length is left to the distance. ESTIMATE. */
const GATE_MS = 20 * MINUTE_MS;

/** How a train's boxes go: from an origin by road to the terminal, by rail, then through the city. */
export interface RailWay {
  readonly origin: string;
  readonly train: TrainData;
  /** None where the terminal is at the origin itself. */
  readonly road: readonly Leg[];
  readonly rails: readonly Leg[];
}

/** When a box of a train is loaded. @param wave 0 for the last boxes brought to the terminal, 1 for those before … */
export function boxLoadMs(way: RailWay, departMs: number, wave: number, grid: Grid): number {
  const roundTripMs = 2 * drayageMs(way) + NEXT_BOX_MS;
  const lastMs = departMs - way.train.transfer - drayageMs(way) - LOADED_BEFORE_MS;
  return grid.before(lastMs - wave * roundTripMs);
}

/** A rail box's haul with the train that leaves at an instant. @param loadMs of {@link boxLoadMs} */
export function boxHaul(way: RailWay, box: number, departMs: number, loadMs: number, grid: Grid): Haul {
  const { train } = way;
  const run = railAlong(way.rails, departMs);
  const unloadMs = grid.after(run.arriveMs + BOX_UNLOADED_AFTER_MS);
  const legs = [...way.road, ...way.rails];
  const offRoadMs = loadMs + LOADED_BEFORE_MS + drayageMs(way);
  return {
    kind: 'rail-reefer-box',
    number: box,
    origin: way.origin,
    to: train.to,
    loadMs,
    arriveMs: run.arriveMs,
    unloadMs,
    freeMs: unloadMs + BOX_TURNAROUND_MS + (unloadMs - loadMs),
    legs,
    track: withDrayage(way, run, loadMs + LOADED_BEFORE_MS, offRoadMs),
    rests: run.rests,
    checks: [],
    unpowered: train.powered
      ? []
      : [
          { fromMs: loadMs + LOADED_BEFORE_MS, toMs: departMs - ON_WAGON_BEFORE_MS },
          { fromMs: run.arriveMs + ON_WAGON_AFTER_MS, toMs: unloadMs },
        ],
  };
}

function drayageMs({ train, road }: RailWay): number {
  return train.drayage ?? GATE_MS + road.reduce((hours, leg) => hours + leg.km / leg.kmh, 0) * HOUR_MS;
}

/** The track of a train's run, with the road to the terminal before it, at an even speed. */
function withDrayage({ road, rails }: RailWay, run: Drive, fromMs: number, toMs: number): Track {
  const roadKm = road.reduce((km, leg) => km + leg.km, 0);
  return {
    route: routeOf([...road, ...rails]),
    timeMs: Float64Array.of(...(roadKm > 0 ? [fromMs, toMs] : []), ...run.timeMs),
    km: Float64Array.of(...(roadKm > 0 ? [0, roadKm] : []), ...run.km.map((km) => roadKm + km)),
  };
}

function trackOf(legs: readonly Leg[], drive: Drive): Track {
  return { route: routeOf(legs), timeMs: Float64Array.from(drive.timeMs), km: Float64Array.from(drive.km) };
}
