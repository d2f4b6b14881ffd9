import type { Interval } from '../../src/contract/words.ts';
import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { Scenario } from '../scenario/load.ts';
import { type BatchLife, planBatches } from './batches.ts';
import { planFaults } from './faults.ts';
import { deviceOf, type FleetAsset, fleetOf, orgsOf, yardOf } from './fleet.ts';
import { drawOutages } from './links.ts';
import { batchScans, placementScans, type ScanSetting } from './scans.ts';
import { planTrips, type Trip } from './trips.ts';
import type { CargoMove, DoorEvent, LinkOutage, Plan, PlannedScan, WayPoint } from './types.ts';

export interface PlanOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Instead of the scenario's own start, epoch ms. */
  readonly startMs?: number;
}

const MINUTE_MS = 60_000;
/** A dock door is open this long before and after the move: longer at a truck's rear than at a room. */
const DOCK_MS = { truck: 20 * MINUTE_MS, room: 10 * MINUTE_MS } as const;

/**
 * Decides everything that will happen, from scenario and seed alone: same scenario and seed, same plan. Logistics
 * first (trips, then the batches they carry), then doors and scans as they follow from it, then what goes wrong.
 * @throws ColdtrailError SCENARIO_INVALID where a fault finds no trip to happen on
 */
export function makePlan(scenario: Scenario, options: PlanOptions = {}): Plan {
  const seed = options.seed ?? scenario.seed;
  const startMs = options.startMs ?? scenario.startMs;
  const endMs = startMs + scenario.duration;
  const fleet = fleetOf(scenario);
  const trips = planTrips(scenario, fleet, seed, startMs);
  const lives = planBatches(scenario, fleet, trips, seed, startMs);
  const devices = fleet.map((asset, ix) => deviceOf(asset, ix, seed, scenario.devices));
  const setting: ScanSetting = { assets: fleet, produce: scenario.produce, zone: scenario.zone, startMs };
  return {
    scenario: scenario.name,
    seed,
    startMs,
    endMs,
    orgs: orgsOf(scenario),
    assets: fleet.map(({ key, org, kind, name, setPointC }) => ({ key, org, kind, name, setPointC })),
    devices,
    batches: lives.map(({ id, massKg, pulpC }) => ({ id, massKg, harvestPulpC: pulpC })),
    moves: movesOf(lives),
    scans: scansOf(lives, placementScans(devices, setting), setting),
    tracks: fleet.map((asset, ix) =>
      trackOf(
        asset,
        trips.filter((t) => t.truckIx === ix),
        seed,
      ),
    ),
    doors: [...dockDoors(lives, fleet), ...checkDoors(trips, seed, endMs)].sort(byTimeThenAsset),
    faults: planFaults(scenario, fleet, trips, seed, startMs),
    outages: fleet.flatMap((asset, ix) => outagesOf(asset, ix, scenario, seed, startMs, endMs)),
  };
}

/** Cargo moves as they follow from where each step puts a batch. */
function movesOf(lives: readonly BatchLife[]): CargoMove[] {
  const moves: CargoMove[] = [];
  for (const [batchIx, { steps }] of lives.entries()) {
    let fromAssetIx: number | null = null;
    for (const { timeMs, assetIx } of steps) {
      if (assetIx === fromAssetIx) continue;
      moves.push({ timeMs, batchIx, fromAssetIx, toAssetIx: assetIx });
      fromAssetIx = assetIx;
    }
  }
  return moves.sort((a, b) => a.timeMs - b.timeMs || a.batchIx - b.batchIx);
}

function scansOf(lives: readonly BatchLife[], placements: readonly PlannedScan[], setting: ScanSetting): PlannedScan[] {
  // Sorting is stable: placements come before what is scanned at the same instant, batches in the order of lots.
  return [...placements, ...lives.flatMap((life) => batchScans(life, setting))].sort((a, b) => a.timeMs - b.timeMs);
}

function trackOf(asset: FleetAsset, trips: readonly Trip[], seed: number): WayPoint[] {
  const yard = yardOf(asset, seed);
  if (trips.length === 0) return [yard];
  return trips.flatMap((trip) => [...trip.drive.wayPoints, ...trip.wayBack.wayPoints]);
}

/** A move opens the doors of the assets on both its sides; touching intervals become one. */
function dockDoors(lives: readonly BatchLife[], fleet: readonly FleetAsset[]): DoorEvent[] {
  const byAsset = new Map<number, Interval[]>();
  for (const { timeMs, fromAssetIx, toAssetIx } of movesOf(lives)) {
    // Stock that lies in a store as the run begins came in before.
    if (fromAssetIx === null && toAssetIx !== null && fleet[toAssetIx]!.kind === 'cold-store') continue;
    for (const ix of [fromAssetIx, toAssetIx]) {
      if (ix === null) continue;
      const halfMs = fleet[ix]!.kind === 'reefer-truck' ? DOCK_MS.truck : DOCK_MS.room;
      const intervals = byAsset.get(ix) ?? [];
      byAsset.set(ix, [...intervals, { fromMs: timeMs - halfMs, toMs: timeMs + halfMs }]);
    }
  }
  return [...byAsset].flatMap(([assetIx, intervals]) => merged(intervals).map((i) => ({ assetIx, ...i })));
}

function merged(intervals: readonly Interval[]): Interval[] {
  const out: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of [...intervals].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = out.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else out.push({ fromMs, toMs });
  }
  return out;
}

/** At a road check someone looks in: the rear door is open for some minutes. */
function checkDoors(trips: readonly Trip[], seed: number, endMs: number): DoorEvent[] {
  return trips.flatMap(({ truckIx, drive }) =>
    drive.checks
      .filter((check) => check.fromMs < endMs)
      .map((check) => {
        const stream = randomStream(seed, 'check', String(truckIx), String(check.fromMs));
        const fromMs = check.fromMs + Math.round(drawBetween(stream, 2, 5)) * MINUTE_MS;
        return { assetIx: truckIx, fromMs, toMs: fromMs + Math.round(drawBetween(stream, 3, 7)) * MINUTE_MS };
      }),
  );
}

/** Only what drives loses its link; the yard's is wired. */
function outagesOf(
  asset: FleetAsset,
  deviceIx: number,
  { links }: Scenario,
  seed: number,
  startMs: number,
  endMs: number,
): LinkOutage[] {
  if (asset.kind !== 'reefer-truck') return [];
  const stream = randomStream(seed, 'outages', asset.key);
  const outages = drawOutages(stream, startMs, endMs, links.outagesPerDay, links.meanOutage);
  return outages.map((outage) => ({ deviceIx, ...outage }));
}

const byTimeThenAsset = (a: DoorEvent, b: DoorEvent): number => a.fromMs - b.fromMs || a.assetIx - b.assetIx;
