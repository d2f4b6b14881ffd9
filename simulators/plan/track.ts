import type { WayPoint } from './types.ts';

const METRES_PER_DEGREE = 111_195;

/** Where a track is at an instant; it stands still before its first and after its last way-point. */
export function positionAt(track: readonly WayPoint[], timeMs: number): WayPoint {
  const first = track[0]!;
  const last = track.at(-1)!;
  if (timeMs <= first.timeMs) return first;
  if (timeMs >= last.timeMs) return last;
  const i = segmentAt(track, timeMs);
  const [a, b] = [track[i]!, track[i + 1]!];
  const share = (timeMs - a.timeMs) / (b.timeMs - a.timeMs);
  return {
    timeMs,
    latDeg: a.latDeg + share * (b.latDeg - a.latDeg),
    lonDeg: a.lonDeg + share * (b.lonDeg - a.lonDeg),
    altitudeM: a.altitudeM + share * (b.altitudeM - a.altitudeM),
  };
}

/** Speed over ground at an instant, along the straight line between way-points, m/s. */
export function speedAtMps(track: readonly WayPoint[], timeMs: number): number {
  if (timeMs < track[0]!.timeMs || timeMs >= track.at(-1)!.timeMs) return 0;
  const i = segmentAt(track, timeMs);
  const [a, b] = [track[i]!, track[i + 1]!];
  const north = (b.latDeg - a.latDeg) * METRES_PER_DEGREE;
  const east = (b.lonDeg - a.lonDeg) * METRES_PER_DEGREE * Math.cos((a.latDeg * Math.PI) / 180);
  return Math.hypot(north, east) / ((b.timeMs - a.timeMs) / 1000);
}

/** Index of the last way-point at or before an instant that lies within the track. */
function segmentAt(track: readonly WayPoint[], timeMs: number): number {
  let low = 0;
  let high = track.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (track[middle]!.timeMs <= timeMs) low = middle;
    else high = middle;
  }
  return low;
}
