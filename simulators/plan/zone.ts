const MINUTE_MS = 60_000;

/** The UTC offset of an RFC 3339 instant: `+08:00`. */
export const zoneOf = (instant: string): string => (instant.endsWith('Z') ? '+00:00' : instant.slice(-6));

/** Minutes that a UTC offset such as `+08:00` is ahead of UTC. */
function offsetMin(zone: string): number {
  const parts = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  return parts ? Number(`${parts[1]}1`) * (Number(parts[2]) * 60 + Number(parts[3])) : 0;
}

/** An instant as RFC 3339 with the given offset: `2026-08-21T06:00:00.000+08:00`. */
export function rfc3339(timeMs: number, zone: string): string {
  return new Date(timeMs + offsetMin(zone) * MINUTE_MS).toISOString().slice(0, -1) + zone;
}
