import type { PlannedFault } from '../plan/types.ts';
import { type CounterKey, counterBits, uniformOf } from './counter-random.ts';

const DAY_MS = 86_400_000;

/** How far a spike jumps, either way, in the channel's unit. ESTIMATE. */
const SPIKE_MIN = 5;
const SPIKE_MAX = 20;

export type StrikingFault = Pick<PlannedFault, 'kind' | 'channel' | 'severity' | 'fromMs' | 'toMs'>;

/** What faults do to one sensor at one instant. */
export interface Acting {
  /** Share of door-side air in what it sees. */
  doorShare: number;
  /** Added to what it has reached: drift. */
  offset: number;
  /** Added to the standard deviation of its noise. */
  noiseSd: number;
  /** What it gives in the end instead of what it would show; NaN for nothing. */
  value(shown: number): number;
}

const asShown = (shown: number): number => shown;

/** A fault on one sensor, and the value it has got stuck at. */
interface Strike extends StrikingFault {
  stuckAt: number;
}

/** The sensor faults of one device. */
export class SensorFaults {
  /** By channel of the device's layout. */
  readonly #strikes: readonly (readonly Strike[])[];
  readonly #all: readonly Strike[];
  readonly #keys: readonly CounterKey[];

  /** @param keyOf the random source of a channel's faults */
  constructor(channels: readonly string[], faults: readonly StrikingFault[], keyOf: (channel: string) => CounterKey) {
    this.#strikes = channels.map((channel) =>
      faults.filter((fault) => fault.channel === channel).map((fault) => ({ ...fault, stuckAt: Number.NaN })),
    );
    this.#all = this.#strikes.flat();
    this.#keys = channels.map(keyOf);
  }

  /** Whether any sensor is struck at an instant. */
  strikeAt(timeMs: number): boolean {
    return this.#all.some((fault) => isActing(fault, timeMs));
  }

  /** What is wrong with one sensor. @param n running number of the sample */
  actingOn(channel: number, timeMs: number, n: number): Acting {
    const acting: Acting = { doorShare: 0, offset: 0, noiseSd: 0, value: asShown };
    for (const [i, fault] of this.#strikes[channel]!.entries()) {
      if (isActing(fault, timeMs)) this.#apply(fault, acting, timeMs, this.#keys[channel]!, 4 * n + (i & 3));
    }
    return acting;
  }

  #apply(fault: Strike, acting: Acting, timeMs: number, key: CounterKey, n: number): void {
    const { kind, severity } = fault;
    const before = acting.value;
    if (kind === 'sensor-misplaced') acting.doorShare = severity;
    else if (kind === 'sensor-drift') acting.offset += (severity * (timeMs - fault.fromMs)) / DAY_MS;
    else if (kind === 'sensor-noise') acting.noiseSd += severity;
    else if (kind === 'sensor-stuck' && severity > 0) {
      // It shows for good what it showed first: the last value it ever took.
      acting.value = (shown) => {
        if (Number.isNaN(fault.stuckAt)) fault.stuckAt = before(shown);
        return fault.stuckAt;
      };
    } else if (kind === 'sensor-dropout' && uniformOf(counterBits(key.a, key.b, n)) < severity) {
      acting.value = () => Number.NaN;
    } else if (kind === 'sensor-spikes') {
      const bits = counterBits(key.a, key.b, n);
      if (uniformOf(bits) >= severity) return;
      const far = SPIKE_MIN + (SPIKE_MAX - SPIKE_MIN) * uniformOf(counterBits(key.b, key.a, n));
      acting.offset += bits & 1 ? far : -far;
    }
  }
}

const isActing = (fault: StrikingFault, timeMs: number) => fault.fromMs <= timeMs && timeMs < fault.toMs;
