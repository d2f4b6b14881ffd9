import type { Interval } from '../../src/contract/words.ts';
import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { Fleet, FleetAsset } from './fleet.ts';
import { CALLED_BEFORE_MS, type Haul } from './hauls.ts';
import { clipped, merged } from './intervals.ts';
import type { Network } from './network.ts';
import { singlePoint, standingAt } from './route.ts';
import type { Harvest } from './supply.ts';
import { unreachedAlong } from './track.ts';
import { type CargoMove, type DoorOpening, type Duty, SLICE_MS } from './types.ts';

/** What each asset does all run long: trips of vehicles, uses of pre-cooling rooms, the whole run of what else stands still. */

const MINUTE_MS = 60_000;
const RELEASED_AFTER_MS = 15 * MINUTE_MS;
/**
 * A pre-cooling room is switched on before fruit comes, off after the last has gone, and left on over a night between
 * two uses. ESTIMATES: the unit draws tens of kilowatts for nothing else.
 */
const ROOM_ON_BEFORE_MS = 2 * 60 * MINUTE_MS;
const ROOM_OFF_AFTER_MS = 60 * MINUTE_MS;
const ROOM_LEFT_ON_MS = 12 * 60 * MINUTE_MS;
/** A dock door is open this long before and after a move: longer at a vehicle's rear than at a room. */
const DOCK_MS = { vehicle: 20 * MINUTE_MS, room: 10 * MINUTE_MS, display: 3 * MINUTE_MS } as const;

export interface DutySetting {
  readonly network: Network;
  readonly fleet: Fleet;
  readonly seed: number;
  readonly run: Interval;
  /** Whether gaps in coverage count. */
  readonly coverage: boolean;
}

/** From when until when a haul keeps its vehicle busy with its load; both ends on the slice grid. */
export function dutyOf({ loadMs, unloadMs }: Haul, run: Interval): Interval {
  const toGrid = (ms: number): number => Math.ceil(ms / SLICE_MS) * SLICE_MS;
  return {
    fromMs: Math.max(run.fromMs, loadMs - toGrid(CALLED_BEFORE_MS)),
    toMs: Math.min(run.toMs, unloadMs + toGrid(RELEASED_AFTER_MS)),
  };
}

/** When a pre-cooling room is on, for all that is harvested into it; ascending, on the slice grid. */
export function roomUses(harvests: readonly Harvest[], run: Interval): Interval[] {
  const uses = harvests.map(({ inMs, storeMs }) => ({
    fromMs: inMs - ROOM_ON_BEFORE_MS,
    toMs: storeMs + ROOM_OFF_AFTER_MS + ROOM_LEFT_ON_MS,
  }));
  const on = merged(uses).map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs - ROOM_LEFT_ON_MS }));
  return clipped(on, run);
}

/** The duties of a vehicle, ascending. */
export function vehicleDuties(assetIx: number, hauls: readonly Haul[], setting: DutySetting): Duty[] {
  return [...hauls]
    .sort((a, b) => a.loadMs - b.loadMs)
    .map((haul) => {
      const duty = dutyOf(haul, setting.run);
      return {
        ...duty,
        track: haul.track,
        doors: vehicleDoors(assetIx, haul, duty, setting),
        unpowered: clipped(haul.unpowered, duty),
        unreached: setting.coverage ? clipped(unreachedAlong(haul.track, haul.legs), duty) : [],
      };
    });
}

/** Docked at both ends; on the way someone looks in at a road check: the rear door is open for some minutes. */
function vehicleDoors(assetIx: number, haul: Haul, duty: Interval, { seed, run, fleet }: DutySetting): DoorOpening[] {
  const docked = [haul.loadMs, haul.unloadMs].map((timeMs) => around(timeMs, DOCK_MS.vehicle));
  const checks = haul.checks.map((check) => {
    const stream = randomStream(seed, 'check', fleet.assets[assetIx]!.key, String(check.fromMs - run.fromMs));
    const fromMs = check.fromMs + Math.round(drawBetween(stream, 2, 5)) * MINUTE_MS;
    return { fromMs, toMs: fromMs + Math.round(drawBetween(stream, 3, 7)) * MINUTE_MS };
  });
  const opening =
    (isDocked: boolean) =>
    (interval: Interval): DoorOpening => ({ ...interval, docked: isDocked });
  const doors = [
    ...clipped(merged(docked), duty).map(opening(true)),
    ...clipped(checks, duty).map(opening(false)),
  ].sort((a, b) => a.fromMs - b.fromMs);
  // A check at the very end of the way may reach into the unloading: then it is that.
  return doors.filter((door, i) => i === 0 || door.fromMs > doors[i - 1]!.toMs);
}

/**
 * By asset: the duties of what stands still, with doors as its moves open them.
 * @param uses when the asset is on, the run where left out
 */
export function fixedDuties(
  moves: readonly CargoMove[],
  setting: DutySetting,
): (assetIx: number, uses?: readonly Interval[]) => Duty[] {
  const moveTimes = new Map<number, number[]>();
  for (const { timeMs, fromAssetIx, toAssetIx } of moves) {
    // Stock that lies in a store as the run begins came in before.
    if (fromAssetIx === null && timeMs === setting.run.fromMs) continue;
    for (const ix of [fromAssetIx, toAssetIx]) {
      if (ix === null) continue;
      const times = moveTimes.get(ix);
      if (!times) moveTimes.set(ix, [timeMs]);
      else if (times.at(-1) !== timeMs) times.push(timeMs);
    }
  }
  return (assetIx, uses = [setting.run]) => {
    const asset = setting.fleet.assets[assetIx]!;
    const half = asset.kind === 'retail-display' ? DOCK_MS.display : DOCK_MS.room;
    const openings = (moveTimes.get(assetIx) ?? []).map((timeMs) => around(timeMs, half));
    const doors = merged(openings);
    const track = standingAt(yardOf(asset, setting));
    return uses.map((use) => ({
      ...use,
      track,
      doors: clipped(doors, use).map((interval) => ({ ...interval, docked: true })),
      unpowered: [],
      unreached: [],
    }));
  };
}

/** Where an asset stands: its place, moved by up to a few km so that neighbours do not cover each other. */
function yardOf(asset: FleetAsset, { network, seed }: DutySetting) {
  const stream = randomStream(seed, 'yard', asset.key);
  return singlePoint(network.places.get(asset.place)!, {
    latDeg: drawBetween(stream, -0.03, 0.03),
    lonDeg: drawBetween(stream, -0.03, 0.03),
  });
}

const around = (timeMs: number, halfMs: number): Interval => ({ fromMs: timeMs - halfMs, toMs: timeMs + halfMs });
