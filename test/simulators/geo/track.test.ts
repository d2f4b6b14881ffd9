import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Leg, loadNetwork, roadRoute } from '../../../simulators/plan/network.ts';
import { routeOf, singlePoint, standingAt } from '../../../simulators/plan/route.ts';
import { kmAt, positionAt, speedAtMps, TrackCursor, unreachedAlong } from '../../../simulators/plan/track.ts';
import type { Track } from '../../../simulators/plan/types.ts';

const network = loadNetwork();
const place = (name: string) => network.places.get(name)!;
const legs = roadRoute(network, 'jiashi', 'turpan')!;
const route = routeOf(legs);
const lengthKm = route.km.at(-1)!;

const trackOf = (...points: readonly (readonly [number, number])[]): Track => ({
  route,
  timeMs: Float64Array.from(points, ([timeMs]) => timeMs),
  km: Float64Array.from(points, ([, km]) => km),
});

/** A drive with stops: stretches of driving and of standing in turn. */
const trackArb = fc
  .array(fc.tuple(fc.integer({ min: 600_000, max: 7_200_000 }), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((stretches) => {
    let [timeMs, km] = [1_000_000, 0];
    const points: [number, number][] = [[timeMs, km]];
    for (const [ms, step] of stretches) {
      timeMs += ms;
      km = Math.min(km + step * 41, lengthKm);
      points.push([timeMs, km]);
    }
    return trackOf(...points);
  });

describe('routes', () => {
  test('run through their places, kilometre by kilometre of the road', () => {
    for (const [i, leg] of legs.entries()) expect(route.km[i + 1]! - route.km[i]!).toBeCloseTo(leg.km, 9);
    expect(route.km.length).toBe(legs.length + 1);
    expect(route.latDeg[0]).toBe(place('jiashi').lat);
    expect(route.lonDeg.at(-1)).toBe(place('turpan').lon);
    expect(route.altitudeM.at(-1)).toBe(place('turpan').altitudeM);
  });

  test('are shared by all who go them', () => {
    expect(routeOf(legs.map((leg) => ({ ...leg })))).toBe(route);
    expect(routeOf(legs.slice(1))).not.toBe(route);
    const detour = legs.map((leg, i) => (i === 0 ? { ...leg, km: leg.km + 1 } : leg));
    expect(routeOf(detour)).not.toBe(route);
  });

  test('a point is its place with an offset, shared to 0.001°', () => {
    const yard = singlePoint(place('jiashi'), { latDeg: 0.0123, lonDeg: -0.02 });
    expect(yard.latDeg[0]).toBeCloseTo(39.502, 9);
    expect(yard.lonDeg[0]).toBeCloseTo(76.71, 9);
    expect(singlePoint(place('jiashi'), { latDeg: 0.0119, lonDeg: -0.0201 })).toBe(yard);
    expect(singlePoint(place('kashgar'), { latDeg: 0.0119, lonDeg: -0.0201 })).not.toBe(yard);
    const at = { latDeg: 0, lonDeg: 0, altitudeM: 0 };
    positionAt(standingAt(yard), 1e12, at);
    expect(at).toEqual({ latDeg: yard.latDeg[0], lonDeg: yard.lonDeg[0], altitudeM: 1210 });
  });
});

describe('tracks', () => {
  const track = trackOf([0, 0], [3_600_000, 65], [5_400_000, 65], [9_000_000, 165]);

  test('by hand: half-way in time is half-way in kilometres; still before, after and at a stop', () => {
    expect([-1, 0, 1_800_000, 4_000_000, 7_200_000, 9e9].map((t) => kmAt(track, t))).toEqual([
      0, 0, 32.5, 65, 115, 165,
    ]);
    expect(speedAtMps(track, 1_800_000)).toBeCloseTo(65 / 3.6, 9);
    expect([-1, 4_000_000, 9_000_000].map((t) => speedAtMps(track, t))).toEqual([0, 0, 0]);
    const at = { latDeg: 0, lonDeg: 0, altitudeM: 0 };
    positionAt(track, 7_200_000, at);
    const share = 115 / legs[0]!.km;
    expect(at.lonDeg).toBeCloseTo(76.73 + share * (place('bachu').lon - 76.73), 9);
    expect(at.altitudeM).toBeCloseTo(1210 + share * (place('bachu').altitudeM - 1210), 6);
  });

  test('a cursor tells the same as a search, in whatever order it is asked', () => {
    const other = standingAt(singlePoint(place('xian')));
    fc.assert(
      fc.property(
        trackArb,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 250_000_000 }), fc.boolean())),
        (track, asked) => {
          const cursor = new TrackCursor();
          const at = { latDeg: 0, lonDeg: 0, altitudeM: 0 };
          for (const [timeMs, elsewhere] of asked) {
            const which = elsewhere ? other : track;
            cursor.moveTo(which, timeMs);
            positionAt(which, timeMs, at);
            expect(cursor).toMatchObject({ ...at, km: kmAt(which, timeMs), speedMps: speedAtMps(which, timeMs) });
          }
        },
      ),
    );
  });
});

