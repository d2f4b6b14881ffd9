import type { FrameChunk } from '../contract/frame.ts';
import type { Watch, WatchPlan } from './compile.ts';
import { type Reading, SENSOR_SICK, type Spell, USABLE } from './rule.ts';
import { endSpell, inSpell } from './spell.ts';

/** Told of every raised spell that ended, and whether because its sensor is sick. */
export interface SpellSink {
  ended(watch: Watch, spell: Spell, endMs: number, sensorSick: boolean): void;
}

/** What is being folded: frames `from` to `to` of a chunk, all armed alike, and where their rules remember. */
export interface StrataInput {
  readonly chunk: FrameChunk;
  readonly from: number;
  readonly to: number;
  readonly plan: WatchPlan;
  readonly numbers: Float64Array;
  /** By watch of the plan. */
  readonly offsets: Int32Array;
  /** Up to when a door or a defrost explains warm air; 0 where nothing does. */
  readonly explainedUntilMs: number;
}

/**
 * Folds frames stratum by stratum and column by column, changing the numbers in place. Each stratum takes from those
 * before it only what they found for the same frame, so this equals going frame by frame through all strata.
 * @returns up to when warm air is explained after them
 */
export function foldStrata(input: StrataInput, sink: SpellSink): number {
  return run.fold(input, sink);
}

/**
 * The working columns are kept from call to call, since live frames come one at a time: folding is synchronous, and
 * never begins again within itself.
 */
