/**
 * The sun's way over the day by the Fourier series of Spencer (1971, Search 2 (5), 172), good to a few hundredths of
 * a degree in declination and half a minute in time; refraction is left out.
 */

const DAY_MS = 86_400_000;
const RADIANS_PER_HOUR = Math.PI / 12;

/** What the sun does on a day, all over the world. */
export interface SunDay {
  readonly sinDeclination: number;
  readonly cosDeclination: number;
  /** How far a sundial is ahead of the local mean time. */
  readonly dialAheadH: number;
}

/** The sun of the day (UTC) that an instant lies in. */
export function sunOfDay(timeMs: number): SunDay {
  const yearMs = Date.UTC(new Date(timeMs).getUTCFullYear(), 0);
  const b = (2 * Math.PI * Math.floor((timeMs - yearMs) / DAY_MS)) / 365;
  const declination =
    0.006918 -
    0.399912 * Math.cos(b) +
    0.070257 * Math.sin(b) -
    0.006758 * Math.cos(2 * b) +
    0.000907 * Math.sin(2 * b) -
    0.002697 * Math.cos(3 * b) +
    0.00148 * Math.sin(3 * b);
  const dialAheadMin =
    229.18 *
    (0.000075 +
      0.001868 * Math.cos(b) -
      0.032077 * Math.sin(b) -
      0.014615 * Math.cos(2 * b) -
      0.04089 * Math.sin(2 * b));
  return {
    sinDeclination: Math.sin(declination),
    cosDeclination: Math.cos(declination),
    dialAheadH: dialAheadMin / 60,
  };
}

/** Hour by the sundial, 12 at the sun's highest. @param meanSolarH hour of the local mean time, below 36 */
export function solarHour(sun: SunDay, meanSolarH: number): number {
  const hour = meanSolarH + sun.dialAheadH;
  return hour < 0 ? hour + 24 : hour >= 24 ? hour - 24 : hour;
}

/** Sine of the sun's height above the horizon. */
export function sinOfHeight(sun: SunDay, sinLat: number, cosLat: number, solarH: number): number {
  const hourAngle = (solarH - 12) * RADIANS_PER_HOUR;
  return sinLat * sun.sinDeclination + cosLat * sun.cosDeclination * Math.cos(hourAngle);
}

/** Hour of sunrise by the sundial; 0 where the sun does not set and 12 where it does not rise. */
export function sunriseH(sun: SunDay, sinLat: number, cosLat: number): number {
  const cosHourAngle = -(sinLat * sun.sinDeclination) / (cosLat * sun.cosDeclination);
  return 12 - Math.acos(Math.max(-1, Math.min(1, cosHourAngle))) / RADIANS_PER_HOUR;
}

/** Sunshine on level ground under a clear sky, W/m² (Haurwitz 1945, J. Meteorol. 2, 154–166; as in pvlib). */
export function clearSkyWm2(sinHeight: number): number {
  return sinHeight <= 0 ? 0 : 1098 * sinHeight * Math.exp(-0.059 / sinHeight);
}
