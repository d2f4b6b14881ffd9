import { FAULTS, type Plan } from '../plan/types.ts';
import { type Damage, harmOf, type TrueBatch, type TrueFault } from './record.ts';
import type { WatchedWorld } from './watched-world.ts';
import type { Whereabouts } from './whereabouts.ts';

/** Keeps what the record says of each fault: which batches were in its reach, how warm they got, what it did. */
export class FaultBook {
  readonly #plan: Plan;
  readonly #reached: Set<number>[];
  readonly #pulpMinC: Float64Array;
  readonly #pulpMaxC: Float64Array;
  /** Faults that act within the slice, ascending. */
  #active: number[] = [];
  /** What is in reach of each of these in the slice. */
  readonly #within = new Map<number, Iterable<number>>();
  #next = 0;

  constructor(plan: Plan) {
    const { faults } = plan;
    this.#plan = plan;
    this.#reached = faults.map(() => new Set());
    this.#pulpMinC = new Float64Array(faults.length).fill(Infinity);
    this.#pulpMaxC = new Float64Array(faults.length).fill(-Infinity);
  }

  /** A slice begins; its cargo has not changed hands yet. */
  beginSlice(fromMs: number, toMs: number): void {
    const { faults } = this.#plan;
    const active = this.#active.filter((ix) => faults[ix]!.toMs > fromMs);
    while (this.#next < faults.length && faults[this.#next]!.fromMs < toMs) active.push(this.#next++);
    this.#active = active;
  }

  /**
   * Which batches are in reach of which faults in this slice: those in its asset. A fault at the loading names its
   * own: a pre-cooling room that is skipped holds nothing.
   */
  reach(whereabouts: Whereabouts): ReadonlyMap<number, readonly number[]> {
    const faultsOf = new Map<number, number[]>();
    this.#within.clear();
    for (const ix of this.#active) {
      const { assetIx, batchIxs, kind } = this.#plan.faults[ix]!;
      const named =
        FAULTS[kind].target === 'loading' ? batchIxs?.filter((ix) => whereabouts.present.has(ix)) : undefined;
      const within = named ?? whereabouts.contents(assetIx);
      this.#within.set(ix, within);
      for (const batchIx of within) {
        this.#reached[ix]!.add(batchIx);
        const faults = faultsOf.get(batchIx) ?? [];
        faults.push(ix);
        faultsOf.set(batchIx, faults);
      }
    }
    return faultsOf;
  }

  /** The world has been brought to the slice's end. */
  pulp(world: WatchedWorld): void {
    for (const [ix, within] of this.#within) {
      for (const batchIx of within) {
        this.#pulpMinC[ix] = Math.min(this.#pulpMinC[ix]!, world.pulpMinC(batchIx));
        this.#pulpMaxC[ix] = Math.max(this.#pulpMaxC[ix]!, world.pulpMaxC(batchIx));
      }
    }
  }

  /** The record of all faults, once the run is over. @param batches in the plan's order */
  close(batches: readonly TrueBatch[]): TrueFault[] {
    const damages = damageByFault(this.#plan.faults.length, batches);
    return this.#plan.faults.map((fault, ix) => {
      const { damage, lossTonneDays, isHarm } = damages[ix]!;
      const { kind, channel, severity, fromMs, toMs } = fault;
      return {
        kind,
        asset: this.#plan.assets[fault.assetIx]!.key,
        device: fault.deviceIx === null ? null : this.#plan.devices[fault.deviceIx]!.key,
        channel,
        fromMs,
        toMs,
        severity,
        batches: [...this.#reached[ix]!].map((batchIx) => batches[batchIx]!.id),
        pulpMinC: Number.isFinite(this.#pulpMinC[ix]) ? this.#pulpMinC[ix]! : null,
        pulpMaxC: Number.isFinite(this.#pulpMaxC[ix]) ? this.#pulpMaxC[ix]! : null,
        ...damage,
        lossTonneDays,
        harm: isHarm,
      };
    });
  }
}

interface FaultDamage {
  readonly damage: Damage;
  readonly lossTonneDays: number;
  /** It did harm, by itself, to at least one batch. */
  readonly isHarm: TrueFault['harm'];
}

/** Adds up over batches in which fruit ended: one that was blended has handed its damage on. */
function damageByFault(faults: number, batches: readonly TrueBatch[]): FaultDamage[] {
  const sums = Array.from({ length: faults }, () => ({ kg: 0, loss: 0, alarm: 0, critical: 0 }));
  const harms = Array.from({ length: faults }, () => ({ byDamage: false, byLimits: false }));
  for (const { end, massKg, parts } of batches) {
    if (end === 'blended') continue;
    for (const part of parts) {
      if (part.faultIx === null) continue;
      const sum = sums[part.faultIx]!;
      sum.kg += massKg;
      sum.loss += massKg * part.lossDays;
      sum.alarm += massKg * part.alarmMin;
      sum.critical += massKg * part.criticalMin;
      const harm = harmOf(part);
      const known = harms[part.faultIx]!;
      known.byDamage ||= harm.byDamage;
      known.byLimits ||= harm.byLimits;
    }
  }
  return sums.map(({ kg, loss, alarm, critical }, ix) => {
    const per = kg === 0 ? 0 : 1 / kg;
    return {
      damage: { lossDays: loss * per, alarmMin: alarm * per, criticalMin: critical * per },
      lossTonneDays: loss / 1000,
      isHarm: harms[ix]!,
    };
  });
}
