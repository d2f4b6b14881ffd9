import type { Breach, BreachChange } from '../contract/breach.ts';
import type { FrameChunk } from '../contract/frame.ts';
import type { DeviceKey, Interval } from '../contract/words.ts';
import type { Slice } from '../store/frames/store.ts';
import type { ArmingInterval } from './arming.ts';
import { DeviceRun } from './device-run.ts';
import { CHECKPOINT_EVERY_MS, DeviceFold, type DeviceState, initialState } from './fold.ts';
import { type Beginning, beginningOf, type History, heardAt, keepTold, NO_HISTORY } from './history.ts';
import { NO_FRAME_MS } from './silence.ts';

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
  loadState(device: DeviceKey): Promise<KeptState | null>;
  /** The newest checkpoint with a time before `timeMs`. */
  latestCheckpointBefore(device: DeviceKey, timeMs: number): Promise<KeptState | null>;
  /** The oldest checkpoint with a time of `timeMs` or later. */
  earliestCheckpointFrom(device: DeviceKey, timeMs: number): Promise<KeptState | null>;
  /** Breaches of the device, those taken back left out, that are open or ended after the instant. */
  listBreaches(device: DeviceKey, endedAfterMs: number): Promise<readonly Breach[]>;
}

/** A state as it is kept, with the rules that made it. */
export interface KeptState extends DeviceState {
  readonly ruleSet: string;
  /** Of a newest state, not of a checkpoint. */
  readonly history?: History;
}

/** What a cycle brings for one device. */
export interface DeviceCycle {
  readonly device: DeviceKey;
  /** Frames later than all before, ascending. A frame that is not is taken for a late one. */
  readonly frames: readonly FrameChunk[];
  /** Event time in which late frames came, null where none did; `toMs` Infinity where the arming changed. */
  readonly refold: Interval | null;
}

interface SavedState {
  readonly device: DeviceKey;
  readonly timeMs: number;
  readonly state: KeptState;
}

/** To be kept in one ledger transaction with the journal offset: drop checkpoints, then add, then the rest. */
export interface DetectorResult {
  readonly breachChanges: BreachChange[];
  /** The newest state of each device that was in the cycle. */
  readonly states: SavedState[];
  /** Checkpoints of these devices within the stretch no longer hold; those that do are in `checkpoints` again. */
  readonly dropCheckpoints: ({ readonly device: DeviceKey } & Interval)[];
  readonly checkpoints: SavedState[];
}

/** A device in memory. */
interface Watched {
  readonly fold: DeviceFold;
  readonly history: History;
  /** The breaches that are open, as they were last told. */
  readonly open: readonly Breach[];
  /** When the device, if it stays silent, is in breach for it. */
  readonly silentMs: number;
  /** Its state was made by other rules: all of it is to be judged again. */
  readonly isOutdated: boolean;
}

/** From the first frame on, whatever it was. */
const EVERYTHING: Interval = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

/**
 * Frames judged again in one cycle after the rules have changed, about a second's: the cycle's new frames, and whoever
 * else writes to the ledger, wait for that long. At least one device has its turn.
 */
const FRAMES_REJUDGED_PER_CYCLE = 100_000;
/** What a device costs besides, in frames. ESTIMATE. */
const FRAMES_WORTH_A_DEVICE = 500;

/** Late by less than this, nobody asks whether the store still holds what came before: retentions are longer. */
const SURELY_HELD_MS = 24 * 3_600_000;

/**
 * Turns frames into breach changes: live data, late data and recovery through one fold.
 * New frames go forward on what is in memory. Anything that touches the past starts at the newest checkpoint before
 * it, and folds the stored frames until the state equals a checkpoint that is kept again, or up to the head; then it
 * tells how the outcome differs from the breaches kept.
 *
 * Keeps nothing itself. When the caller cannot keep a result, it must go on with a new Detector.
 */
