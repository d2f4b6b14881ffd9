import type { FrameBlock } from '../../simulators/device/frame-block.ts';
import { layoutOf } from '../../simulators/device/sampling.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import type { Breach } from '../contract/breach.ts';
import { DeviceRows } from './device-rows.ts';
import { DeviceJudge, type RuleSet } from './engine.ts';
import { historiesOf } from './histories.ts';

/** What one rule set says. Plain data: sent between threads. */
export interface Judged {
  readonly breaches: readonly Breach[];
  /** For how long devices were armed, all of them, ms. */
  readonly armedMs: number;
}

/** Devices of a plan under all rule sets. */
export class JudgingBench {
  readonly #plan: Plan;
  /** By device index, where the device is on this bench; the same in {@link #judges}. */
  readonly #rows: readonly (DeviceRows | undefined)[];
  /** By device index, then by rule set. */
  readonly #judges: readonly (readonly DeviceJudge[])[];

  /** @param assets those whose devices are judged here */
  constructor(plan: Plan, sets: readonly RuleSet[], assets: (assetIx: number) => boolean) {
    this.#plan = plan;
    const isHere = (deviceIx: number) => assets(plan.devices[deviceIx]!.assetIx);
    const wrong = new Set(plan.faults.filter(({ kind }) => kind === 'clock-wrong').map(({ deviceIx }) => deviceIx));
    this.#rows = plan.devices.map((device, ix) =>
      isHere(ix) ? new DeviceRows(device.key, layoutOf(device), !wrong.has(ix)) : undefined,
    );
    this.#judges = historiesOf(plan).map((history, ix) =>
      isHere(ix) ? sets.map((set) => new DeviceJudge(set, history)) : [],
    );
  }

  take({ size, deviceIx, timeMs, valueAt, values }: FrameBlock): void {
    for (let row = 0; row < size; row++) {
      const ix = deviceIx[row]!;
      const rows = this.#rows[ix]!;
      rows.add(timeMs[row]!, values, valueAt[row]!);
      if (rows.isFull) this.#judge(ix, rows);
    }
  }

  /** @param sets how many rule sets there are */
  end(sets: number): Judged[] {
    for (const [ix, rows] of this.#rows.entries()) if (rows) this.#judge(ix, rows);
    const { startMs, endMs } = this.#plan;
    return Array.from({ length: sets }, (_, set) => {
      const judges = this.#judges.flatMap((ofDevice) => ofDevice[set] ?? []);
      return {
        breaches: judges.flatMap((judge) => judge.breaches(endMs)),
        armedMs: judges.reduce((sum, judge) => sum + judge.armedMs(startMs, endMs), 0),
      };
    });
  }

  #judge(deviceIx: number, rows: DeviceRows): void {
    const chunk = rows.take();
    if (chunk.size > 0) for (const judge of this.#judges[deviceIx]!) judge.take(chunk);
  }
}
