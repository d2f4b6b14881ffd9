import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../src/lib/clock.ts';
import { SLICE_MS } from './plan/types.ts';

/** World seconds for each second of the watcher's, or as fast as it goes. */
export type Speed = number | 'max';

/** Where waiting is measured; tests hand in their own. */
export interface Timer {
  nowMs(): number;
  /** Returns early, without an error, when the signal aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export const monotonicTimer: Timer = {
  nowMs: monotonicMs,
  sleep: (durationMs, signal) => sleep(durationMs, undefined, signal ? { signal } : {}).catch(() => {}),
};

/** Holds a run back to its speed, counted from its first wait: a run that fell behind catches up. */
export class Pace {
  readonly #startMs: number;
  readonly #speed: Speed;
  readonly #timer: Timer;
  #beganMs: number | undefined;

  /** @param startMs world time at which the run starts */
  constructor(startMs: number, speed: Speed, timer: Timer) {
    this.#startMs = startMs;
    this.#speed = speed;
    this.#timer = timer;
  }

  /** Waits until it is the turn of a world time. */
  async until(worldMs: number, signal?: AbortSignal): Promise<void> {
    if (this.#speed === 'max') return;
    this.#beganMs ??= this.#timer.nowMs();
    const dueMs = this.#beganMs + (worldMs - this.#startMs) / this.#speed;
    const waitMs = dueMs - this.#timer.nowMs();
    if (waitMs > 0) await this.#timer.sleep(waitMs, signal);
  }
}

/** How much of the world one step of a run covers: about a second of the watcher's time. */
export function sliceMsAt(speed: Speed): number {
  return speed === 'max' ? SLICE_MS : Math.min(SLICE_MS, Math.max(1000, Math.round(speed * 1000)));
}
