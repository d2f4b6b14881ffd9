import type { Interval } from '../../src/contract/words.ts';
import type { Haul } from './hauls.ts';
import type { Load } from './logistics.ts';
import type { FaultKind } from './types.ts';

/** A fault as drawn for a load: when, how bad, and of a sensor's fault the channel. */
export interface DrawnFault extends Interval {
  readonly severity: number;
  readonly channel: string | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Which sensor a drawn fault strikes: those that alarms look at. */
export const STRUCK_CHANNELS: readonly string[] = ['pulp-1', 'pulp-2', 'pulp-3', 'air-return'];

type Between = (low: number, high: number) => number;

/** What a fault is drawn for: a load that is hauled. */
export interface DrawnFor {
  readonly load: Load & { readonly haul: Haul };
  /** Those of {@link STRUCK_CHANNELS} that are measured on board. */
  readonly sensors: readonly string[];
  /** When the run ends: a trip may go on beyond. */
  readonly endMs: number;
}

/** When and how badly a kind of fault strikes a load's trip, or its pre-cooling. All ranges are ESTIMATES. */
export function drawFault(kind: FaultKind, { load, sensors, endMs }: DrawnFor, between: Between): DrawnFault {
  const { haul } = load;
  const { loadMs, unloadMs } = haul;
  const lengthMs = Math.min(haul.arriveMs, endMs) - loadMs;
  const fault = (fromMs: number, toMs: number, severity: number, channel: string | null = null): DrawnFault => {
    return { fromMs: minutes(fromMs), toMs: minutes(toMs), severity, channel };
  };
  /** Begins on the way and lasts so many hours, or until the load is off. */
  const onTheWay = (hours: readonly [number, number], severity: number): DrawnFault => {
    const fromMs = loadMs + between(0.05, 0.5) * lengthMs;
    return fault(fromMs, Math.min(unloadMs, fromMs + between(...hours) * HOUR_MS), severity);
  };
  /** From somewhere early on the way to its end: nobody mends it. */
  const toTheEnd = (severity: number): DrawnFault => fault(loadMs + between(0.05, 0.3) * lengthMs, unloadMs, severity);
  const ofSensor = (drawn: DrawnFault): DrawnFault => {
    return { ...drawn, channel: sensors[Math.floor(between(0, sensors.length))]! };
  };
  switch (kind) {
    case 'unit-failure':
      // Two in three stop altogether, the others lose most.
      return toTheEnd(between(0, 1) < 2 / 3 ? 1 : between(0.6, 0.9));
    case 'unit-fading':
      return toTheEnd(between(0.6, 1));
    case 'wrong-set-point':
      // Too cold freezes the fruit, too warm ripens it: both happen.
      return fault(loadMs - HOUR_MS, unloadMs, between(0, 1) < 0.5 ? between(-6.5, -5) : between(6, 9));
    case 'unit-off':
      return fault(loadMs + HOUR_MS, haul.arriveMs, between(0.4, 0.8));
    case 'door-left-open': {
      const rests = haul.rests.filter((rest) => rest.fromMs + MINUTE_MS < endMs);
      const rest = rests[Math.floor(between(0, rests.length))] ?? { fromMs: loadMs + lengthMs - HOUR_MS };
      return fault(rest.fromMs, rest.fromMs + between(60, 150) * MINUTE_MS, between(0.4, 1));
    }
    case 'blocked-airflow':
      return fault(loadMs, unloadMs, between(0.5, 0.9));
    case 'warm-loading':
      return fault(loadMs - HOUR_MS, loadMs + HOUR_MS, between(7, 12));
    case 'skipped-pre-cooling':
      return fault(load.harvest!.inMs, load.harvest!.packMs, 1);
    case 'hurried-pre-cooling':
      return fault(load.harvest!.inMs, load.harvest!.packMs, between(0.6, 0.9));
    case 'power-loss':
      return onTheWay([4, 12], 1);
    case 'defrost-stuck':
      return onTheWay([2, 6], between(0.5, 1));
    case 'sensor-stuck':
      return ofSensor(onTheWay([6, 24], 1));
    case 'sensor-spikes':
      return ofSensor(onTheWay([6, 24], between(0.02, 0.1)));
    case 'sensor-drift':
      return ofSensor(toTheEnd((between(0, 1) < 0.5 ? -1 : 1) * between(1, 4)));
    case 'sensor-dropout':
      return ofSensor(onTheWay([6, 24], between(0.3, 0.95)));
    case 'sensor-noise':
      return ofSensor(onTheWay([6, 24], between(0.5, 2)));
    case 'sensor-misplaced':
      return ofSensor(fault(loadMs, unloadMs, between(0.5, 1)));
    case 'device-dead':
      return toTheEnd(1);
    case 'link-outage':
      return onTheWay([3, 12], 1);
    case 'clock-wrong':
      return fault(loadMs, unloadMs, (between(0, 1) < 0.5 ? -1 : 1) * Math.round(between(600, 43_200)));
  }
}

const minutes = (ms: number): number => Math.round(ms / MINUTE_MS) * MINUTE_MS;
