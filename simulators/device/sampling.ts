import { internLayout, type Layout } from '../../src/contract/frame.ts';
import type { PlannedDevice } from '../plan/types.ts';
import { randomStream } from '../random-stream.ts';

/**
 * Devices do not sample all at the same instant, but on a grid of this width, which is the world's step: it need not
 * be brought to a different instant for every device.
 */
const PHASE_STEP_MS = 30_000;

/** How far past the full interval a device samples: a device on 1 min does so at the same second of every minute. */
export function phaseMsOf(seed: number, device: PlannedDevice): number {
  const steps = Math.max(1, Math.floor(device.sampleMs / PHASE_STEP_MS));
  return ((randomStream(seed, 'phase', device.key).next() >>> 0) % steps) * PHASE_STEP_MS;
}

/** The first instant of a grid at or after a time; the grid is aligned to the epoch. */
export function gridMsFrom(fromMs: number, everyMs: number, phaseMs: number): number {
  return Math.ceil((fromMs - phaseMs) / everyMs) * everyMs + phaseMs;
}

/** The channels of a device's frames, in the order in which their values come. */
export function layoutOf(device: PlannedDevice): Layout {
  return internLayout(device.channels.map((channel) => channel.name));
}
