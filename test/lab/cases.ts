import type { ToldBreach } from '../../src/lab/heard-device.ts';
import type { Incident } from '../../src/lab/incident.ts';

export const HOUR_MS = 3_600_000;

/** A harmful fault on truck a, hours 10 to 20, whose damage counts from hour 14 on. */
export function incident(changes: Partial<Incident> = {}): Incident {
  return {
    kind: 'unit-failure',
    subject: 'cargo',
    fromMs: 10 * HOUR_MS,
    windows: [{ asset: 'carrier/a', fromMs: 10 * HOUR_MS, toMs: 20 * HOUR_MS }],
    damageMs: 14 * HOUR_MS,
    harmByDamage: true,
    harmByLimits: true,
    lossDays: 2,
    lossTonneDays: 40,
    alarmMin: 300,
    ...changes,
  };
}

/** A breach by hours; raised when its condition began, and told at once, unless that is said. */
export function breach(startH: number, endH: number | null, changes: Partial<ToldBreach> = {}): ToldBreach {
  return {
    id: `carrier/tu-a:air:air-return-high:${startH}`,
    device: 'carrier/tu-a',
    channel: 'air',
    asset: 'carrier/a',
    rule: 'air-return-high',
    fold: 'high',
    profile: 'prune',
    severity: 'warning',
    about: 'cargo',
    limit: 6,
    unit: 'Cel',
    startMs: startH * HOUR_MS,
    raisedMs: startH * HOUR_MS,
    toldMs: changes.raisedMs ?? startH * HOUR_MS,
    endMs: endH === null ? null : endH * HOUR_MS,
    endedBy: endH === null ? null : 'recovered',
    cause: null,
    peak: 8,
    peakMs: startH * HOUR_MS,
    ...changes,
  };
}
