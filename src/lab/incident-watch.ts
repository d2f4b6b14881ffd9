import { FAULTS, type Plan, type PlannedFault } from '../../simulators/plan/types.ts';
import { harmOf, type TruthRecord } from '../../simulators/truth/record.ts';
import type { TruthView } from '../../simulators/truth/recorder.ts';
import { NOWHERE } from '../../simulators/truth/whereabouts.ts';
import { drawFruit } from '../../simulators/world/fruit.ts';
import type { BreachSubject } from '../contract/breach.ts';
import type { Incident, Window } from './incident.ts';

/** Pulp this near to its twin's is as it would have been. ESTIMATE: twice the error of a bare probe (±0.2 °C). */
const PASSED_BELOW_K = 0.5;

/** How long after a fault's end its own asset's air may still be off. ESTIMATE: a loaded truck pulls down in an hour. */
const AIR_SETTLES_MS = 2 * 3_600_000;

const SUBJECTS: Readonly<Record<(typeof FAULTS)[keyof typeof FAULTS]['target'], BreachSubject>> = {
  asset: 'cargo',
  loading: 'cargo',
  sensor: 'sensor',
  device: 'device',
};

/** What a fault has done to a batch: the difference to the twin when it was struck, and since then. */
interface Struck {
  /** Null until the difference can be told. */
  base: { lifeShare: number; alarmMin: number } | null;
  lifeShare: number;
  alarmMin: number;
  /** The batch's own days of life: a hidden parameter. */
  readonly lifeDays: number;
}

interface Followed {
  readonly fault: PlannedFault;
  readonly struck: Map<number, Struck>;
  readonly windows: { asset: string; fromMs: number; toMs: number }[];
  damageMs: number | null;
}

/**
 * Follows what each fault does, slice by slice, into the windows in which an alarm about it is right.
 *
 * A fault's effect goes on in its own asset until its air has settled, and goes with the fruit it struck, into other
 * assets and through blends, until pulp is within {@link PASSED_BELOW_K} of what it is in the twin.
 */
