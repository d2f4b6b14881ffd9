import type { FrameChunk } from '../contract/frame.ts';
import type { Watch, WatchPlan } from './compile.ts';
import { freshMemory, type Memory, type Reading, SENSOR_SICK, type Spell, USABLE } from './rule.ts';

/** What a device's rules remember, and up to when a door or a defrost explains warm air. */
export interface StrataState {
  /** By `{channel}:{rule}`. */
  readonly memories: Readonly<Record<string, Memory>>;
  /** 0 where nothing does. */
  readonly explainedUntilMs: number;
}

/** Told of every raised spell that ended, and whether because its sensor is sick. */
export type SpellEnded = (watch: Watch, spell: Spell, endMs: number, sensorSick: boolean) => void;

/**
 * Folds frames `from` to `to`, all armed alike, stratum by stratum and column by column. Each stratum takes from those
 * before it only what they found for the same frame, so this equals going frame by frame through all strata.
 */
export function foldStrata(
  before: StrataState,
  chunk: FrameChunk,
  from: number,
  to: number,
  plan: WatchPlan,
  ended: SpellEnded,
): StrataState {
  const run = new StrataRun(before, chunk, from, to, plan, ended);
  for (const rule of plan.sensor) run.sensors(rule);
  run.operations();
  for (const watch of plan.condition) run.condition(watch);
  return run.state();
}

