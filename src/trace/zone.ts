/** What people read times in: minutes east of UTC. Chinese Standard Time holds in Xinjiang too. */
export const ZONE_DEFAULT = '+08:00';

/** Reads `±HH:MM` or `Z` as minutes east of UTC; undefined where it is neither. */
export function parseZone(text: string): number | undefined {
  if (text === 'Z') return 0;
  const m = /^([+-])(0\d|1[0-4]):([0-5]\d)$/.exec(text);
  return m ? (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3])) : undefined;
}

/** `2026-08-01 06:15`, in the zone. */
export function localTime(timeMs: number, zoneMin: number): string {
  return shifted(timeMs, zoneMin).slice(0, 16).replace('T', ' ');
}

/** RFC 3339 with the zone's offset, to the second: `2026-08-01T06:15:00+08:00`. */
export function rfc3339(timeMs: number, zoneMin: number): string {
  return shifted(timeMs, zoneMin).slice(0, 19) + zoneText(zoneMin);
}

/** `+08:00`. */
export function zoneText(zoneMin: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const min = Math.abs(zoneMin);
  return `${zoneMin < 0 ? '-' : '+'}${two(Math.floor(min / 60))}:${two(min % 60)}`;
}

function shifted(timeMs: number, zoneMin: number): string {
  return new Date(timeMs + zoneMin * 60_000).toISOString();
}
