import type { Writable } from 'node:stream';
import { ColdtrailError } from '../src/lib/errors.ts';
import { digestSimulation } from './digest.ts';
import { outputFormat } from './output/registry.ts';
import { TextSink } from './output/text-sink.ts';
import { monotonicTimer, Pace, type Speed, sliceMsAt, type Timer } from './pace.ts';
import type { Plan } from './plan/types.ts';
import { timeShare, workShareOf } from './plan/work.ts';
import { type BrokerOptions, FleetPublisher, type PublishCounters } from './publish/publish.ts';
import { runSimulation, type Slice } from './run.ts';
import { planOf, type SimulationSource } from './source.ts';
import { createWorld, type TrueWorld } from './world/world.ts';

/** Told at the end of each slice of the world, before the next one begins. */
export interface SliceWatcher {
  afterSlice(toMs: number): void;
}

export { planOf, type SimulationSource } from './source.ts';

export interface RunOptions {
  readonly speed: Speed;
  /** Ends the run cleanly: what is in flight is finished first. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly timer?: Timer | undefined;
  /** Sets up what watches the world beside the run, as the truth recorder does. */
  readonly record?: ((plan: Plan, world: TrueWorld) => SliceWatcher) | undefined;
}

/** How far a run has come. Counts are of what was acknowledged (MQTT) or written. */
export interface Progress extends PublishCounters {
  readonly startMs: number;
  readonly endMs: number;
  readonly worldTimeMs: number;
  /** Frames that devices lost because their link was away for longer than their memory lasts. */
  readonly framesLost: number;
  /** Frames that devices still hold. */
  readonly framesKept: number;
  /** Of the work, 0 to 1; of world time where the run keeps pace with it. */
  readonly doneShare: number;
  readonly elapsedMs: number;
  /** Since the first slice began: without planning. */
  readonly runningMs: number;
}

export interface Summary extends Progress {
  /** False where the run was stopped, or its reader went away, before its end. */
  readonly complete: boolean;
}

/** How long a stopped run waits for acknowledgements. */
const DRAIN_MS_MAX = 5_000;

/**
 * Runs a simulation and publishes it over MQTT, each slice acknowledged before the clock goes on. Resolves when it
 * has ended or was stopped. Throws BROKER_UNREACHABLE, BROKER_REFUSED and what the scenario's reading throws.
 */
export async function startSimulation(
  source: SimulationSource,
  broker: BrokerOptions,
  run: RunOptions,
): Promise<Summary> {
  const plan = planOf(source);
  const publisher = new FleetPublisher(plan, broker);
  const tally = new Tally(plan, run, () => publisher.counters);
  const drain = onAbort(run.signal, DRAIN_MS_MAX, () => void publisher.close());
  const connecting = onAbort(run.signal, 0, () => void publisher.close());
  try {
    await publisher.open();
    connecting.release();
    for await (const slice of pacedSlices(plan, run)) {
      await publisher.publishSlice(slice, run.speed);
      tally.add(slice);
    }
    await publisher.publishClock(tally.worldTimeMs, run.speed);
  } catch (error) {
    if (!run.signal?.aborted) throw error;
  } finally {
    connecting.release();
    drain.release();
    await publisher.close();
  }
  return tally.summary();
}

/** Calls back some time after the signal aborts, unless released before. */
function onAbort(signal: AbortSignal | undefined, afterMs: number, call: () => void): { release(): void } {
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    timer = setTimeout(call, afterMs);
  };
  if (signal?.aborted) start();
  signal?.addEventListener('abort', start, { once: true });
  return {
    release: () => {
      signal?.removeEventListener('abort', start);
      clearTimeout(timer);
    },
  };
}

