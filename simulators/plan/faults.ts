import { ColdtrailError } from '../../src/lib/errors.ts';
import { drawBetween } from '../draw.ts';
import { randomStream } from '../random-stream.ts';
import type { ScenarioData } from '../scenario/schema.ts';
import type { FleetAsset } from './fleet.ts';
import type { Trip } from './trips.ts';
import { FAULT_KINDS, type FaultKind, type PlannedFault } from './types.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A drawn fault needs a trip that still has at least this long to go, or nothing of it would show. */
const SHOWS_WITHIN_MS = 8 * HOUR_MS;

/** The scenario's own faults and the drawn ones, ascending in time. */
export function planFaults(
  scenario: ScenarioData,
  fleet: readonly FleetAsset[],
  trips: readonly Trip[],
  seed: number,
  startMs: number,
): PlannedFault[] {
  const endMs = startMs + scenario.duration;
  const written = scenario.faults.planned.map((fault): PlannedFault => {
    const fromMs = startMs + fault.at;
    return {
      kind: fault.kind,
      assetIx: fleet.findIndex((asset) => asset.key === fault.asset),
      fromMs,
      toMs: Math.min(fromMs + fault.for, endMs),
      severity: fault.severity,
    };
  });
  for (const [i, fault] of written.entries()) refuseWithoutEffect(fault, i, fleet, trips);
  const drawn = drawFaults(scenario, trips, written, seed, endMs);
  return [...written, ...drawn].sort((a, b) => a.fromMs - b.fromMs || a.assetIx - b.assetIx);
}

/** A truck can only be loaded warm while it is loaded; which trips there are is known only now. */
function refuseWithoutEffect(
  fault: PlannedFault,
  i: number,
  fleet: readonly FleetAsset[],
  trips: readonly Trip[],
): void {
  if (fault.kind !== 'warm-loading') return;
  if (trips.some((t) => t.truckIx === fault.assetIx && fault.fromMs <= t.loadMs && t.loadMs < fault.toMs)) return;
  throw new ColdtrailError(
    'SCENARIO_INVALID',
    `faults.planned[${i}]: '${fleet[fault.assetIx]!.key}' is not loaded while the fault lasts`,
    { hint: 'a warm-loading fault must cover the moment of loading: begin earlier or last longer' },
  );
}

function drawFaults(
  scenario: ScenarioData,
  trips: readonly Trip[],
  written: readonly PlannedFault[],
  seed: number,
  endMs: number,
): PlannedFault[] {
  const faulty = new Set(written.map((fault) => fault.assetIx));
  const free = trips.filter((t) => !faulty.has(t.truckIx) && t.loadMs + SHOWS_WITHIN_MS < Math.min(t.unloadMs, endMs));
  const faults: PlannedFault[] = [];
  for (const kind of FAULT_KINDS) {
    const wanted = scenario.faults.draw[kind] ?? 0;
    for (let n = 0; n < wanted; n++) {
      const stream = randomStream(seed, 'fault', kind, String(n));
      const pick = Math.floor(drawBetween(stream, 0, free.length));
      const trip = free.splice(pick, 1)[0];
      if (!trip) {
        throw new ColdtrailError('SCENARIO_INVALID', `faults.draw: more faults than trips that last 8 h or longer`, {
          hint: 'each drawn fault needs a trip of its own: draw fewer, or plan more trips',
        });
      }
      faults.push(drawFault(kind, trip, (low, high) => drawBetween(stream, low, high), endMs));
    }
  }
  return faults;
}

function drawFault(
  kind: FaultKind,
  trip: Trip,
  between: (low: number, high: number) => number,
  endMs: number,
): PlannedFault {
  const lengthMs = trip.drive.arriveMs - trip.loadMs;
  const fault = (fromMs: number, toMs: number, severity: number): PlannedFault => ({
    kind,
    assetIx: trip.truckIx,
    fromMs: minutes(fromMs),
    toMs: Math.min(minutes(toMs), endMs),
    severity,
  });
  switch (kind) {
    case 'unit-failure': {
      // Two in three stop altogether, the others fade; nobody mends them on the way.
      const share = between(0, 1) < 2 / 3 ? 1 : between(0.6, 0.9);
      return fault(trip.loadMs + between(0.05, 0.3) * lengthMs, trip.unloadMs, share);
    }
    case 'door-left-open': {
      const rest = trip.drive.rests[Math.floor(between(0, trip.drive.rests.length))] ?? {
        fromMs: trip.drive.arriveMs - HOUR_MS,
      };
      return fault(rest.fromMs, rest.fromMs + between(60, 150) * MINUTE_MS, between(0.4, 1));
    }
    case 'wrong-set-point':
      // Too cold freezes the fruit, too warm ripens it: both happen.
      return fault(trip.loadMs - HOUR_MS, trip.unloadMs, between(0, 1) < 0.5 ? between(-6.5, -5) : between(6, 9));
    case 'warm-loading':
      return fault(trip.loadMs - HOUR_MS, trip.loadMs + HOUR_MS, between(7, 12));
  }
}

const minutes = (ms: number): number => Math.round(ms / MINUTE_MS) * MINUTE_MS;
