import { expect, test } from 'vitest';
import { clearSkyWm2, sinOfHeight, solarHour, sunOfDay, sunriseH } from '../../../simulators/world/physics/sun.ts';

const rad = Math.PI / 180;
const lat = (deg: number): [number, number] => [Math.sin(deg * rad), Math.cos(deg * rad)];
const declinationDeg = (utc: number) => Math.asin(sunOfDay(utc).sinDeclination) / rad;

test('declination at solstices and equinox, equation of time at its extremes', () => {
  expect(Math.abs(declinationDeg(Date.UTC(2026, 5, 21)) - 23.44)).toBeLessThan(0.1);
  expect(Math.abs(declinationDeg(Date.UTC(2026, 11, 21)) + 23.44)).toBeLessThan(0.1);
  expect(Math.abs(declinationDeg(Date.UTC(2026, 2, 20)))).toBeLessThan(0.6);
  // The sundial is 14 minutes behind in mid-February and 16 ahead in early November.
  expect(sunOfDay(Date.UTC(2026, 1, 11)).dialAheadH * 60).toBeCloseTo(-14.2, 0);
  expect(sunOfDay(Date.UTC(2026, 10, 3)).dialAheadH * 60).toBeCloseTo(16.4, 0);
});

test('at noon of the equinox it stands as high as the latitude is from the pole, and sets at six', () => {
  const sun = { sinDeclination: 0, cosDeclination: 1, dialAheadH: 0 };
  expect(Math.asin(sinOfHeight(sun, ...lat(43), 12)) / rad).toBeCloseTo(47, 9);
  expect(sinOfHeight(sun, ...lat(43), 18)).toBeCloseTo(0, 9);
  expect(sunriseH(sun, ...lat(43))).toBeCloseTo(6, 9);
});

test('the longest day at 43° N has its sunrise at about half past four by the sundial', () => {
  expect(sunriseH(sunOfDay(Date.UTC(2026, 5, 21)), ...lat(43))).toBeCloseTo(4.4, 1);
  expect(sunriseH(sunOfDay(Date.UTC(2026, 5, 21)), ...lat(80))).toBe(0);
  expect(sunriseH(sunOfDay(Date.UTC(2026, 11, 21)), ...lat(80))).toBe(12);
});

test('the sundial’s hour stays within the day', () => {
  const sun = { sinDeclination: 0, cosDeclination: 1, dialAheadH: 0.25 };
  expect(solarHour(sun, 23.9)).toBeCloseTo(0.15, 9);
  expect(solarHour({ ...sun, dialAheadH: -0.25 }, 0.1)).toBeCloseTo(23.85, 9);
  expect(solarHour(sun, 35)).toBeCloseTo(11.25, 9);
});

test('clear sky: nothing below the horizon, 1,035 W/m² overhead', () => {
  expect([-0.5, 0].map(clearSkyWm2)).toEqual([0, 0]);
  expect(clearSkyWm2(1)).toBeCloseTo(1098 * Math.exp(-0.059), 6);
  expect(clearSkyWm2(0.9)).toBeLessThan(clearSkyWm2(0.95));
});