export class IncidentWatch {
  readonly #plan: Plan;
  readonly #followed: readonly Followed[];
  /** Faults that have begun and may still act; kept small, since it is walked in every slice. */
  #open: Followed[] = [];
  #nextFault = 0;
  #nextBlend = 0;
  #timeMs: number;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#timeMs = plan.startMs;
    this.#followed = plan.faults.map((fault) => ({ fault, struck: new Map(), windows: [], damageMs: null }));
  }

  /** The option `onSlice` of a truth recorder. */
  readonly onSlice = (toMs: number, view: TruthView): void => {
    const fromMs = this.#timeMs;
    this.#timeMs = toMs;
    while (this.#nextFault < this.#followed.length && this.#plan.faults[this.#nextFault]!.fromMs < toMs) {
      this.#open.push(this.#followed[this.#nextFault++]!);
    }
    this.#blend(fromMs);
    for (const followed of this.#open) {
      const isActing = followed.fault.toMs > fromMs;
      const reach = isActing ? this.#reach(followed.fault, view) : new Set<number>();
      for (const batchIx of reach) {
        if (!followed.struck.has(batchIx)) followed.struck.set(batchIx, this.#struck(batchIx, 0, 0));
      }
      for (const [batchIx, struck] of followed.struck) {
        const assetIx = view.whereabouts.assetOf[batchIx]!;
        const isOff = reach.has(batchIx) || view.pulpApartK(batchIx) >= PASSED_BELOW_K;
        // Fruit whose cooling was cut short leaves its room as cold as its twin: the two part only then.
        if (assetIx === NOWHERE || !(isOff || isActing)) followed.struck.delete(batchIx);
        if (assetIx === NOWHERE || !isOff) continue;
        extend(followed.windows, this.#plan.assets[assetIx]!.key, fromMs, toMs);
        this.#measure(followed, batchIx, struck, toMs, view);
      }
    }
    this.#open = this.#open.filter(({ fault, struck }) => fault.toMs > toMs || struck.size > 0);
  };

  /** What is to be found, once the run is over. By the plan's order of faults. */
  incidents(truth: TruthRecord): Incident[] {
    return this.#followed.map(({ fault, windows, damageMs }, ix) => {
      const { kind, harm, lossDays, lossTonneDays, alarmMin } = truth.faults[ix]!;
      const asset = this.#plan.assets[fault.assetIx]!.key;
      const own: Window = { asset, fromMs: fault.fromMs, toMs: fault.toMs + AIR_SETTLES_MS };
      return {
        kind,
        subject: SUBJECTS[FAULTS[kind].target],
        fromMs: fault.fromMs,
        windows: [own, ...windows],
        damageMs,
        harmByDamage: harm.byDamage,
        harmByLimits: harm.byLimits,
        lossDays,
        lossTonneDays,
        alarmMin,
      };
    });
  }

  /** As the truth record has it: what is in the asset, or the load that was struck. Sensor faults strike no fruit. */
  #reach(fault: PlannedFault, { whereabouts }: TruthView): Set<number> {
    const { target } = FAULTS[fault.kind];
    if (SUBJECTS[target] !== 'cargo') return new Set();
    const named = target === 'loading' ? fault.batchIxs : undefined;
    return new Set(named?.filter((ix) => whereabouts.present.has(ix)) ?? whereabouts.contents(fault.assetIx));
  }

  /** Blends up to and at an instant: outputs are struck by what struck their inputs, by mass. */
  #blend(timeMs: number): void {
    const { blends, batches } = this.#plan;
    for (; (blends[this.#nextBlend]?.timeMs ?? Infinity) <= timeMs; this.#nextBlend++) {
      const { inputs, outputs } = blends[this.#nextBlend]!;
      const massKg = inputs.reduce((sum, ix) => sum + batches[ix]!.massKg, 0);
      for (const { struck } of this.#open) {
        const parts = inputs.flatMap((ix) => {
          const part = struck.get(ix);
          return part ? [{ ...part, share: batches[ix]!.massKg / massKg }] : [];
        });
        if (parts.length === 0) continue;
        for (const ix of inputs) struck.delete(ix);
        const lifeShare = parts.reduce((sum, part) => sum + part.share * part.lifeShare, 0);
        const alarmMin = parts.reduce((sum, part) => sum + part.share * part.alarmMin, 0);
        for (const ix of outputs) struck.set(ix, this.#struck(ix, lifeShare, alarmMin));
      }
    }
  }

  #struck(batchIx: number, lifeShare: number, alarmMin: number): Struck {
    const { produce, seed, batches } = this.#plan;
    return { base: null, lifeShare, alarmMin, lifeDays: drawFruit(produce, seed, batches[batchIx]!.id).lifeDays };
  }

  #measure(followed: Followed, batchIx: number, struck: Struck, toMs: number, view: TruthView): void {
    if (followed.damageMs !== null) return;
    const difference = view.differenceOf(batchIx);
    if (!difference) return;
    struck.base ??= { lifeShare: difference[0]! - struck.lifeShare, alarmMin: difference[1]! - struck.alarmMin };
    struck.lifeShare = difference[0]! - struck.base.lifeShare;
    struck.alarmMin = difference[1]! - struck.base.alarmMin;
    const harm = harmOf({ lossDays: struck.lifeShare * struck.lifeDays, alarmMin: struck.alarmMin, criticalMin: 0 });
    if (harm.byDamage || harm.byLimits) followed.damageMs = toMs;
  }
}

/** Makes a window go on to an instant, or opens one where none of the asset ends at its beginning. */
function extend(windows: Followed['windows'], asset: string, fromMs: number, toMs: number): void {
  const last = windows.findLast((window) => window.asset === asset);
  if (last && last.toMs >= fromMs) last.toMs = toMs;
  else windows.push({ asset, fromMs, toMs });
}
