import type { Blend, Plan } from '../plan/types.ts';
import { type DamagePart, harmOf, type TrueBatch, type TrueStay } from './record.ts';
import { type WatchedWorld, zoneMean } from './watched-world.ts';

/** Keeps what the record says of each batch: where it stayed, how warm it got, how it ended. */
export class BatchBook {
  readonly #plan: Plan;
  readonly #entries: Entry[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#entries = plan.batches.map(() => ({ stays: [], open: null, end: 'kept', toMs: null, state: null }));
  }

  entered(batchIx: number, assetIx: number, fromMs: number): void {
    const stay = { assetIx, fromMs, toMs: fromMs, pulpMinC: Infinity, pulpMaxC: -Infinity };
    const entry = this.#entries[batchIx]!;
    entry.open = stay;
    entry.stays.push(stay);
    entry.end = 'kept';
    entry.state = null;
  }

  /** True pulp of a batch at a slice's end. */
  pulp(batchIx: number, minC: number, maxC: number): void {
    const stay = this.#entries[batchIx]!.open;
    if (!stay) return;
    stay.pulpMinC = Math.min(stay.pulpMinC, minC);
    stay.pulpMaxC = Math.max(stay.pulpMaxC, maxC);
  }

  blending({ inputs }: Blend): void {
    for (const batchIx of inputs) this.#entries[batchIx]!.end = 'blended';
  }

  left(batchIx: number, timeMs: number, world: WatchedWorld): void {
    const entry = this.#entries[batchIx]!;
    if (entry.open) entry.open.toMs = timeMs;
    entry.open = null;
    entry.toMs = timeMs;
    if (entry.end === 'kept') entry.end = 'left';
    entry.state = stateOf(world, batchIx);
  }

  /** The record of one batch, once the run is over. */
  close(batchIx: number, parts: readonly DamagePart[], endMs: number, world: WatchedWorld): TrueBatch {
    const { id, massKg } = this.#plan.batches[batchIx]!;
    const { stays, open, end, toMs, state } = this.#entries[batchIx]!;
    if (open) open.toMs = endMs;
    const sum = (of: (part: DamagePart) => number) => parts.reduce((total, part) => total + of(part), 0);
    const damage = {
      lossDays: sum((part) => part.lossDays),
      alarmMin: sum((part) => part.alarmMin),
      criticalMin: sum((part) => part.criticalMin),
    };
    return {
      id,
      massKg,
      fromMs: stays[0]?.fromMs ?? null,
      toMs: open ? endMs : (toMs ?? endMs),
      end,
      stays: stays.map((stay) => this.#stayOf(stay)),
      ...(state ?? stateOf(world, batchIx)),
      ...damage,
      parts,
      harm: harmOf(damage),
    };
  }

  #stayOf({ assetIx, fromMs, toMs, pulpMinC, pulpMaxC }: OpenStay): TrueStay {
    return { asset: this.#plan.assets[assetIx]!.key, fromMs, toMs, pulpMinC, pulpMaxC };
  }
}

interface Entry {
  readonly stays: OpenStay[];
  open: OpenStay | null;
  end: TrueBatch['end'];
  toMs: number | null;
  /** What it was when it left. */
  state: BatchState | null;
}

interface OpenStay {
  readonly assetIx: number;
  readonly fromMs: number;
  toMs: number;
  pulpMinC: number;
  pulpMaxC: number;
}

type BatchState = Pick<TrueBatch, 'ripening' | 'chilling' | 'frozen' | 'weightLoss'>;

function stateOf(world: WatchedWorld, batchIx: number): BatchState {
  const { ripening, chilling, weightLoss } = world.batches;
  return {
    ripening: zoneMean(ripening, batchIx),
    chilling: zoneMean(chilling, batchIx),
    frozen: world.frozenShare(batchIx),
    weightLoss: weightLoss[batchIx]!,
  };
}
