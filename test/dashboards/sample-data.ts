import type { Breach, BreachChange } from '../../src/contract/breach.ts';
import { type FrameBatch, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { breachPoints, healthPoint } from '../../src/project/dashboard.ts';
import type { DashboardPoint } from '../../src/store/frames/store.ts';

/** Two hours of a small fleet: what the store and the projector write. */
export const FROM_MS = Date.UTC(2026, 7, 21, 4);
export const TO_MS = FROM_MS + 2 * 3_600_000;
const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** A dot and a slash in a name: both mean something in a regular expression. */
export const WARM_TRUCK = 'jiashi-growers/truck.1';
export const COLD_TRUCK = 'tarim-carriers/truck-2';
export const ROOM = 'jiashi-growers/room-1';
/** Matches the pattern `truck.1` if its dot is not escaped. */
export const LOOKALIKE = 'jiashi-growers/truckx1';

/** Frames every minute, the last one a minute before the end. Return air and pulp of the warm truck rise. */
export function sampleFrames(): FrameBatch {
  const frames = new FrameBatchBuilder();
  const add = (device: string, i: number, values: Readonly<Record<string, number>>): void =>
    frames.add(device, FROM_MS + i * MINUTE_MS, i, internLayout(Object.keys(values)), Object.values(values));
  for (let i = 0; i < 120; i++) {
    const pulp = { 'pulp-1': 1 + i / 40, 'pulp-2': i / 40, 'pulp-3': 0.5 };
    add(WARM_TRUCK, i, { 'air-return': 2 + i / 20, 'air-supply': -1, humidity: 90, ...pulp });
    const coldPulp = { 'pulp-1': -1.25, 'pulp-2': -0.5, 'pulp-3': 0 };
    add(COLD_TRUCK, i, { 'air-return': -1, 'air-supply': -2, humidity: 88, ...coldPulp, 'set-point': -0.5 });
    add(ROOM, i, { 'air-return': 8, 'air-supply': 1, humidity: 95, 'pulp-1': 20 });
    add(LOOKALIKE, i, { air: 2, pulp: 0.25 });
  }
  return frames.take();
}

export function samplePoints(): DashboardPoint[] {
  return [...limits(), ...breachPoints(breaches()), ...ingest()];
}

/** Written a day before the range; the warm truck's was another then. A pre-cooling room has no high limit. */
function limits(): DashboardPoint[] {
  const limit = (device: string, rule: string, limitC: number, daysBefore = 1): DashboardPoint => ({
    measurement: 'limits',
    tags: { device, rule },
    fields: { limit: limitC, severity: 'alarm' },
    timeMs: FROM_MS - daysBefore * DAY_MS,
  });
  return [
    limit(WARM_TRUCK, 'pulp-high', 9, 2),
    limit(WARM_TRUCK, 'pulp-high', 4),
    limit(WARM_TRUCK, 'air-return-high', 6),
    limit(WARM_TRUCK, 'pulp-freezing', -1.5),
    limit(COLD_TRUCK, 'pulp-high', 5),
    limit(COLD_TRUCK, 'pulp-freezing', -1.5),
    limit(ROOM, 'pulp-freezing', -1.5),
    limit(LOOKALIKE, 'pulp-high', 1),
  ];
}

/** Open ones: two probes of the warm truck, one since before the range. Not open or not yet raised: the others. */
function breaches(): BreachChange[] {
  const raised = breach({ device: WARM_TRUCK, channel: 'pulp-1', raisedMs: FROM_MS - DAY_MS });
  const otherProbe = breach({ device: WARM_TRUCK, channel: 'pulp-2', raisedMs: FROM_MS + MINUTE_MS });
  const recovered = breach({ device: COLD_TRUCK, channel: 'pulp-3', raisedMs: FROM_MS + 2 * MINUTE_MS });
  const false_ = breach({ device: COLD_TRUCK, channel: 'pulp-2', raisedMs: FROM_MS + 3 * MINUTE_MS });
  const later = breach({ device: COLD_TRUCK, channel: 'pulp-1', raisedMs: TO_MS + MINUTE_MS });
  return [
    { change: 'raised', breach: raised },
    { change: 'changed', breach: { ...raised, peak: 5.5 } },
    { change: 'raised', breach: otherProbe },
    { change: 'raised', breach: recovered },
    { change: 'cleared', breach: { ...recovered, endMs: FROM_MS + 9 * MINUTE_MS, endedBy: 'recovered' } },
    { change: 'raised', breach: false_ },
    { change: 'withdrawn', breach: false_ },
    { change: 'raised', breach: later },
  ];
}

function breach(of: Pick<Breach, 'device' | 'channel' | 'raisedMs'>): Breach {
  const startMs = of.raisedMs - 60 * MINUTE_MS;
  return {
    ...of,
    id: `${of.device}:${of.channel}:pulp-high:${startMs}`,
    asset: of.device,
    rule: 'pulp-high',
    fold: 'high',
    profile: 'prune',
    severity: 'alarm',
    about: 'cargo',
    limit: 4,
    unit: 'Cel',
    startMs,
    endMs: null,
    endedBy: null,
    cause: null,
    peak: 4.5,
    peakMs: of.raisedMs,
  };
}

/** A cycle every 10 s: 20 frames of 10 channels, a repeat each minute, and one refusal. */
function ingest(): DashboardPoint[] {
  const points: DashboardPoint[] = [];
  for (let timeMs = FROM_MS; timeMs < TO_MS; timeMs += 10_000) {
    const repeats = timeMs % MINUTE_MS === 0 ? 1 : 0;
    const refused = timeMs === FROM_MS + 10 * MINUTE_MS ? 1 : 0;
    const report = { frames: 20, readings: 200, refused, repeats, openAlerts: 2, lagMs: 100 + repeats };
    points.push(healthPoint(report, timeMs));
  }
  return points;
}