/** Runs a simulation and writes it to a stream as text. Ends quietly when the reader goes away. */
export async function writeSimulation(
  source: SimulationSource,
  output: { readonly format: string; readonly stream: Writable },
  run: RunOptions,
): Promise<Summary> {
  const format = outputFormat(output.format);
  if (!format) throw new ColdtrailError('UNKNOWN_NAME', `no output format is called ${output.format}`);
  const sink = new TextSink(output.stream);
  if (format.open === null) return writeDigest(source, sink, run);
  const plan = planOf(source);
  const writer = format.open();
  const written = { frames: 0, packs: 0, readings: 0, events: 0, retried: 0 };
  const tally = new Tally(plan, run, () => written);
  for await (const slice of pacedSlices(plan, run)) {
    if (!(await sink.write(writer.slice(slice)))) return tally.summary();
    written.packs += slice.packs.length;
    written.events += slice.scans.length;
    for (const pack of slice.packs) {
      written.frames += pack.frames.length;
      for (const frame of pack.frames) written.readings += frame.values.length;
    }
    tally.add(slice);
  }
  const summary = tally.summary();
  if (summary.complete) await sink.write(writer.end());
  await sink.flush();
  return summary;
}

/** Writes one line, the digest of the whole run: no slower at any speed asked for. */
async function writeDigest(source: SimulationSource, sink: TextSink, run: RunOptions): Promise<Summary> {
  const summary = await digestSimulation({ plan: planOf(source) }, { ...run, workers: 1 });
  // A digest of half a run would look like that of a whole one.
  if (summary.digest !== null) await sink.write(`${summary.digest}\n`);
  await sink.flush();
  return summary;
}

async function* pacedSlices(plan: Plan, run: RunOptions): AsyncGenerator<Slice> {
  const { speed, signal, timer = monotonicTimer } = run;
  const pace = new Pace(plan.startMs, speed, timer);
  const world = createWorld(plan);
  const watcher = run.record?.(plan, world);
  const afterWorldSlice = watcher && ((toMs: number) => watcher.afterSlice(toMs));
  for (const slice of runSimulation(plan, world, { sliceMs: sliceMsAt(speed), afterWorldSlice })) {
    await pace.until(slice.fromMs, signal);
    if (signal?.aborted) return;
    yield slice;
  }
}

/** Adds up what a run has done and tells whoever listens. */
class Tally {
  readonly #plan: Plan;
  readonly #run: RunOptions;
  readonly #counters: () => PublishCounters;
  readonly #timer: Timer;
  readonly #beganMs: number;
  readonly #shareOf: (timeMs: number) => number;
  #worldTimeMs: number;
  #framesLost = 0;
  #framesKept = 0;

  constructor(plan: Plan, run: RunOptions, counters: () => PublishCounters) {
    this.#plan = plan;
    this.#run = run;
    this.#counters = counters;
    this.#timer = run.timer ?? monotonicTimer;
    this.#beganMs = this.#timer.nowMs();
    this.#worldTimeMs = plan.startMs;
    this.#shareOf = run.speed === 'max' ? workShareOf(plan) : (timeMs) => timeShare(plan.startMs, plan.endMs, timeMs);
  }

  get worldTimeMs(): number {
    return this.#worldTimeMs;
  }

  add(slice: Slice): void {
    this.#worldTimeMs = slice.toMs;
    this.#framesLost += slice.framesLost;
    this.#framesKept = slice.framesKept;
    this.#run.onProgress?.(this.progress());
  }

  progress(): Progress {
    const { startMs, endMs } = this.#plan;
    const elapsedMs = this.#timer.nowMs() - this.#beganMs;
    return {
      startMs,
      endMs,
      worldTimeMs: this.#worldTimeMs,
      ...this.#counters(),
      framesLost: this.#framesLost,
      framesKept: this.#framesKept,
      doneShare: this.#shareOf(this.#worldTimeMs),
      elapsedMs,
      runningMs: elapsedMs,
    };
  }

  summary(): Summary {
    return { ...this.progress(), complete: this.#worldTimeMs >= this.#plan.endMs };
  }
}
