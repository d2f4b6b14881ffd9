import type { Leg, Place } from './network.ts';
import type { Route, Track } from './types.ts';

/** Where something stands within its place. */
export interface Offset {
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** A depot's position is good to about 100 m: sites that close share their route. */
const STEPS_PER_DEGREE = 1000;

/** Routes are shared by all who go them: by their first place, then by what follows. */
const lanes = new WeakMap<Place, Map<string, Route>>();
const points = new WeakMap<Place, Map<string, Route>>();

/** The way along legs that follow each other, at least one; the same object for the same legs. */
export function routeOf(legs: readonly Leg[]): Route {
  const start = legs[0]!.from;
  const key = legs.map((leg) => `${leg.km} ${leg.to.name}`).join(' ');
  return cached(lanes, start, key, () => {
    const places = [start, ...legs.map((leg) => leg.to)];
    const km = new Float64Array(places.length);
    for (const [i, leg] of legs.entries()) km[i + 1] = km[i]! + leg.km;
    return {
      km,
      latDeg: Float64Array.from(places, (place) => place.lat),
      lonDeg: Float64Array.from(places, (place) => place.lon),
      altitudeM: Float64Array.from(places, (place) => place.altitudeM),
    };
  });
}

const ORIGIN = Float64Array.of(0);

/** The route of what stands still at a place. @param offset from the place's own position; kept to 0.001° */
export function singlePoint(place: Place, offset: Offset = { latDeg: 0, lonDeg: 0 }): Route {
  const north = Math.round(offset.latDeg * STEPS_PER_DEGREE);
  const east = Math.round(offset.lonDeg * STEPS_PER_DEGREE);
  return cached(points, place, `${north} ${east}`, () => ({
    km: ORIGIN,
    latDeg: Float64Array.of(place.lat + north / STEPS_PER_DEGREE),
    lonDeg: Float64Array.of(place.lon + east / STEPS_PER_DEGREE),
    altitudeM: Float64Array.of(place.altitudeM),
  }));
}

/** The track of what stands still at the start of a route. */
export function standingAt(route: Route): Track {
  return { route, timeMs: ORIGIN, km: ORIGIN };
}

function cached(routes: WeakMap<Place, Map<string, Route>>, place: Place, key: string, make: () => Route): Route {
  let ofPlace = routes.get(place);
  if (!ofPlace) {
    ofPlace = new Map();
    routes.set(place, ofPlace);
  }
  let route = ofPlace.get(key);
  if (!route) {
    route = make();
    ofPlace.set(key, route);
  }
  return route;
}
