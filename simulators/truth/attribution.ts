import type { Blend, PlannedBatch } from '../plan/types.ts';

/** What is shared out: life used (share), minutes outside of the alarm limits, minutes outside of the critical ones. */
export const MEASURES = 3;
export type Measures = Float64Array;

/** Damage of one batch by fault; the key is the fault's index, or {@link NO_FAULT}. */
export type Parts = ReadonlyMap<number, Measures>;

/** Stands for damage that no fault did directly, as where warm fruit was put beside it. */
export const NO_FAULT = -1;

/**
 * Shares a batch's difference to its twin out among the faults.
 *
 * The rule: what the difference grows by belongs in equal parts to the faults that are at work on the batch; when none
 * is any more, to those that were at work last, since fruit stays warm after the unit is mended. Before any fault it
 * belongs to {@link NO_FAULT}. A blend hands each part on by mass. So the parts add up to the difference, always.
 */
export class Attribution {
  readonly #batches: readonly PlannedBatch[];
  readonly #accounts = new Map<number, Account>();

  constructor(batches: readonly PlannedBatch[]) {
    this.#batches = batches;
  }

  /**
   * From now on other faults are at work on a batch.
   * @param difference to its twin until now; null where it cannot be told, as before the twin has it
   * @param faults indices, ascending, at least one
   */
  strike(batchIx: number, faults: readonly number[], difference: Measures | null): void {
    const account = this.#account(batchIx);
    if (isSame(account.culprits, faults)) return;
    settle(account, difference);
    account.culprits = faults;
  }

  /** Inputs are settled and their parts handed on to each output, mixed by mass. */
  blend({ inputs, outputs }: Blend, differenceOf: (batchIx: number) => Measures | null): void {
    const differences = inputs.map((ix) => differenceOf(ix));
    // Most blends have nothing to hand on: no fault struck, no difference. They cost no memory.
    if (inputs.every((ix, i) => !this.#accounts.has(ix) && isZero(differences[i] ?? null))) return;
    const parts = new Map<number, Measures>();
    const culprits = new Set<number>();
    const massKg = inputs.reduce((sum, ix) => sum + this.#batches[ix]!.massKg, 0);
    for (const [i, ix] of inputs.entries()) {
      const share = this.#batches[ix]!.massKg / massKg;
      for (const [faultIx, measures] of this.partsOf(ix, differences[i] ?? null)) {
        const sum = parts.get(faultIx) ?? new Float64Array(MEASURES);
        for (let m = 0; m < MEASURES; m++) sum[m] = sum[m]! + share * measures[m]!;
        parts.set(faultIx, sum);
      }
      for (const faultIx of this.#account(ix).culprits) if (faultIx !== NO_FAULT) culprits.add(faultIx);
    }
    for (const ix of outputs) {
      const account = this.#account(ix);
      account.culprits = culprits.size > 0 ? [...culprits].sort((a, b) => a - b) : UNSTRUCK;
      for (const [faultIx, measures] of parts) {
        account.parts.set(faultIx, measures.slice());
        for (let m = 0; m < MEASURES; m++) account.settled[m] = account.settled[m]! + measures[m]!;
      }
    }
  }

  /** The parts of a batch, settled up to now. They add up to the difference. */
  partsOf(batchIx: number, difference: Measures | null): Parts {
    if (!this.#accounts.has(batchIx) && isZero(difference)) return NO_PARTS;
    const account = this.#account(batchIx);
    settle(account, difference);
    return account.parts;
  }

  #account(batchIx: number): Account {
    let account = this.#accounts.get(batchIx);
    if (!account) {
      account = { culprits: UNSTRUCK, settled: new Float64Array(MEASURES), parts: new Map() };
      this.#accounts.set(batchIx, account);
    }
    return account;
  }
}

interface Account {
  culprits: readonly number[];
  /** The difference that has been shared out. */
  readonly settled: Measures;
  readonly parts: Map<number, Measures>;
}

const NO_PARTS: Parts = new Map();
const UNSTRUCK: readonly number[] = [NO_FAULT];

function settle({ culprits, settled, parts }: Account, difference: Measures | null): void {
  if (!difference || difference.every((value, m) => value === settled[m])) return;
  for (const faultIx of culprits) {
    const sum = parts.get(faultIx) ?? new Float64Array(MEASURES);
    for (let m = 0; m < MEASURES; m++) sum[m] = sum[m]! + (difference[m]! - settled[m]!) / culprits.length;
    parts.set(faultIx, sum);
  }
  settled.set(difference);
}

const isZero = (measures: Measures | null) => !measures || measures.every((value) => value === 0);
const isSame = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((x, i) => x === b[i]);
