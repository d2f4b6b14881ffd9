import { internLayout, type Layout } from '../../src/contract/frame.ts';
import type { PlannedDevice } from '../plan/types.ts';
import { randomStream } from '../random-stream.ts';

/**
 * Devices do not sample all at the same instant, but on a grid of this width, which is the world's step: it need not
 * be brought to a different instant for every device.
 */
const PHASE_STEP_MS = 60_000;

/** How far past the full interval a device samples: a device on 5 min does so at the same second of all of them. */
export function phaseMsOf(seed: number, device: PlannedDevice): number {
  // Those that sample more often than every other step are spread over half steps.
  const stepMs = device.sampleMs < 2 * PHASE_STEP_MS ? PHASE_STEP_MS / 2 : PHASE_STEP_MS;
  const steps = Math.max(1, Math.floor(device.sampleMs / stepMs));
  return ((randomStream(seed, 'phase', device.key).next() >>> 0) % steps) * stepMs;
}

/** The first instant of a grid at or after a time; the grid is aligned to the epoch. */
export function gridMsFrom(fromMs: number, everyMs: number, phaseMs: number): number {
  return Math.ceil((fromMs - phaseMs) / everyMs) * everyMs + phaseMs;
}

/** The channels of a device's frames, in the order in which their values come. */
export function layoutOf(device: PlannedDevice): Layout {
  return internLayout(device.channels.map((channel) => channel.name));
}
