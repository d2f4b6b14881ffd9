import type { Place } from '../../plan/network.ts';
import { type GeoPoint, positionAt } from '../../plan/track.ts';
import type { Route } from '../../plan/types.ts';
import { pressurePa } from './humid-air.ts';

/** The climate between two knots is taken in between theirs. */
const KNOT_EVERY_KM = 20;
/** Places beyond the nearest few weigh next to nothing. */
export const PLACES_PER_KNOT = 4;
/** What stands still within the same cell of this size shares its knot. */
const CELLS_PER_DEGREE = 25;

/** Which places make the climate along a route, worked out once: evenly spaced knots from its start to its end. */
export interface Knots {
  /** Knots a kilometre; 0 where there is but one. */
  readonly perKm: number;
  readonly last: number;
  /** By knot, {@link PLACES_PER_KNOT} each. */
  readonly place: Uint16Array;
  readonly weight: Float64Array;
  /** By knot: how much higher it lies than the blend of its places. */
  readonly riseM: Float64Array;
  readonly pressurePa: Float64Array;
  readonly lonDeg: Float64Array;
  readonly sinLat: Float64Array;
  readonly cosLat: Float64Array;
}

/** The knots of routes, each made when first asked for and kept as long as its route. */
export class KnotsOfRoutes {
  readonly #places: readonly Place[];
  readonly #byRoute = new WeakMap<Route, Knots>();
  readonly #byCell = new Map<string, Knots>();

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  of(route: Route): Knots {
    let knots = this.#byRoute.get(route);
    if (!knots) {
      knots = route.km.length === 1 ? this.#ofPoint(route) : this.#along(route);
      this.#byRoute.set(route, knots);
    }
    return knots;
  }

  /** Tens of thousands of shops stand in a few dozen towns: each counts as in the middle of its cell. */
  #ofPoint(route: Route): Knots {
    const [lat, lon] = [cellMiddle(route.latDeg[0]!), cellMiddle(route.lonDeg[0]!)];
    const cell = `${lat} ${lon} ${route.altitudeM[0]!}`;
    let knots = this.#byCell.get(cell);
    if (!knots) {
      knots = this.#along({ ...route, latDeg: Float64Array.of(lat), lonDeg: Float64Array.of(lon) });
      this.#byCell.set(cell, knots);
    }
    return knots;
  }

  #along(route: Route): Knots {
    const lengthKm = route.km.at(-1)!;
    const last = Math.ceil(lengthKm / KNOT_EVERY_KM);
    const perKm = last === 0 ? 0 : last / lengthKm;
    const size = last + 1;
    const knots = {
      perKm,
      last,
      place: new Uint16Array(size * PLACES_PER_KNOT),
      weight: new Float64Array(size * PLACES_PER_KNOT),
      riseM: new Float64Array(size),
      pressurePa: new Float64Array(size),
      lonDeg: new Float64Array(size),
      sinLat: new Float64Array(size),
      cosLat: new Float64Array(size),
    };
    // Its kilometres serve as the instants of a track: the way-points of a route are found as positions in time are.
    const byKm = { route, timeMs: route.km, km: route.km };
    const point: GeoPoint = { latDeg: 0, lonDeg: 0, altitudeM: 0 };
    for (let knot = 0; knot <= last; knot++) {
      positionAt(byKm, last === 0 ? 0 : knot / perKm, point);
      const blendM = this.#weigh(point, knot * PLACES_PER_KNOT, knots);
      const lat = (point.latDeg * Math.PI) / 180;
      knots.riseM[knot] = point.altitudeM - blendM;
      knots.pressurePa[knot] = pressurePa(point.altitudeM);
      knots.lonDeg[knot] = point.lonDeg;
      knots.sinLat[knot] = Math.sin(lat);
      knots.cosLat[knot] = Math.cos(lat);
    }
    return knots;
  }

  /** Inverse cubes of the distances to the nearest places; returns the altitude of the blend. */
  #weigh(point: GeoPoint, at: number, { place, weight }: Pick<Knots, 'place' | 'weight'>): number {
    const eastWest = Math.cos((point.latDeg * Math.PI) / 180);
    const near = this.#places
      .map((p, ix) => ({ ix, squared: (p.lat - point.latDeg) ** 2 + ((p.lon - point.lonDeg) * eastWest) ** 2 }))
      .sort((a, b) => a.squared - b.squared)
      .slice(0, PLACES_PER_KNOT)
      // About 5 km: within a town its own climate is all.
      .map(({ ix, squared }) => ({ ix, inverse: (squared + 0.002) ** -1.5 }));
    const sum = near.reduce((total, { inverse }) => total + inverse, 0);
    let blendM = 0;
    for (const [i, { ix, inverse }] of near.entries()) {
      place[at + i] = ix;
      weight[at + i] = inverse / sum;
      blendM += (inverse / sum) * this.#places[ix]!.altitudeM;
    }
    return blendM;
  }
}

function cellMiddle(deg: number): number {
  return Math.round(deg * CELLS_PER_DEGREE) / CELLS_PER_DEGREE;
}
