import { describe, expect, it } from 'vitest';
import type { Duty, Plan, PlannedFault } from '../../../simulators/plan/types.ts';
import { dutiesInReach, isInReach } from '../../../simulators/truth/reach.ts';
import { toyDuty } from '../toy-plan.ts';
import { slice, toyFault, toySeason } from './toy-season.ts';

const wholeRun = { fromMs: slice(0), toMs: slice(100) };
const season: Plan = { ...toySeason([]), assets: toySeason([]).assets.map((asset) => withDuties(asset, [wholeRun])) };

const [ROOM, STORE, TRUCK, SHOP] = [0, 1, 2, 3];

const reach = (faults: PlannedFault[], changes?: Partial<Plan>) =>
  [...dutiesInReach({ ...season, faults, ...changes }, season).keys()].sort();

describe('dutiesInReach', () => {
  it('go where the cargo goes, and not back', () => {
    expect(reach([])).toEqual([]);
    expect(reach([toyFault(TRUCK, 40, 50, 3)])).toEqual([TRUCK, SHOP]);
    expect(reach([toyFault(STORE, 25, 50, 3)])).toEqual([STORE, TRUCK, SHOP]);
  });

  it('do not hold what has left before the fault', () => {
    expect(reach([toyFault(STORE, 31, 50, 3)])).toEqual([STORE]);
    expect(reach([toyFault(ROOM, 9, 9.5, 3)])).toEqual([ROOM, STORE, TRUCK, SHOP]);
  });

  it('a sensor fault touches nothing', () => {
    expect(reach([{ ...toyFault(TRUCK, 40, 50, 3), kind: 'sensor-stuck', channel: 'pulp-1' }])).toEqual([]);
  });

  it('begin where a fault of loading has changed the moves, or a blend', () => {
    const { moves, blends } = season;
    expect(reach([], { moves: moves.slice(1) })).toContain(ROOM);
    const later = blends.map((blend) => (blend.assetIx === SHOP ? { ...blend, timeMs: blend.timeMs + 1 } : blend));
    expect(reach([], { blends: later })).toEqual([SHOP]);
  });

  it('begin where a load that is too warm comes in, not where it leaves', () => {
    const warmer = season.moves.map((move) => (move.toAssetIx === TRUCK ? { ...move, warmerK: 5 } : move));
    expect(reach([], { moves: warmer })).toEqual([TRUCK, SHOP]);
  });

  it('begin where doors stand open at other times', () => {
    const doors = [{ fromMs: slice(5), toMs: slice(6), docked: true }];
    const opened = season.assets.map((asset, ix) =>
      ix === SHOP ? withDuties(asset, [{ ...wholeRun, doors }]) : asset,
    );
    expect(reach([], { assets: opened })).toEqual([SHOP]);
  });

  it('are duties, not assets: the next trip is as it would have been', () => {
    const trips = [
      { fromMs: slice(29), toMs: slice(61) },
      { fromMs: slice(70), toMs: slice(90) },
    ];
    const assets = season.assets.map((asset, ix) => (ix === TRUCK ? withDuties(asset, trips) : asset));
    const found = dutiesInReach({ ...season, assets, faults: [toyFault(TRUCK, 40, 65, 3)] }, { ...season, assets });
    expect(found.get(TRUCK)).toEqual(trips.slice(0, 1));
    expect(isInReach(found, TRUCK, slice(29))).toBe(true);
    expect(isInReach(found, TRUCK, slice(61))).toBe(false);
    expect(isInReach(found, TRUCK, slice(80))).toBe(false);
    expect(isInReach(found, ROOM, slice(40))).toBe(false);
  });
});

function withDuties(asset: Plan['assets'][number], changes: readonly Partial<Duty>[]): Plan['assets'][number] {
  return { ...asset, duties: changes.map((change) => toyDuty(0, 60, change)) };
}
