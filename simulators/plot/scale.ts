import { rfc3339 } from '../plan/zone.ts';
import type { Panel } from './panel.ts';

/** A range of an axis and where its ticks are. */
export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

const STEPS_C = [0.5, 1, 2, 5, 10, 20];
const HOUR_MS = 3_600_000;
const STEPS_MS = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 14].map((hours) => hours * HOUR_MS);

/** The temperature axis: all of every line, and the alarm limits. @param ticksMax at most so many ticks, about */
export function temperatureAxis(panel: Panel, ticksMax: number): Axis {
  let min = panel.bands?.alarmC[0] ?? 0;
  let max = panel.bands?.alarmC[1] ?? 1;
  for (const { valueC } of panel.lines) {
    for (const value of valueC) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const step = STEPS_C.find((candidate) => (max - min) / candidate <= ticksMax) ?? STEPS_C.at(-1)!;
  const from = Math.floor(min / step);
  const to = Math.max(from + 1, Math.ceil(max / step));
  return {
    min: from * step,
    max: to * step,
    ticks: Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step),
  };
}

/** The time axis; ticks at full hours of the panel's zone. */
export function timeAxis({ fromMs, toMs, zone }: Panel, ticksMax: number): Axis {
  const stepMs = STEPS_MS.find((candidate) => (toMs - fromMs) / candidate <= ticksMax) ?? STEPS_MS.at(-1)!;
  const aheadMs = Date.parse(rfc3339(0, zone).slice(0, 23) + 'Z');
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs + aheadMs) / stepMs) * stepMs - aheadMs; at <= toMs; at += stepMs) ticks.push(at);
  return { min: fromMs, max: toMs, ticks };
}

/** `08-21 06:00`, in the zone. */
export function timeLabel(timeMs: number, zone: string): string {
  return rfc3339(timeMs, zone).slice(5, 16).replace('T', ' ');
}
