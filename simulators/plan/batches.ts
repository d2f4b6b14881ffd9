import { lgtin } from '../../src/contract/identifiers.ts';
import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { Scenario } from '../scenario/load.ts';
import type { FleetAsset } from './fleet.ts';
import type { Trip } from './trips.ts';
import { rfc3339 } from './zone.ts';

/** What happens to a batch, in order. Each step but a first `commission` without asset puts it into an asset. */
export interface BatchStep {
  readonly kind: 'commission' | 'pre-cool' | 'store' | 'load' | 'receive' | 'sell';
  readonly timeMs: number;
  /** Where it is from now on; null where it is in none of the assets. */
  readonly assetIx: number | null;
}

/** A batch and its life. */
export interface BatchLife {
  readonly id: string;
  readonly lot: string;
  readonly massKg: number;
  /** Pulp temperature at which it enters the world. */
  readonly pulpC: number;
  readonly steps: readonly BatchStep[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** GS1's prefix for demonstrations and examples: no company owns it. */
const COMPANY_PREFIX = '9521141';
const ITEM_REF = '012345';

const FIRST_HARVEST_MS = 90 * MINUTE_MS;
const BETWEEN_ROOMS_MS = 60 * MINUTE_MS;
const PACKED_BEFORE_MS = 45 * MINUTE_MS;
/** Forced air brings a load down in about half a day; the plan leaves this long. */
const PRE_COOLING_H = [12, 14] as const;
const TURNAROUND_MS = 2 * HOUR_MS;
const STORED_BEFORE_LOADING_MS = 2 * HOUR_MS;
/** Fruit comes in from the orchard at the day's heat. */
const ORCHARD_PULP_C = [24, 30] as const;
/** Fruit pre-cooled before the run began. */
const STOCK_PULP_C = [-0.3, 0.8] as const;
const SOLD_SHARE = 0.6;
const SOLD_AFTER_H = [6, 18] as const;

/** A batch while the plan is made. */
interface Draft {
  /** Names its random stream. */
  readonly origin: string;
  readonly readyMs: number;
  readonly pulpC: number;
  readonly steps: BatchStep[];
}

/**
 * All batches: what the pre-cooling rooms turn out, and as much stock from before the run as the first trips need.
 * Lots are numbered by day in the order of packing.
 */
export function planBatches(
  scenario: Scenario,
  fleet: readonly FleetAsset[],
  trips: readonly Trip[],
  seed: number,
  startMs: number,
): BatchLife[] {
  const endMs = startMs + scenario.duration;
  const stores = indicesOf(fleet, 'cold-store');
  const drafts = harvested(fleet, stores, seed, startMs, endMs);
  const waiting = [...drafts].sort((a, b) => a.readyMs - b.readyMs);
  for (const trip of trips) {
    if (trip.loadMs >= endMs) continue;
    let draft = waiting[0] && waiting[0].readyMs <= trip.loadMs ? waiting.shift() : undefined;
    if (!draft) {
      draft = stock(trip, fleet, stores[drafts.length % stores.length]!, seed, startMs);
      drafts.push(draft);
    }
    draft.steps.push(...tripSteps(trip, draft, fleet, seed));
  }
  return numbered(drafts, scenario, seed, startMs, endMs);
}

function harvested(
  fleet: readonly FleetAsset[],
  stores: readonly number[],
  seed: number,
  startMs: number,
  endMs: number,
): Draft[] {
  const drafts: Draft[] = [];
  for (const [r, roomIx] of indicesOf(fleet, 'pre-cooling-room').entries()) {
    let inMs = startMs + FIRST_HARVEST_MS + r * BETWEEN_ROOMS_MS;
    for (let cycle = 0; inMs < endMs; cycle++) {
      const origin = `${fleet[roomIx]!.key}/${cycle}`;
      const stream = randomStream(seed, 'harvest', origin);
      const outMs = inMs + minutes(drawBetween(stream, ...PRE_COOLING_H) * HOUR_MS);
      drafts.push({
        origin,
        readyMs: outMs + STORED_BEFORE_LOADING_MS,
        pulpC: drawBetween(stream, ...ORCHARD_PULP_C),
        steps: [
          { kind: 'commission', timeMs: inMs - PACKED_BEFORE_MS, assetIx: null },
          { kind: 'pre-cool', timeMs: inMs, assetIx: roomIx },
          { kind: 'store', timeMs: outMs, assetIx: stores[(r + cycle) % stores.length]! },
        ],
      });
      inMs = outMs + TURNAROUND_MS;
    }
  }
  return drafts;
}

/** A batch that lies in a cold store when the run begins, packed there and then. */
function stock(trip: Trip, fleet: readonly FleetAsset[], storeIx: number, seed: number, startMs: number): Draft {
  const origin = `stock/${fleet[trip.truckIx]!.key}/${trip.loadMs}`;
  const pulpC = drawBetween(randomStream(seed, 'stock', origin), ...STOCK_PULP_C);
  return { origin, readyMs: startMs, pulpC, steps: [{ kind: 'commission', timeMs: startMs, assetIx: storeIx }] };
}

function tripSteps(trip: Trip, draft: Draft, fleet: readonly FleetAsset[], seed: number): BatchStep[] {
  const warehouseIx = fleet.findIndex((a) => a.kind === 'forward-warehouse' && a.place === trip.to);
  const stream = randomStream(seed, 'sale', draft.origin);
  const sold = drawBetween(stream, 0, 1) < SOLD_SHARE;
  const soldMs = trip.unloadMs + minutes(drawBetween(stream, ...SOLD_AFTER_H) * HOUR_MS);
  return [
    { kind: 'load', timeMs: trip.loadMs, assetIx: trip.truckIx },
    { kind: 'receive', timeMs: trip.unloadMs, assetIx: warehouseIx },
    ...(sold ? [{ kind: 'sell', timeMs: soldMs, assetIx: null } as const] : []),
  ];
}

/** Gives lots their codes and drops what lies beyond the run. */
function numbered(
  drafts: readonly Draft[],
  scenario: Scenario,
  seed: number,
  startMs: number,
  endMs: number,
): BatchLife[] {
  const [least, greatest] = scenario.trips.loadKg;
  const inOrder = [...drafts].sort((a, b) => a.steps[0]!.timeMs - b.steps[0]!.timeMs || (a.origin < b.origin ? -1 : 1));
  const ofDay = new Map<string, number>();
  return inOrder.map((draft) => {
    // Month and day in the scenario's own zone: 0821.
    const day = rfc3339(draft.steps[0]!.timeMs, scenario.zone).slice(5, 10).replace('-', '');
    const n = (ofDay.get(day) ?? 0) + 1;
    ofDay.set(day, n);
    const lot = `JS${day}-${String(n).padStart(2, '0')}`;
    const mass = drawBetween(randomStream(seed, 'mass', draft.origin), least, greatest);
    return {
      id: lgtin(COMPANY_PREFIX, ITEM_REF, lot),
      lot,
      massKg: Math.round(mass),
      pulpC: draft.pulpC,
      steps: draft.steps.filter((step) => step.timeMs >= startMs && step.timeMs < endMs),
    };
  });
}

const minutes = (ms: number): number => Math.round(ms / MINUTE_MS) * MINUTE_MS;

function indicesOf(fleet: readonly FleetAsset[], kind: FleetAsset['kind']): number[] {
  return fleet.flatMap((asset, ix) => (asset.kind === kind ? [ix] : []));
}
