import { type Breach, type BreachChange, isTakenBack } from '../contract/breach.ts';
import { type DeviceState, initialState } from './fold.ts';
import { NO_FRAME_MS } from './silence.ts';

/** What of a device's past the frame store still holds: one with a retention drops its oldest frames. */
export interface History {
  /** Its first frame ever; NO_FRAME_MS before that. */
  readonly sinceMs: number;
  /**
   * Frames from before were gone when it was last judged from there: what was found in them stays as it was told.
   * 0 where none were.
   */
  readonly toldBeforeMs: number;
}

export const NO_HISTORY: History = { sinceMs: NO_FRAME_MS, toldBeforeMs: 0 };

/** With a frame that may be its first. */
export function heardAt(history: History, timeMs: number): History {
  const isFirst = history.sinceMs === NO_FRAME_MS || timeMs < history.sinceMs;
  return isFirst ? { ...history, sinceMs: timeMs } : history;
}

/** Where judging a device's past again begins. */
export interface Beginning {
  readonly state: DeviceState;
  readonly history: History;
}

/**
 * Begins at a checkpoint, or at the first frame ever. Where the store lacks frames after that, it begins at the first one
 * that is left, or at the head where none is: what was not read is no silence, and nothing is known of it.
 * @param kept the checkpoint, or the initial state
 * @param head when the last frame came, and what it told of the device
 * @param firstMs the frame that the checkpoint ends with, or the first ever, where the store holds it; else the first one
 *   that it still holds, null where there is none
 */
export function beginningOf(
  kept: DeviceState,
  history: History,
  head: Pick<DeviceState, 'lastTimeMs' | 'heard'>,
  firstMs: number | null,
): Beginning {
  if (firstMs !== null && firstMs <= history.sinceMs) return { state: kept, history: { ...history, toldBeforeMs: 0 } };
  if (firstMs !== null && firstMs <= kept.lastTimeMs) return { state: kept, history };
  const isAllGone = firstMs === null || firstMs > head.lastTimeMs;
  const toldBeforeMs = isAllGone ? head.lastTimeMs : firstMs;
  const state = isAllGone
    ? { ...initialState, lastTimeMs: head.lastTimeMs, heard: head.heard }
    : { ...initialState, lastTimeMs: firstMs - 1 };
  return { state, history: { ...history, toldBeforeMs } };
}

/**
 * Takes back nothing that was found in frames which are gone. What was open when they were, ends there: nobody knows how
 * long it went on. What is left of one that ended later is a part of it, not another one.
 * @param before what was known of the device's breaches
 */
export function keepTold(
  changes: readonly BreachChange[],
  before: readonly Breach[],
  { toldBeforeMs }: History,
): readonly BreachChange[] {
  if (toldBeforeMs === 0) return changes;
  const told = before.filter(({ startMs }) => startMs < toldBeforeMs);
  return changes.flatMap((step): BreachChange[] => {
    const { change, breach } = step;
    if (!isTakenBack(change)) return told.some((longer) => isRestOf(breach, longer)) ? [] : [step];
    if (breach.startMs >= toldBeforeMs) return [step];
    if (breach.endMs !== null) return [];
    return [{ change: 'cleared', breach: { ...breach, endMs: toldBeforeMs, endedBy: null } }];
  });
}

function isRestOf(breach: Breach, longer: Breach): boolean {
  return (
    breach.channel === longer.channel &&
    breach.rule === longer.rule &&
    breach.startMs > longer.startMs &&
    longer.endMs !== null &&
    breach.endMs !== null &&
    breach.endMs <= longer.endMs
  );
}