class StrataRun {
  #from = 0;
  #size = 0;
  #room = 0;
  #plan!: WatchPlan;
  #sink!: SpellSink;
  #numbers!: Float64Array;
  #offsets!: Int32Array;
  #timeMs!: Float64Array;
  /** The reading in hand, and the columns beside it. */
  #at = 0;
  #beside: readonly number[] = [];
  /** Column after column, contiguous; NaN where a frame has no usable value. */
  #values = new Float64Array(0);
  #verdicts = new Uint8Array(0);
  /** What the rule in hand has found, not taken out yet; all USABLE between rules. */
  #found = new Uint8Array(0);
  #explained = new Uint8Array(0);
  readonly #reading: Reading = {
    timeMs: Number.NaN,
    value: Number.NaN,
    lowBeside: Number.NaN,
    highBeside: Number.NaN,
    lookBeside: () => this.#lookBeside(),
    explained: false,
    verdict: USABLE,
    explainedUntilMs: Number.NaN,
  };

  fold({ chunk, from, to, plan, numbers, offsets, explainedUntilMs }: StrataInput, sink: SpellSink): number {
    this.#from = from;
    this.#size = to - from;
    this.#plan = plan;
    this.#sink = sink;
    this.#numbers = numbers;
    this.#offsets = offsets;
    this.#timeMs = chunk.timeMs;
    this.#load(chunk);
    for (const rule of plan.sensor) this.#sensors(rule);
    const untilMs = this.#operations(explainedUntilMs);
    for (const watch of plan.condition) this.#condition(watch);
    return untilMs;
  }

  #load({ layout, values }: FrameChunk): void {
    const size = this.#size;
    const { columns } = this.#plan;
    const cells = size * columns.length;
    if (cells > this.#room || size > this.#explained.length) this.#grow(cells, size);
    this.#verdicts.fill(USABLE, 0, cells);
    const width = layout.channels.length;
    for (let column = 0; column < columns.length; column++) {
      let at = column * size;
      for (let i = 0, k = this.#from * width + columns[column]!; i < size; i++, k += width) {
        this.#values[at++] = values[k]!;
      }
    }
  }

  #grow(cells: number, size: number): void {
    this.#room = Math.max(cells, this.#room);
    this.#values = new Float64Array(this.#room);
    this.#verdicts = new Uint8Array(this.#room);
    this.#found = new Uint8Array(this.#room);
    this.#explained = new Uint8Array(Math.max(size, this.#explained.length));
  }

  /** One sensor rule on all its channels: what it finds is taken out only after it has seen all of them. */
  #sensors(watches: readonly Watch[]): void {
    let any = false;
    for (const watch of watches) any = this.#sensor(watch) || any;
    if (!any) return;
    for (const { column } of watches) {
      for (let cell = column * this.#size, end = cell + this.#size; cell < end; cell++) {
        if (this.#found[cell] === USABLE) continue;
        this.#values[cell] = Number.NaN;
        this.#verdicts[cell] = this.#found[cell]!;
        this.#found[cell] = USABLE;
      }
    }
  }

  /** @returns whether it found anything */
  #sensor(watch: Watch): boolean {
    const { bound, column } = watch;
    this.#beside = watch.besideColumns;
    const at = this.#offsets[watch.index]!;
    const reading = this.#reading;
    const start = column * this.#size;
    let any = false;
    reading.explained = false;
    for (let i = 0; i < this.#size; i++) {
      const value = this.#values[start + i]!;
      if (Number.isNaN(value)) continue;
      reading.timeMs = this.#timeMs[this.#from + i]!;
      reading.value = value;
      reading.verdict = USABLE;
      this.#at = i;
      const spell = bound.step(this.#numbers, at, reading);
      if (spell !== null) this.#sink.ended(watch, spell, reading.timeMs, false);
      if (reading.verdict !== USABLE) {
        this.#found[start + i] = reading.verdict;
        any = true;
      }
    }
    return any;
  }

  /** Every operation rule, frame by frame: which frames a door or a defrost explains. */
  #operations(beforeMs: number): number {
    let untilMs = beforeMs;
    const watches = this.#plan.operation;
    const reading = this.#reading;
    reading.explained = false;
    for (let i = 0; i < this.#size; i++) {
      const timeMs = this.#timeMs[this.#from + i]!;
      for (let w = 0; w < watches.length; w++) {
        const watch = watches[w]!;
        const value = this.#values[watch.column * this.#size + i]!;
        if (Number.isNaN(value)) continue;
        reading.timeMs = timeMs;
        reading.value = value;
        reading.explainedUntilMs = 0;
        this.#at = i;
        this.#beside = watch.besideColumns;
        const spell = watch.bound.step(this.#numbers, this.#offsets[watch.index]!, reading);
        if (spell !== null) this.#sink.ended(watch, spell, timeMs, false);
        if (reading.explainedUntilMs > untilMs) untilMs = reading.explainedUntilMs;
      }
      this.#explained[i] = timeMs <= untilMs ? 1 : 0;
    }
    return untilMs;
  }

  #condition(watch: Watch): void {
    const { bound, explainable, column } = watch;
    this.#beside = watch.besideColumns;
    const at = this.#offsets[watch.index]!;
    const reading = this.#reading;
    const start = column * this.#size;
    for (let i = 0; i < this.#size; i++) {
      const value = this.#values[start + i]!;
      if (Number.isNaN(value)) {
        if (this.#verdicts[start + i] === SENSOR_SICK && !bound.lasting) this.#endForSickness(watch, at, i);
        continue;
      }
      reading.timeMs = this.#timeMs[this.#from + i]!;
      reading.value = value;
      reading.explained = explainable && this.#explained[i] === 1;
      this.#at = i;
      const spell = bound.step(this.#numbers, at, reading);
      if (spell !== null) this.#sink.ended(watch, spell, reading.timeMs, false);
    }
  }

  #endForSickness(watch: Watch, at: number, i: number): void {
    if (!inSpell(this.#numbers, at)) return;
    const spell = endSpell(this.#numbers, at);
    if (spell !== null) this.#sink.ended(watch, spell, this.#timeMs[this.#from + i]!, true);
  }

  #lookBeside(): void {
    const besideColumns = this.#beside;
    let low = Number.NaN;
    let high = Number.NaN;
    for (let b = 0; b < besideColumns.length; b++) {
      const value = this.#values[besideColumns[b]! * this.#size + this.#at]!;
      if (Number.isNaN(value)) continue;
      if (!(value >= low)) low = value;
      if (!(value <= high)) high = value;
    }
    this.#reading.lowBeside = low;
    this.#reading.highBeside = high;
  }
}

const run = new StrataRun();
