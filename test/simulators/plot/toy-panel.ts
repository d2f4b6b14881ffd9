import type { Panel } from '../../../simulators/plot/panel.ts';

export const FROM_MS = Date.parse('2026-08-20T22:00:00Z');
export const HOUR_MS = 3_600_000;
const hours = Array.from({ length: 49 }, (_, i) => i / 2);

/** A day in which the air swings, the pulp warms and one line has a hole of two hours. */
export function toyPanel(changes: Partial<Panel> = {}): Panel {
  const timeMs = hours.map((hour) => FROM_MS + hour * HOUR_MS);
  return {
    title: 'Truck 1 <cold & dry>',
    zone: '+08:00',
    fromMs: FROM_MS,
    toMs: FROM_MS + 24 * HOUR_MS,
    lines: [
      { role: 'supply', name: 'supply air', timeMs, valueC: hours.map((hour) => -2 + Math.sin(hour)) },
      {
        role: 'pulp-rear',
        name: 'pulp, door side',
        timeMs,
        valueC: hours.map((hour) => (hour > 6 && hour < 8 ? Number.NaN : hour / 4)),
      },
    ],
    bands: { targetC: [-1, 0], alarmC: [-1.5, 4], criticalC: [-2, 8] },
    spans: [
      { kind: 'fault', label: 'unit-failure', fromMs: FROM_MS + 6 * HOUR_MS, toMs: FROM_MS + 12 * HOUR_MS },
      { kind: 'door', label: 'door open', fromMs: FROM_MS, toMs: FROM_MS + HOUR_MS },
    ],
    ...changes,
  };
}
