import { PACK_FRAMES_MAX } from '../../simulators/device/delivery.ts';
import { gridMsFrom, layoutOf, phaseMsOf } from '../../simulators/device/sampling.ts';
import type { PlannedDevice } from '../../simulators/plan/types.ts';
import type { Breach } from '../contract/breach.ts';
import type { FrameChunk } from '../contract/frame.ts';
import { DeviceRows } from './device-rows.ts';

/** Frames are folded when so many are there whose fate is known. */
const FOLDED_AT = 256;

/** The network holds nothing back for longer: twice what a delivery says of itself. */
const UNDER_WAY_MAX_MS = 3_600_000;

/** A breach, and when the processor could first have told of it. */
export interface ToldBreach extends Breach {
  readonly toldMs: number;
}

/**
 * A device as the processor hears it: which of its frames come in, and when. Frames are folded in order of time once it
 * is known whether they come in at all; those that a full memory has lost never do, nor do those that are still on
 * their way when the run ends.
 */
export class HeardDevice {
  readonly #device: PlannedDevice;
  readonly #phaseMs: number;
  readonly #rows: DeviceRows;
  /** False where its clock may run back: then all is kept to the end and put in order. */
  readonly #ascends: boolean;
  /** A frame that has not come in while so many newer ones were measured never will. */
  readonly #pendingMax: number;
  /** By row: when it came in; NaN while it has not. */
  #heardMs = new Float64Array(2 * FOLDED_AT).fill(Number.NaN);
  #firstSeq = 0;
  #tryAt = FOLDED_AT;
  /** Frames that came in at another time than the report they belonged to: when they were measured, and when they came. */
  readonly #lateMs: number[] = [];
  readonly #lateHeardMs: number[] = [];

  constructor(seed: number, device: PlannedDevice, ascends: boolean) {
    this.#device = device;
    this.#phaseMs = phaseMsOf(seed, device);
    this.#rows = new DeviceRows(device.key, layoutOf(device));
    this.#ascends = ascends;
    const { bufferFramesMax, reportMs, sampleMs } = device;
    // While a device sends what it kept beside what is new, a pack a report, it keeps the rest for longer.
    const drained = Math.ceil((bufferFramesMax * reportMs) / sampleMs / PACK_FRAMES_MAX);
    this.#pendingMax = bufferFramesMax + drained + Math.ceil((reportMs + UNDER_WAY_MAX_MS) / sampleMs);
  }

  /** Measured, in order of `seq`. */
  measured(timeMs: number, values: Float64Array, at: number): void {
    this.#rows.add(timeMs, values, at);
    const { size } = this.#rows;
    if (size <= this.#heardMs.length) return;
    const heardMs = new Float64Array(2 * this.#heardMs.length).fill(Number.NaN);
    heardMs.set(this.#heardMs);
    this.#heardMs = heardMs;
  }

  /** Came in: once, or again. */
  heard(seq: number, heardMs: number): void {
    const row = seq - this.#firstSeq;
    if (row >= 0 && Number.isNaN(this.#heardMs[row]!)) this.#heardMs[row] = heardMs;
  }

  /** Frames that are ready to be folded, where there are enough; all that ever will be where the run is over. */
  ready(isOver: boolean): FrameChunk | undefined {
    const { size } = this.#rows;
    if (!isOver && (!this.#ascends || size < this.#tryAt)) return undefined;
    let rows = 0;
    let lost = 0;
    for (; rows < size; rows++) {
      if (!Number.isNaN(this.#heardMs[rows]!)) continue;
      if (!isOver && rows + this.#pendingMax >= size) break;
      lost++;
    }
    this.#tryAt = size - rows + FOLDED_AT;
    if (rows === 0) return undefined;
    for (let row = 0; row < rows; row++) this.#noteLate(this.#rows.timeMs(row), this.#heardMs[row]!);
    const heardMs = this.#heardMs;
    const chunk =
      this.#ascends && lost === 0
        ? this.#rows.take(rows)
        : this.#rows.takeSorted(rows, (row) => !Number.isNaN(heardMs[row]!));
    this.#heardMs.copyWithin(0, rows, size).fill(Number.NaN, size - rows, size);
    this.#firstSeq += rows;
    return chunk;
  }

  /**
   * When the processor could first have told of a breach: once every frame was there from the condition's beginning to
   * the one that raised it. A silence is told of by time itself.
   */
  told(breach: Breach): ToldBreach {
    const { startMs, raisedMs, about } = breach;
    if (about === 'device') return { ...breach, toldMs: raisedMs };
    let toldMs = this.#lateHeardMs[this.#lateMs.indexOf(raisedMs)] ?? this.#reportMs(raisedMs);
    for (const [i, timeMs] of this.#lateMs.entries()) {
      if (timeMs >= startMs && timeMs <= raisedMs) toldMs = Math.max(toldMs, this.#lateHeardMs[i]!);
    }
    return { ...breach, toldMs };
  }

  #noteLate(timeMs: number, heardMs: number): void {
    if (Number.isNaN(heardMs) || heardMs === this.#reportMs(timeMs)) return;
    this.#lateMs.push(timeMs);
    this.#lateHeardMs.push(heardMs);
  }

  /** The report that a frame belongs to: its clock may be some seconds off the grid that it samples on. */
  #reportMs(timeMs: number): number {
    const { sampleMs, reportMs } = this.#device;
    const sampledMs = gridMsFrom(timeMs - sampleMs / 2, sampleMs, this.#phaseMs);
    return gridMsFrom(sampledMs, reportMs, this.#phaseMs);
  }
}
