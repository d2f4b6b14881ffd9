import type { AssetKind } from '../../contract/words.ts';
import type { ProfileRule } from './schema.ts';

/**
 * What watches the watchers of fresh prunes: whether a sensor is to be believed, which warm air a door or a defrost
 * explains, and whether a device speaks at all. Numbers without a source are ESTIMATES.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const AIR = ['air', 'air-supply', 'air-return'] as const;

/** @param all every kind of asset that is watched @param vehicles those whose doors are opened for work at stops only */
export function watchRules(all: AssetKind[], vehicles: AssetKind[]): ProfileRule[] {
  const rooms = all.filter((kind) => !vehicles.includes(kind));
  return [...sensorRules(all, vehicles), ...operationRules(all, vehicles, rooms), ...deviceRules(all)];
}

function sensorRules(assets: AssetKind[], vehicles: AssetKind[]): ProfileRule[] {
  return [
    {
      name: 'sensor-range',
      rule: 'physical-range',
      assets,
      channels: ['pulp', ...AIR],
      severity: 'warning',
      // No fruit of the Tarim basin, and no air that is blown over it, is colder or hotter.
      params: { lowC: -35, highC: 65, dwellMs: 30 * MINUTE_MS },
    },
    {
      name: 'sensor-spikes',
      rule: 'spike',
      assets,
      channels: ['pulp'],
      severity: 'warning',
      // Forced air takes 25 °C out of fruit in 90 min at best (domain.md): 17 °C an hour.
      params: { jumpC: 3, perHourC: 17, spikes: 3, windowMs: 2 * HOUR_MS },
    },
    {
      name: 'sensor-spikes',
      rule: 'spike',
      assets,
      channels: [...AIR],
      severity: 'warning',
      // Air leaps when a door is opened or the coil is thawed: only what no door does is left out.
      params: { jumpC: 12, perHourC: 30, spikes: 3, windowMs: 2 * HOUR_MS },
    },
    {
      name: 'sensor-stuck',
      rule: 'stuck',
      assets,
      channels: ['pulp'],
      severity: 'warning',
      // Pulp in a steady store shows one value for days, rounded to 0.1 °C: its siblings must have moved.
      params: { dwellMs: 6 * HOUR_MS, besideC: 1 },
    },
    {
      name: 'sensor-stuck',
      rule: 'stuck',
      assets,
      channels: [...AIR],
      severity: 'warning',
      params: { dwellMs: 3 * HOUR_MS, besideC: 2 },
    },
    {
      name: 'sensor-drift',
      rule: 'drift',
      // In a room one lot follows another at the same probe; in a vehicle the load stays.
      assets: vehicles,
      channels: ['pulp'],
      severity: 'warning',
      params: { awayC: 1.5, atLeastMs: 90 * MINUTE_MS, dwellMs: HOUR_MS },
    },
  ];
}

function operationRules(all: AssetKind[], vehicles: AssetKind[], rooms: AssetKind[]): ProfileRule[] {
  const door = (assets: AssetKind[], longestMs: number): ProfileRule => ({
    name: 'door-open',
    rule: 'door',
    assets,
    channels: ['door'],
    severity: 'warning',
    params: { longestMs, settlingMs: 20 * MINUTE_MS },
  });
  return [
    // A load is in the truck when its custody begins: after that a door is open for stops and checks.
    door(vehicles, 60 * MINUTE_MS),
    door(rooms, 120 * MINUTE_MS),
    {
      name: 'defrost-long',
      rule: 'defrost',
      assets: all,
      channels: ['defrost'],
      severity: 'warning',
      params: { longestMs: 60 * MINUTE_MS, settlingMs: 20 * MINUTE_MS },
    },
    {
      name: 'defrost-seen',
      rule: 'defrost-shape',
      assets: all,
      channels: ['air-supply'],
      severity: 'warning',
      params: {},
    },
  ];
}

function deviceRules(assets: AssetKind[]): ProfileRule[] {
  return [
    {
      name: 'battery-low',
      rule: 'low',
      assets,
      channels: ['battery'],
      severity: 'warning',
      params: { limitC: 20, hysteresisC: 5, dwellMs: 30 * MINUTE_MS },
    },
    {
      name: 'no-data',
      rule: 'no-data',
      assets,
      channels: [],
      severity: 'warning',
      // EN 12830 asks for a reading every 15 min on journeys of 1 to 7 days: four of them missed.
      params: { atLeastMs: HOUR_MS, intervals: 4 },
    },
  ];
}
