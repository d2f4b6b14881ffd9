import type { Breach, BreachChange } from '../contract/breach.ts';
import type { FrameChunk } from '../contract/frame.ts';
import type { DeviceKey } from '../contract/words.ts';
import type { Slice } from '../store/frames/store.ts';
import type { ArmingInterval } from './arming.ts';
import { diffBreaches } from './breach-diff.ts';
import { DeviceFold, type DeviceState, type FoldSink, initialState } from './fold.ts';

/** Later than any frame that ingest accepts (the year 2200), and still an int64 in nanoseconds. */
const END_OF_TIME_MS = 7_258_118_400_000;

/** What detection reads; all of it as of the cycle in hand, its events applied and its frames stored. */
export interface DetectorPorts {
  /** The frame store's frames of one slice, every channel, ascending. */
  readFrames(slice: Slice): AsyncIterable<FrameChunk>;
  /** Every device with a saved state. */
  listDevices(): Promise<readonly DeviceKey[]>;
  loadArming(device: DeviceKey): Promise<readonly ArmingInterval[]>;
  /** The state last saved. */
  loadState(device: DeviceKey): Promise<DeviceState | null>;
  /** The newest checkpoint with a time before `timeMs`. */
  latestCheckpointBefore(device: DeviceKey, timeMs: number): Promise<DeviceState | null>;
  /** Breaches of the device, withdrawn ones left out, that are open or ended after the instant. */
  listBreaches(device: DeviceKey, endedAfterMs: number): Promise<readonly Breach[]>;
}

/** What a cycle brings for one device. */
export interface DeviceCycle {
  readonly device: DeviceKey;
  /** Frames later than all before, ascending. A frame that is not is taken for a late one. */
  readonly frames: readonly FrameChunk[];
  /** Time of the earliest late frame or change of arming; 0 to fold everything anew; null where there is none. */
  readonly refoldFromMs: number | null;
}

interface SavedState {
  readonly device: DeviceKey;
  readonly timeMs: number;
  readonly state: DeviceState;
}

/** To be kept in one ledger transaction with the journal offset: drop checkpoints, then add, then the rest. */
export interface DetectorResult {
  readonly breachChanges: BreachChange[];
  /** The newest state of each device that was in the cycle. */
  readonly states: SavedState[];
  /** Checkpoints of these devices later than the time no longer hold; those that do are in `checkpoints` again. */
  readonly dropCheckpointsAfter: { readonly device: DeviceKey; readonly timeMs: number }[];
  readonly checkpoints: SavedState[];
}

/** A device in memory. */
interface Watched {
  readonly fold: DeviceFold;
  /** The breaches that are open, as they were last told. */
  readonly open: readonly Breach[];
  /** When the device, if it stays silent, is in breach for it. */
  readonly silentMs: number;
}

/**
 * Turns frames into breach changes: live data, late data and recovery through one fold.
 * New frames go forward on what is in memory. Anything that touches the past starts at the newest checkpoint before
 * it, folds the stored frames up to the head, and tells how the outcome differs from the breaches kept.
 *
 * Keeps nothing itself. When the caller cannot keep a result, it must go on with a new Detector.
 */
export class Detector {
  readonly #ports: DetectorPorts;
  readonly #watched = new Map<DeviceKey, Watched>();
  #allKnown = false;

  constructor(ports: DetectorPorts) {
    this.#ports = ports;
  }

  /**
   * Takes one cycle of the projector.
   * @param cycle each device once
   * @param asOfMs the time that it is by the clock in force; never earlier than in the cycle before
   */
  async advance(cycle: readonly DeviceCycle[], asOfMs: number): Promise<DetectorResult> {
    const result: DetectorResult = { breachChanges: [], states: [], dropCheckpointsAfter: [], checkpoints: [] };
    const advanced = new Set<DeviceKey>();
    try {
      await this.#knowAll();
      for (const turn of cycle) {
        if (advanced.has(turn.device)) throw new RangeError(`${turn.device} stands twice in one cycle`);
        advanced.add(turn.device);
        const known = this.#watched.get(turn.device) ?? (await this.#load(turn.device));
        const next = await this.#turn(known, turn, asOfMs, result);
        this.#watched.set(turn.device, next);
        result.states.push({ device: turn.device, timeMs: next.fold.lastTimeMs, state: next.fold.state() });
      }
    } catch (error) {
      // Folds change in place: what was begun is forgotten, and loaded again as it was last kept.
      for (const device of advanced) this.#watched.delete(device);
      throw error;
    }
    for (const [device, known] of this.#watched) {
      if (known.silentMs > asOfMs || advanced.has(device)) continue;
      const run = new DeviceRun(device, known.fold, result);
      this.#watched.set(device, run.end(known.open, known.fold.lastTimeMs, asOfMs));
    }
    return result;
  }