class StrataRun {
  readonly #size: number;
  readonly #plan: WatchPlan;
  readonly #ended: SpellEnded;
  readonly #timeMs: Float64Array;
  /** Column after column, contiguous; NaN where a frame has no usable value. */
  readonly #values: Float64Array;
  readonly #verdicts: Uint8Array;
  readonly #explained: Uint8Array;
  readonly #before: StrataState;
  #memories: Record<string, Memory> | null = null;
  #explainedUntilMs: number;
  readonly #reading: Reading = {
    timeMs: 0,
    value: 0,
    lowBeside: Number.NaN,
    highBeside: Number.NaN,
    explained: false,
    verdict: USABLE,
    explainedUntilMs: 0,
  };

  constructor(before: StrataState, chunk: FrameChunk, from: number, to: number, plan: WatchPlan, ended: SpellEnded) {
    const size = to - from;
    const width = chunk.layout.channels.length;
    this.#size = size;
    this.#plan = plan;
    this.#ended = ended;
    this.#before = before;
    this.#explainedUntilMs = before.explainedUntilMs;
    this.#timeMs = chunk.timeMs.subarray(from, to);
    this.#values = new Float64Array(size * plan.columns.length);
    this.#verdicts = new Uint8Array(size * plan.columns.length);
    this.#explained = new Uint8Array(size);
    plan.columns.forEach((layoutColumn, column) => {
      const start = column * size;
      for (let i = 0, k = from * width + layoutColumn; i < size; i++, k += width) {
        this.#values[start + i] = chunk.values[k]!;
      }
    });
  }

  /** One sensor rule on all its channels: what it finds is taken out only after it has seen all of them. */
  sensors(watches: readonly Watch[]): void {
    const size = this.#size;
    const found = watches.map((watch) => this.#sensor(watch));
    watches.forEach(({ column }, w) => {
      const verdicts = found[w];
      if (!verdicts) return;
      for (let i = 0; i < size; i++) {
        if (verdicts[i] === USABLE) continue;
        this.#values[column * size + i] = Number.NaN;
        this.#verdicts[column * size + i] = verdicts[i]!;
      }
    });
  }

  /** @returns the verdicts, or null where every reading is usable */
  #sensor(watch: Watch): Uint8Array | null {
    const memory = this.#open(watch);
    const reading = this.#reading;
    const start = watch.column * this.#size;
    let verdicts: Uint8Array | null = null;
    reading.explained = false;
    for (let i = 0; i < this.#size; i++) {
      const value = this.#values[start + i]!;
      if (Number.isNaN(value)) continue;
      reading.timeMs = this.#timeMs[i]!;
      reading.value = value;
      reading.verdict = USABLE;
      if (watch.beside) this.#lookBeside(watch, i);
      const spell = watch.bound.step(memory, reading);
      if (spell) this.#ended(watch, spell, reading.timeMs, false);
      if (reading.verdict !== USABLE) {
        verdicts ??= new Uint8Array(this.#size);
        verdicts[i] = reading.verdict;
      }
    }
    this.#close(watch, memory);
    return verdicts;
  }

  /** Every operation rule, frame by frame: which frames a door or a defrost explains. */
  operations(): void {
    const watches = this.#plan.operation;
    const memories = watches.map((watch) => this.#open(watch));
    const reading = this.#reading;
    reading.explained = false;
    for (let i = 0; i < this.#size; i++) {
      const timeMs = this.#timeMs[i]!;
      for (let w = 0; w < watches.length; w++) {
        const watch = watches[w]!;
        const value = this.#values[watch.column * this.#size + i]!;
        if (Number.isNaN(value)) continue;
        reading.timeMs = timeMs;
        reading.value = value;
        reading.explainedUntilMs = 0;
        if (watch.beside) this.#lookBeside(watch, i);
        const spell = watch.bound.step(memories[w]!, reading);
        if (spell) this.#ended(watch, spell, timeMs, false);
        if (reading.explainedUntilMs > this.#explainedUntilMs) this.#explainedUntilMs = reading.explainedUntilMs;
      }
      this.#explained[i] = timeMs <= this.#explainedUntilMs ? 1 : 0;
    }
    watches.forEach((watch, w) => void this.#close(watch, memories[w]!));
  }

  condition(watch: Watch): void {
    const memory = this.#open(watch);
    const reading = this.#reading;
    const { bound, explainable } = watch;
    const start = watch.column * this.#size;
    for (let i = 0; i < this.#size; i++) {
      const value = this.#values[start + i]!;
      if (Number.isNaN(value)) {
        if (this.#verdicts[start + i] === SENSOR_SICK && memory.spell !== null && !bound.lasting) {
          if (memory.spell.raisedMs !== null) this.#ended(watch, memory.spell, this.#timeMs[i]!, true);
          memory.spell = null;
        }
        continue;
      }
      reading.timeMs = this.#timeMs[i]!;
      reading.value = value;
      reading.explained = explainable && this.#explained[i] === 1;
      if (watch.beside) this.#lookBeside(watch, i);
      const spell = bound.step(memory, reading);
      if (spell) this.#ended(watch, spell, reading.timeMs, false);
    }
    this.#close(watch, memory);
  }

  state(): StrataState {
    if (this.#memories === null && this.#explainedUntilMs === this.#before.explainedUntilMs) return this.#before;
    return { memories: this.#memories ?? this.#before.memories, explainedUntilMs: this.#explainedUntilMs };
  }

  #lookBeside({ besideColumns }: Watch, i: number): void {
    let low = Number.NaN;
    let high = Number.NaN;
    for (let b = 0; b < besideColumns.length; b++) {
      const value = this.#values[besideColumns[b]! * this.#size + i]!;
      if (Number.isNaN(value)) continue;
      if (!(value >= low)) low = value;
      if (!(value <= high)) high = value;
    }
    this.#reading.lowBeside = low;
    this.#reading.highBeside = high;
  }

  /** The memory to work on: a copy, since the state given is nobody's to change. */
  #open({ key }: Watch): Memory {
    const known = this.#before.memories[key];
    return known ? { spell: known.spell && { ...known.spell }, kept: known.kept.slice() } : freshMemory();
  }

  #close({ key }: Watch, memory: Memory): void {
    const blank = memory.spell === null && memory.kept.length === 0;
    if (blank && this.#before.memories[key] === undefined) return;
    this.#memories ??= { ...this.#before.memories };
    if (blank) delete this.#memories[key];
    else this.#memories[key] = memory;
  }
}
