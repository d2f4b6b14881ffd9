import type { Interval } from '../../src/contract/words.ts';
import type { Leg } from './network.ts';
import type { Route, Track } from './types.ts';

/** A position to write to: nothing here allocates, for it is asked for every frame. */
export interface GeoPoint {
  latDeg: number;
  lonDeg: number;
  altitudeM: number;
}

/** How far along its route a track is at an instant; it stands still before its first instant and after its last. */
export function kmAt(track: Track, timeMs: number): number {
  return valueAt(track.timeMs, track.km, timeMs, segmentAt(track.timeMs, timeMs, 0));
}

/** Where a track is at an instant. */
export function positionAt(track: Track, timeMs: number, out: GeoPoint): void {
  const km = kmAt(track, timeMs);
  pointAt(track.route, km, segmentAt(track.route.km, km, 0), out);
}

/** Speed along the road at an instant, m/s: that of the stretch which begins there. */
export function speedAtMps(track: Track, timeMs: number): number {
  return speedIn(track, timeMs, segmentAt(track.timeMs, timeMs, 0));
}

/** A place in a track that remembers where it was: nearly free for instants that follow each other. */
export class TrackCursor implements GeoPoint {
  latDeg = 0;
  lonDeg = 0;
  altitudeM = 0;
  km = 0;
  speedMps = 0;
  #inTime = 0;
  #inRoute = 0;

  /** Goes to an instant of a track; another track or an earlier instant only costs a search. */
  moveTo(track: Track, timeMs: number): void {
    this.#inTime = segmentAt(track.timeMs, timeMs, this.#inTime);
    this.km = valueAt(track.timeMs, track.km, timeMs, this.#inTime);
    this.speedMps = speedIn(track, timeMs, this.#inTime);
    this.#inRoute = segmentAt(track.route.km, this.km, this.#inRoute);
    pointAt(track.route, this.km, this.#inRoute, this);
  }
}

/**
 * When a track is out of the mobile network's reach: in the gaps and tunnels of its legs, from leaving the last
 * kilometre with a network to coming back to the first one. Ascending and apart, within the track's own time.
 * @param legs of the track's route, from its start
 */
export function unreachedAlong(track: Track, legs: readonly Leg[]): Interval[] {
  const intervals: Interval[] = [];
  const endKm = track.km.at(-1)!;
  for (const [fromKm, toKm] of unreachedKm(legs)) {
    if (fromKm >= endKm) break;
    const fromMs = leavesMs(track, fromKm);
    const toMs = reachesMs(track, toKm);
    if (fromMs < toMs) intervals.push({ fromMs, toMs });
  }
  return intervals;
}

/** Kilometres of a route without a network, ascending and apart. */
function unreachedKm(legs: readonly Leg[]): [number, number][] {
  const stretches: [number, number][] = [];
  let startKm = 0;
  for (const leg of legs) {
    for (const [fromKm, toKm] of leg.gaps) stretches.push([startKm + fromKm, startKm + toKm]);
    for (const [atKm, lengthKm] of leg.tunnels) stretches.push([startKm + atKm, startKm + atKm + lengthKm]);
    startKm += leg.km;
  }
  const apart: [number, number][] = [];
  for (const [fromKm, toKm] of stretches.sort((a, b) => a[0] - b[0])) {
    const last = apart.at(-1);
    if (last && fromKm <= last[1]) last[1] = Math.max(last[1], toKm);
    else apart.push([fromKm, toKm]);
  }
  return apart;
}

/** The last instant at or before a kilometre; what stands there leaves when it drives on. */
function leavesMs(track: Track, atKm: number): number {
  const next = track.km.findIndex((km) => km > atKm);
  return next < 0 ? track.timeMs.at(-1)! : crossesMs(track, next, atKm);
}

/** The first instant at or beyond a kilometre, or the track's last one. */
function reachesMs(track: Track, atKm: number): number {
  const next = track.km.findIndex((km) => km >= atKm);
  return next < 0 ? track.timeMs.at(-1)! : crossesMs(track, next, atKm);
}

/** When a kilometre is passed on the stretch that ends at an instant of the track. */
function crossesMs({ timeMs, km }: Track, next: number, atKm: number): number {
  if (next === 0) return timeMs[0]!;
  const share = (atKm - km[next - 1]!) / (km[next]! - km[next - 1]!);
  return Math.round(timeMs[next - 1]! + share * (timeMs[next]! - timeMs[next - 1]!));
}

function speedIn(track: Track, timeMs: number, i: number): number {
  const times = track.timeMs;
  if (timeMs < times[0]! || timeMs >= times[times.length - 1]!) return 0;
  // Kilometres by milliseconds are millions of metres by second.
  return (1e6 * (track.km[i + 1]! - track.km[i]!)) / (times[i + 1]! - times[i]!);
}

function pointAt({ km: kms, latDeg, lonDeg, altitudeM }: Route, km: number, i: number, out: GeoPoint): void {
  const share = shareAt(kms, km, i);
  out.latDeg = between(latDeg, i, share);
  out.lonDeg = between(lonDeg, i, share);
  out.altitudeM = between(altitudeM, i, share);
}

/** Linear in a segment, flat beyond the ends. @param i the segment of `x` */
function valueAt(xs: Float64Array, values: Float64Array, x: number, i: number): number {
  return between(values, i, shareAt(xs, x, i));
}

/** How far into its segment a value lies: 0 before the first, 1 after the last. */
function shareAt(xs: Float64Array, x: number, i: number): number {
  if (x <= xs[0]! || xs.length === 1) return 0;
  return x >= xs[xs.length - 1]! ? 1 : (x - xs[i]!) / (xs[i + 1]! - xs[i]!);
}

/** At the ends of a segment exactly what is there: what stands at its destination has no rounding. */
function between(values: Float64Array, i: number, share: number): number {
  if (share === 0) return values[i]!;
  return share === 1 ? values[i + 1]! : values[i]! + share * (values[i + 1]! - values[i]!);
}

/** The segment in which a value lies: the last one that begins at or before it. @param hint where to look first */
function segmentAt(xs: Float64Array, x: number, hint: number): number {
  const last = Math.max(xs.length - 2, 0);
  if (hint <= last && x >= xs[hint]!) {
    if (x < xs[hint + 1]!) return hint;
    if (x < xs[hint + 2]!) return hint + 1;
  }
  let low = 0;
  let high = last + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  return low;
}
