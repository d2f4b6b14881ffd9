import type { Plan } from '../plan/types.ts';
import { type ScenarioSource, twinOf } from '../source.ts';
import { TruthFiles } from './files.ts';
import { dutiesInReach, type Reach } from './reach.ts';
import type { TruthRecord } from './record.ts';
import { TruthRecorder } from './recorder.ts';
import { TwinThread } from './twin-thread.ts';
import { twinRunning } from './twin-world.ts';
import type { Recorded } from './watched-world.ts';

/** The twin gets a thread from so many hours of duties on: some seconds of work, more than it takes to start one. */
const THREAD_FROM_H = 50_000;

function dutyHours(reach: Reach): number {
  let ms = 0;
  for (const duties of reach.values()) for (const { fromMs, toMs } of duties) ms += toMs - fromMs;
  return ms / 3_600_000;
}

/** Writes the truth of a run into a directory while the run goes on. */
export class TruthRecording {
  readonly #source: ScenarioSource;
  readonly #files: TruthFiles;
  /** Resolution of true temperatures. */
  readonly everyMs: number;
  #recorder: TruthRecorder | undefined;
  #twin: TwinThread | undefined;

  /** @param everyMs resolution of true temperatures. Throws what the file system throws. */
  constructor(source: ScenarioSource, dir: string, everyMs: number) {
    this.#source = source;
    this.everyMs = everyMs;
    this.#files = new TruthFiles(dir);
  }

  /** Sets up what watches the world; the option `record` of a run. */
  readonly record = (plan: Plan, world: Recorded['world']): TruthRecorder => {
    const real = { plan, world };
    const twin = twinOf(this.#source);
    const reach = dutiesInReach(plan, twin);
    if (dutyHours(reach) >= THREAD_FROM_H) this.#twin = new TwinThread(this.#source, real, twin, reach);
    this.#recorder = new TruthRecorder(real, this.#twin?.running ?? twinRunning(real, twin, reach), {
      everyMs: this.everyMs,
      onTemperature: (row) => this.#files.add(row),
    });
    return this.#recorder;
  };

  /** Closes the files as far as the run has come. Undefined where it never began. */
  end(): TruthRecord | undefined {
    this.#twin?.close();
    const record = this.#recorder?.end();
    this.#files.close(record ?? { faults: [], batches: [], assets: [] });
    return record;
  }
}