describe('out of reach', () => {
  /** 100 km each, so that kilometres are easy to read. */
  const leg = (gaps: Leg['gaps'], tunnels: Leg['tunnels']): Leg => {
    return { from: place('jiashi'), to: place('bachu'), km: 100, kmh: 60, checkMin: 0, gaps, tunnels };
  };
  const MINUTE = 60_000;

  test('by hand: gaps and tunnels of every leg, touching ones joined, a stop in a gap counted', () => {
    const two = [
      leg(
        [[20, 40]],
        [
          [38, 5],
          [60, 2],
        ],
      ),
      leg([[0, 10]], []),
    ];
    // A kilometre a minute, with half an hour of rest at kilometre 30.
    const track = trackOf([0, 0], [30 * MINUTE, 30], [60 * MINUTE, 30], [230 * MINUTE, 200]);
    const minutes = unreachedAlong(track, two).map(({ fromMs, toMs }) => [fromMs / MINUTE, toMs / MINUTE]);
    expect(minutes).toEqual([
      [20, 73],
      [90, 92],
      [130, 140],
    ]);
  });

  test('standing at the edge of a gap one is still in reach', () => {
    const track = trackOf(
      [0, 0],
      [20 * MINUTE, 20],
      [50 * MINUTE, 20],
      [80 * MINUTE, 40],
      [90 * MINUTE, 40],
      [99 * MINUTE, 50],
    );
    const [only] = unreachedAlong(track, [leg([[20, 40]], [])]);
    expect(only).toEqual({ fromMs: 50 * MINUTE, toMs: 80 * MINUTE });
  });

  test('ascending, apart and within the track; out of reach exactly where the kilometre says so', () => {
    fc.assert(
      fc.property(trackArb, fc.double({ min: 0, max: 1, noNaN: true }), (track, share) => {
        const intervals = unreachedAlong(track, legs);
        let lastMs = track.timeMs[0]!;
        for (const { fromMs, toMs } of intervals) {
          expect(fromMs).toBeGreaterThanOrEqual(lastMs);
          expect(toMs).toBeGreaterThan(fromMs);
          lastMs = toMs;
        }
        expect(lastMs).toBeLessThanOrEqual(track.timeMs.at(-1)!);
        const timeMs = track.timeMs[0]! + Math.floor(share * (track.timeMs.at(-1)! - track.timeMs[0]! - 1));
        const km = kmAt(track, timeMs);
        let startKm = 0;
        let [inside, atEdge] = [false, false];
        for (const { km: legKm, gaps, tunnels } of legs) {
          for (const [from, to] of [...gaps, ...tunnels.map(([at, length]) => [at, at + length] as const)]) {
            inside ||= km > startKm + from && km < startKm + to;
            // Instants are whole milliseconds.
            atEdge ||= Math.min(Math.abs(km - startKm - from), Math.abs(km - startKm - to)) < 0.5;
          }
          startKm += legKm;
        }
        if (!atEdge) expect(intervals.some(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < toMs)).toBe(inside);
      }),
    );
  });
});
