import { makePlan } from '../plan/plan.ts';
import type { Plan } from '../plan/types.ts';
import { loadScenario } from '../scenario/load.ts';
import { createWorld } from '../world/world.ts';
import { TruthFiles } from './files.ts';
import type { TruthRecord } from './record.ts';
import { TruthRecorder } from './recorder.ts';
import type { Running } from './watched-world.ts';

/** A scenario, as the command line names it. */
export interface ScenarioSource {
  readonly scenario: string;
  readonly seed?: number | undefined;
  readonly startMs?: number | undefined;
}

/** The plan of the same season in which nothing goes wrong. Throws what reading the scenario throws. */
export function twinOf({ scenario, seed, startMs }: ScenarioSource): Plan {
  return makePlan(loadScenario(scenario), {
    ...(seed === undefined ? {} : { seed }),
    ...(startMs === undefined ? {} : { startMs }),
    faults: false,
  });
}

/** Writes the truth of a run into a directory while the run goes on. */
export class TruthRecording {
  readonly #source: ScenarioSource;
  readonly #files: TruthFiles;
  readonly #everyMs: number;
  #recorder: TruthRecorder | undefined;

  /** @param everyMs resolution of true temperatures. Throws what the file system throws. */
  constructor(source: ScenarioSource, dir: string, everyMs: number) {
    this.#source = source;
    this.#everyMs = everyMs;
    this.#files = new TruthFiles(dir);
  }

  /** Sets up what watches the world; the option `record` of a run. */
  readonly record = (plan: Plan, world: Running['world']): TruthRecorder => {
    const twin = twinOf(this.#source);
    this.#recorder = new TruthRecorder(
      { plan, world },
      { plan: twin, world: createWorld(twin) },
      { everyMs: this.#everyMs, onTemperature: (row) => this.#files.add(row) },
    );
    return this.#recorder;
  };

  /** Closes the files as far as the run has come. Undefined where it never began. */
  end(): TruthRecord | undefined {
    const record = this.#recorder?.end();
    this.#files.close(record ?? { faults: [], batches: [] });
    return record;
  }
}
