import type { Breach, BreachChange } from '../contract/breach.ts';
import type { FrameChunk } from '../contract/frame.ts';
import { diffBreaches } from './breach-diff.ts';
import type { DeviceFold, DeviceState, FoldSink } from './fold.ts';

/** A run from the very beginning makes no more checkpoints than these; older ones only save time on very late data. */
const CHECKPOINTS_MAX = 64;

/** One run of the fold over a device's frames, and what came out of it. */
export class DeviceRun implements FoldSink {
  readonly deviceFold: DeviceFold;
  readonly checkpoints: DeviceState[] = [];
  readonly #closed: Breach[] = [];
  framesFolded = 0;

  constructor(fold: DeviceFold) {
    this.deviceFold = fold;
  }

  get lastTimeMs(): number {
    return this.deviceFold.lastTimeMs;
  }

  fold(chunk: FrameChunk): void {
    this.framesFolded += chunk.size;
    this.deviceFold.fold(chunk, this);
  }

  closed(breach: Breach): void {
    this.#closed.push(breach);
  }

  checkpoint(state: DeviceState): void {
    this.checkpoints.push(state);
    if (this.checkpoints.length > CHECKPOINTS_MAX) this.checkpoints.shift();
  }

  /** Whether the fold stands where a kept state stood, and remembers the same. */
  hasReached(kept: DeviceState): boolean {
    if (kept.lastTimeMs !== this.lastTimeMs) return false;
    const state = this.deviceFold.state();
    return (
      kept.explainedUntilMs === state.explainedUntilMs &&
      JSON.stringify(kept.heard) === JSON.stringify(state.heard) &&
      JSON.stringify(kept.memories) === JSON.stringify(state.memories)
    );
  }

  /**
   * What changed against the breaches known before the run.
   * @param open those that go on
   * @param headMs the newest frame time that was known before
   */
  changes(before: readonly Breach[], open: readonly Breach[], headMs: number): BreachChange[] {
    if (before.length + open.length + this.#closed.length === 0) return [];
    return diffBreaches(before, [...this.#closed, ...open], headMs);
  }

  /** Those that are open by the clock in force. */
  openBreaches(asOfMs: number): Breach[] {
    return this.deviceFold.openBreaches(asOfMs);
  }

  nextSilenceMs(asOfMs: number): number {
    return this.deviceFold.nextSilenceMs(asOfMs);
  }
}