  /** A device may have fallen silent while nobody watched: all of them are looked at once. */
  async #knowAll(): Promise<void> {
    if (this.#allKnown) return;
    for (const device of await this.#ports.listDevices()) this.#watched.set(device, await this.#load(device));
    this.#allKnown = true;
  }

  async #load(device: DeviceKey): Promise<Watched> {
    const state = (await this.#ports.loadState(device)) ?? initialState;
    const fold = new DeviceFold(device, await this.#ports.loadArming(device), state);
    // Due at once: how long it has been silent is for the next cycle to tell.
    return { fold, open: await this.#ports.listBreaches(device, state.lastTimeMs), silentMs: 0 };
  }

  async #turn(known: Watched, turn: DeviceCycle, asOfMs: number, result: DetectorResult): Promise<Watched> {
    const firstMs = turn.frames.find((chunk) => chunk.size > 0)?.timeMs[0] ?? Number.POSITIVE_INFINITY;
    const touchedMs = Math.min(turn.refoldFromMs ?? Number.POSITIVE_INFINITY, firstMs);
    if (touchedMs <= known.fold.lastTimeMs) return this.#refold(known, turn.device, touchedMs, asOfMs, result);
    if (turn.refoldFromMs !== null) known.fold.rearm(await this.#ports.loadArming(turn.device));
    return this.#forward(known, turn, asOfMs, result);
  }

  #forward(known: Watched, turn: DeviceCycle, asOfMs: number, result: DetectorResult): Watched {
    const headMs = known.fold.lastTimeMs;
    const run = new DeviceRun(turn.device, known.fold, result);
    for (const chunk of turn.frames) run.fold(chunk);
    return run.end(known.open, headMs, asOfMs);
  }

  async #refold(
    known: Watched,
    device: DeviceKey,
    fromMs: number,
    asOfMs: number,
    result: DetectorResult,
  ): Promise<Watched> {
    const state = (await this.#ports.latestCheckpointBefore(device, fromMs)) ?? initialState;
    const arming = await this.#ports.loadArming(device);
    // All that can come out otherwise than before: what was open after the checkpoint, or began later.
    const before = await this.#ports.listBreaches(device, state.lastTimeMs);
    const run = new DeviceRun(device, new DeviceFold(device, arming, state), result);
    const slice = { device, fromMs: state.lastTimeMs + 1, toMs: END_OF_TIME_MS };
    for await (const chunk of this.#ports.readFrames(slice)) run.fold(chunk);
    // The checkpoint itself comes out of the run again, unless a late frame follows it in its own window.
    result.dropCheckpointsAfter.push({ device, timeMs: state.lastTimeMs - 1 });
    return run.end(before, known.fold.lastTimeMs, asOfMs);
  }
}

/** One run of the fold over a device, collecting into the result of the cycle. */
class DeviceRun implements FoldSink {
  readonly #device: DeviceKey;
  readonly #fold: DeviceFold;
  readonly #result: DetectorResult;
  readonly #closed: Breach[] = [];

  constructor(device: DeviceKey, fold: DeviceFold, result: DetectorResult) {
    this.#device = device;
    this.#fold = fold;
    this.#result = result;
  }

  fold(chunk: FrameChunk): void {
    this.#fold.fold(chunk, this);
  }

  closed(breach: Breach): void {
    this.#closed.push(breach);
  }

  checkpoint(state: DeviceState): void {
    this.#result.checkpoints.push({ device: this.#device, timeMs: state.lastTimeMs, state });
  }

  /**
   * Tells what changed against the breaches known before the run.
   * @param headMs the newest frame time that was known before
   */
  end(before: readonly Breach[], headMs: number, asOfMs: number): Watched {
    const open = this.#fold.openBreaches(asOfMs);
    if (before.length + open.length + this.#closed.length > 0) {
      this.#result.breachChanges.push(...diffBreaches(before, [...this.#closed, ...open], headMs));
    }
    return { fold: this.#fold, open, silentMs: this.#fold.nextSilenceMs(asOfMs) };
  }
}
