import { Delivery } from '../../simulators/device/delivery.ts';
import type { FrameBlock } from '../../simulators/device/frame-block.ts';
import type { Plan } from '../../simulators/plan/types.ts';
import { DeviceJudge, type RuleSet } from './engine.ts';
import { HeardDevice, type ToldBreach } from './heard-device.ts';
import { historiesOf } from './histories.ts';

/** What one rule set says. Plain data: sent between threads. */
export interface Judged {
  readonly breaches: readonly ToldBreach[];
  /** For how long devices were armed, all of them, ms. */
  readonly armedMs: number;
}

/** A device on the bench, and who judges it, by rule set. */
interface Judging {
  readonly heard: HeardDevice;
  readonly judges: readonly DeviceJudge[];
}

/** What has come in, and what can be folded of it, is asked for an hour at a time: most devices report several times. */
const HEARD_EVERY_MS = 3_600_000;

/** Devices of a plan under all rule sets. Their frames travel as those of a simulation do: late, twice, or never. */
export class JudgingBench {
  readonly #plan: Plan;
  /** Of the frames' numbers: a device's frames are known by them. */
  readonly #delivery: Delivery<number>;
  /** By device index, and by key; none where the device is not on this bench. */
  readonly #judging: readonly (Judging | undefined)[];
  readonly #byKey = new Map<string, HeardDevice>();
  #heardMs: number;
  #takenMs: number;

  /** @param assets those whose devices are judged here */
  constructor(plan: Plan, sets: readonly RuleSet[], assets: (assetIx: number) => boolean) {
    this.#plan = plan;
    this.#heardMs = plan.startMs;
    this.#takenMs = plan.startMs;
    this.#delivery = new Delivery(plan, (block, row) => block.seq[row]!);
    const wrong = new Set(plan.faults.filter(({ kind }) => kind === 'clock-wrong').map(({ deviceIx }) => deviceIx));
    const histories = historiesOf(plan);
    this.#judging = plan.devices.map((device, ix) => {
      if (!assets(device.assetIx)) return undefined;
      const heard = new HeardDevice(plan.seed, device, !wrong.has(ix));
      this.#byKey.set(device.key, heard);
      return { heard, judges: sets.map((set) => new DeviceJudge(set, histories[ix]!)) };
    });
  }

  /** All that is measured in a slice; slices in order. */
  take(block: FrameBlock): void {
    const { size, deviceIx, timeMs, valueAt, values } = block;
    for (let row = 0; row < size; row++) {
      this.#judging[deviceIx[row]!]!.heard.measured(timeMs[row]!, values, valueAt[row]!);
    }
    this.#delivery.take(block);
    this.#takenMs = block.toMs;
    if (this.#takenMs - this.#heardMs < HEARD_EVERY_MS) return;
    this.#hear();
    for (const judging of this.#judging) if (judging) this.#judge(judging, false);
  }

  /** @param sets how many rule sets there are */
  end(sets: number): Judged[] {
    const { startMs, endMs } = this.#plan;
    this.#hear();
    const all = this.#judging.filter((judging) => judging !== undefined);
    for (const judging of all) this.#judge(judging, true);
    return Array.from({ length: sets }, (_, set) => ({
      breaches: all.flatMap(({ heard, judges }) => judges[set]!.breaches(endMs).map((breach) => heard.told(breach))),
      armedMs: all.reduce((sum, { judges }) => sum + judges[set]!.armedMs(startMs, endMs), 0),
    }));
  }

  /** Takes in what has been delivered of all that was measured so far. */
  #hear(): void {
    for (const pack of this.#delivery.packsByDeviceUntil(this.#takenMs)) {
      const heard = this.#byKey.get(pack.device)!;
      for (const seq of pack.frames) heard.heard(seq, pack.timeMs);
    }
    this.#heardMs = this.#takenMs;
  }

  #judge({ heard, judges }: Judging, isOver: boolean): void {
    const chunk = heard.ready(isOver);
    if (chunk && chunk.size > 0) for (const judge of judges) judge.take(chunk);
  }
}
