import type { FrameBlock } from '../../simulators/device/frame-block.ts';
import { layoutOf } from '../../simulators/device/sampling.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import { runBlocks } from '../../simulators/run.ts';
import { planOf, twinOf } from '../../simulators/source.ts';
import { TruthRecorder } from '../../simulators/truth/recorder.ts';
import { twinRunning } from '../../simulators/truth/twin-world.ts';
import { createWorld } from '../../simulators/world/world.ts';
import type { Breach } from '../contract/breach.ts';
import { DeviceRows } from './device-rows.ts';
import { DeviceJudge, type RuleSet } from './engine.ts';
import { historiesOf } from './histories.ts';
import type { Incident } from './incident.ts';
import { IncidentWatch } from './incident-watch.ts';

/** What one simulated season says of some rule sets. */
export interface SeedRun {
  readonly seed: number;
  readonly incidents: readonly Incident[];
  readonly readings: number;
  /** By rule set, as given. */
  readonly judged: readonly { readonly breaches: readonly Breach[]; readonly deviceDays: number }[];
}

const DAY_MS = 86_400_000;

/**
 * Simulates one seed of a scenario and lets every rule set judge what its devices measure: plan, world and twin, frames,
 * rules, truth; nothing is sent and nothing is stored. Frames are judged as measured, whenever they would have arrived.
 * Yields the share done after each slice of the world. Throws what reading the scenario throws.
 */
export function* runSeed(scenario: string, seed: number, sets: readonly RuleSet[]): Generator<number, SeedRun> {
  const plan = planOf({ scenario, seed });
  const real = { plan, world: createWorld(plan) };
  const watch = new IncidentWatch(plan);
  const twin = twinRunning(real, twinOf({ scenario, seed }));
  const recorder = new TruthRecorder(real, twin, { onSlice: watch.onSlice });
  const bench = new JudgingBench(plan, sets);
  let readings = 0;
  for (const block of runBlocks(plan, real.world)) {
    recorder.afterSlice(block.toMs);
    bench.take(block);
    readings += block.readings;
    yield (block.toMs - plan.startMs) / (plan.endMs - plan.startMs);
  }
  const incidents = watch.incidents(recorder.end());
  return { seed, incidents, readings, judged: bench.end() };
}

/** All devices of a plan under all rule sets. */
class JudgingBench {
  readonly #plan: Plan;
  /** By device index. */
  readonly #rows: readonly DeviceRows[];
  /** By device index, then by rule set. */
  readonly #judges: readonly (readonly DeviceJudge[])[];

  constructor(plan: Plan, sets: readonly RuleSet[]) {
    this.#plan = plan;
    const wrong = new Set(plan.faults.filter(({ kind }) => kind === 'clock-wrong').map(({ deviceIx }) => deviceIx));
    this.#rows = plan.devices.map((device, ix) => new DeviceRows(device.key, layoutOf(device), !wrong.has(ix)));
    this.#judges = historiesOf(plan).map((history) => sets.map((set) => new DeviceJudge(set, history)));
  }

  take({ size, deviceIx, timeMs, valueAt, values }: FrameBlock): void {
    for (let row = 0; row < size; row++) {
      const ix = deviceIx[row]!;
      const rows = this.#rows[ix]!;
      rows.add(timeMs[row]!, values, valueAt[row]!);
      if (rows.isFull) this.#judge(ix);
    }
  }

  end(): SeedRun['judged'] {
    for (const ix of this.#rows.keys()) this.#judge(ix);
    const { startMs, endMs } = this.#plan;
    const sets = this.#judges[0]?.length ?? 0;
    return Array.from({ length: sets }, (_, set) => ({
      breaches: this.#judges.flatMap((judges) => judges[set]!.breaches(endMs)),
      deviceDays: this.#judges.reduce((sum, judges) => sum + judges[set]!.armedMs(startMs, endMs), 0) / DAY_MS,
    }));
  }

  #judge(deviceIx: number): void {
    const chunk = this.#rows[deviceIx]!.take();
    if (chunk.size > 0) for (const judge of this.#judges[deviceIx]!) judge.take(chunk);
  }
}