export class Detector {
  readonly #ports: DetectorPorts;
  readonly #ruleSet: string;
  readonly #rejudgedPerCycle: number;
  readonly #watched = new Map<DeviceKey, Watched>();
  #allKnown = false;
  #framesLeft = 0;
  /** Devices whose state other rules made. */
  readonly #outdated = new Set<DeviceKey>();

  /**
   * @param ruleSet the digest of the rules in force (rule-set.ts)
   * @param rejudgedPerCycle frames that a cycle judges again where the rules have changed
   */
  constructor(ports: DetectorPorts, ruleSet: string, rejudgedPerCycle = FRAMES_REJUDGED_PER_CYCLE) {
    this.#ports = ports;
    this.#ruleSet = ruleSet;
    this.#rejudgedPerCycle = rejudgedPerCycle;
  }

  /**
   * Takes one cycle of the projector.
   * @param cycle each device once
   * @param asOfMs the time that it is by the clock in force; never earlier than in the cycle before
   */
  async advance(cycle: readonly DeviceCycle[], asOfMs: number): Promise<DetectorResult> {
    const result: DetectorResult = { breachChanges: [], states: [], dropCheckpoints: [], checkpoints: [] };
    const advanced = new Set<DeviceKey>();
    this.#framesLeft = this.#rejudgedPerCycle;
    try {
      await this.#knowAll();
      for (const turn of cycle) {
        if (advanced.has(turn.device)) throw new RangeError(`${turn.device} stands twice in one cycle`);
        advanced.add(turn.device);
        if (this.#mayAdvance(turn.device)) await this.#advance(turn, asOfMs, result);
      }
      for (const [device, { silentMs, isOutdated }] of this.#watched) {
        if (advanced.has(device) || !(isOutdated || silentMs <= asOfMs) || !this.#mayAdvance(device)) continue;
        advanced.add(device);
        await this.#advance({ device, frames: [], refold: null }, asOfMs, result);
      }
    } catch (error) {
      // Folds change in place: what was begun is forgotten, and loaded again as it was last kept.
      for (const device of advanced) this.#watched.delete(device);
      this.#allKnown = false;
      throw error;
    }
    return result;
  }

  /** Devices that are still to be judged by the rules in force; a few are in every cycle. */
  get outdatedDevices(): number {
    return this.#outdated.size;
  }

  /** What comes of a device that has to wait is in the store when its turn comes. */
  #mayAdvance(device: DeviceKey): boolean {
    return this.#framesLeft > 0 || !this.#outdated.has(device);
  }

  /** From when on time alone tells something new: a device has been silent for too long. */
  get dueMs(): number {
    if (!this.#allKnown) return 0;
    if (this.#outdated.size > 0) return 0;
    let dueMs = Number.POSITIVE_INFINITY;
    for (const { silentMs } of this.#watched.values()) dueMs = Math.min(dueMs, silentMs);
    return dueMs;
  }

  /** A device may have fallen silent while nobody watched: all of them are looked at once. */
  async #knowAll(): Promise<void> {
    if (this.#allKnown) return;
    for (const device of await this.#ports.listDevices()) {
      if (!this.#watched.has(device)) this.#watched.set(device, await this.#load(device));
    }
    this.#allKnown = true;
  }

  async #load(device: DeviceKey): Promise<Watched> {
    const kept = await this.#ports.loadState(device);
    const isOutdated = kept !== null && kept.ruleSet !== this.#ruleSet;
    // Of an outdated state the head alone still holds, and what the device told of itself: what lies before it is late.
    const state = isOutdated
      ? { ...initialState, lastTimeMs: kept.lastTimeMs, heard: kept.heard }
      : (kept ?? initialState);
    if (isOutdated) this.#outdated.add(device);
    const history = kept?.history ?? (await this.#historyOf(device, state));
    const fold = new DeviceFold(device, await this.#ports.loadArming(device), state);
    // Due at once: how long it has been silent is for the next cycle to tell.
    const open = await this.#ports.listBreaches(device, state.lastTimeMs);
    return { fold, history, open, silentMs: 0, isOutdated };
  }

  /** Of a state that tells nothing of it: no later than its first checkpoint. */
  async #historyOf(device: DeviceKey, { lastTimeMs }: DeviceState): Promise<History> {
    if (lastTimeMs === NO_FRAME_MS) return NO_HISTORY;
    const first = await this.#ports.earliestCheckpointFrom(device, 0);
    return { ...NO_HISTORY, sinceMs: first?.lastTimeMs ?? lastTimeMs };
  }

  async #advance(turn: DeviceCycle, asOfMs: number, result: DetectorResult): Promise<void> {
    const { device, frames, refold } = turn;
    const known = this.#watched.get(device) ?? (await this.#load(device));
    const span = known.isOutdated ? EVERYTHING : pastOf(turn, known.fold.lastTimeMs);
    let next: Watched;
    if (span) {
      next = await this.#refold(known, turn, span, asOfMs, result);
    } else {
      if (refold) known.fold.rearm(await this.#ports.loadArming(device));
      next = this.#forward(known, turn, asOfMs, result);
    }
    this.#watched.set(device, next);
    if (frames.length === 0 && !refold && !known.isOutdated) return;
    this.#outdated.delete(device);
    const state = { ...this.#kept(next.fold.state()), history: next.history };
    result.states.push({ device, timeMs: next.fold.lastTimeMs, state });
  }

  #forward(known: Watched, turn: DeviceCycle, asOfMs: number, result: DetectorResult): Watched {
    const { device, frames } = turn;
    const headMs = known.fold.lastTimeMs;
    const run = new DeviceRun(known.fold);
    for (const chunk of frames) run.fold(after(chunk, headMs));
    return this.#end(device, run, heardIn(turn, known.history), known.open, headMs, asOfMs, result);
  }

  async #refold(
    known: Watched,
    turn: DeviceCycle,
    { fromMs, toMs }: Interval,
    asOfMs: number,
    result: DetectorResult,
  ): Promise<Watched> {
    const { device } = turn;
    const headMs = known.fold.lastTimeMs;
    const { state, history } = await this.#beginning(device, known, fromMs);
    // All that can come out otherwise than before: what was open after the checkpoint, or began later.
    const before = await this.#ports.listBreaches(device, state.lastTimeMs);
    const run = new DeviceRun(new DeviceFold(device, await this.#ports.loadArming(device), state));
    const metMs = await this.#foldOn(device, run, toMs);
    if (known.isOutdated) this.#framesLeft -= run.framesFolded + FRAMES_WORTH_A_DEVICE;
    // The checkpoint itself comes out of the run again, unless a late frame follows it in its own window.
    const dropFromMs = known.isOutdated ? 0 : state.lastTimeMs;
    result.dropCheckpoints.push({ device, fromMs: dropFromMs, toMs: metMs ?? Number.POSITIVE_INFINITY });
    if (metMs === null) return this.#end(device, run, heardIn(turn, history), before, headMs, asOfMs, result);
    const ended = before.filter(({ endMs }) => endMs !== null && endMs <= metMs);
    result.breachChanges.push(...keepTold(run.changes(ended, [], headMs), ended, history));
    this.#keepCheckpoints(device, run, result);
    return this.#forward({ ...known, history }, turn, asOfMs, result);
  }

  /** Where to judge again from, so that all that was late is in it. */
  async #beginning(device: DeviceKey, known: Watched, fromMs: number): Promise<Beginning> {
    const { fold, history, isOutdated } = known;
    const kept = this.#usable(await this.#ports.latestCheckpointBefore(device, fromMs)) ?? initialState;
    const isRecent = !isOutdated && history.toldBeforeMs === 0 && fold.lastTimeMs - fromMs < SURELY_HELD_MS;
    if (history.sinceMs === NO_FRAME_MS || isRecent) return { state: kept, history };
    const anchorMs = kept.lastTimeMs === NO_FRAME_MS ? history.sinceMs : kept.lastTimeMs;
    const firstMs =
      (await this.#firstFrameMs({ device, fromMs: anchorMs, toMs: anchorMs + 1 })) ??
      (await this.#firstFrameMs({ device, fromMs: 0, toMs: END_OF_TIME_MS }));
    return beginningOf(kept, history, fold.state(), firstMs);
  }

  async #firstFrameMs(slice: Slice): Promise<number | null> {
    for await (const { size, timeMs } of this.#ports.readFrames(slice)) if (size > 0) return timeMs[0]!;
    return null;
  }

  /**
   * Folds stored frames on: past the late ones, and from there to the head or to a kept checkpoint that has the same
   * state, from which on nothing is new. Those tried lie farther and farther apart.
   * @returns the time of that checkpoint; null at the head
   */
  async #foldOn(device: DeviceKey, run: DeviceRun, lateToMs: number): Promise<number | null> {
    let fromMs = run.lastTimeMs + 1;
    for (let aheadMs = 0; ; aheadMs = Math.max(CHECKPOINT_EVERY_MS, 2 * aheadMs)) {
      const kept = Number.isFinite(lateToMs)
        ? this.#usable(await this.#ports.earliestCheckpointFrom(device, lateToMs - 1 + aheadMs))
        : null;
      const toMs = kept ? kept.lastTimeMs + 1 : END_OF_TIME_MS;
      if (toMs > fromMs) for await (const chunk of this.#ports.readFrames({ device, fromMs, toMs })) run.fold(chunk);
      if (!kept) return null;
      if (run.hasReached(kept)) return kept.lastTimeMs;
      fromMs = toMs;
    }
  }

  #end(
    device: DeviceKey,
    run: DeviceRun,
    history: History,
    before: readonly Breach[],
    headMs: number,
    asOfMs: number,
    result: DetectorResult,
  ): Watched {
    const open = run.openBreaches(asOfMs);
    result.breachChanges.push(...keepTold(run.changes(before, open, headMs), before, history));
    this.#keepCheckpoints(device, run, result);
    return { fold: run.deviceFold, history, open, silentMs: run.nextSilenceMs(asOfMs), isOutdated: false };
  }

  #keepCheckpoints(device: DeviceKey, run: DeviceRun, result: DetectorResult): void {
    for (const state of run.checkpoints) {
      result.checkpoints.push({ device, timeMs: state.lastTimeMs, state: this.#kept(state) });
    }
  }

  #kept(state: DeviceState): KeptState {
    return { ruleSet: this.#ruleSet, ...state };
  }

  #usable(kept: KeptState | null): KeptState | null {
    return kept?.ruleSet === this.#ruleSet ? kept : null;
  }
}

/** Which part of the past a cycle touches; null where all of it is new. */
function pastOf({ frames, refold }: DeviceCycle, headMs: number): Interval | null {
  let { fromMs, toMs } = refold ?? { fromMs: Number.POSITIVE_INFINITY, toMs: 0 };
  for (const { size, timeMs } of frames) {
    if (size === 0 || timeMs[0]! > headMs) continue;
    fromMs = Math.min(fromMs, timeMs[0]!);
    toMs = Math.max(toMs, Math.min(timeMs[size - 1]!, headMs) + 1);
  }
  return fromMs <= headMs ? { fromMs, toMs } : null;
}

function heardIn({ frames }: DeviceCycle, history: History): History {
  return frames.reduce((seen, { size, timeMs }) => (size > 0 ? heardAt(seen, timeMs[0]!) : seen), history);
}

/** The frames of a chunk that are later than an instant. */
function after(chunk: FrameChunk, timeMs: number): FrameChunk {
  if (chunk.size === 0 || chunk.timeMs[0]! > timeMs) return chunk;
  const from = chunk.timeMs.findIndex((t) => t > timeMs);
  const first = from < 0 ? chunk.size : from;
  return {
    ...chunk,
    size: chunk.size - first,
    timeMs: chunk.timeMs.subarray(first),
    seq: chunk.seq.subarray(first),
    values: chunk.values.subarray(first * chunk.layout.channels.length),
  };
}
