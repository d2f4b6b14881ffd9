import { internLayout } from '../../src/contract/frame.ts';

/** The ten channels of a reefer truck in the benchmarks of rules. */
export const LAYOUT = internLayout([
  'air-return',
  'air-supply',
  'door',
  'humidity',
  'lat',
  'lon',
  'pulp-1',
  'pulp-2',
  'pulp-3',
  'set-point',
]);

/** What does not follow the wave of temperatures. */
export const STEADY: Readonly<Record<string, number>> = {
  door: 0,
  humidity: 92,
  lat: 39.5,
  lon: 76.7,
  'set-point': -0.5,
};
