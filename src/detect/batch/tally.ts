import type { BudgetName } from '../../produce/profiles/budgets.ts';
import { BUDGETS } from '../../produce/profiles/budgets.ts';

/**
 * What a stretch of custody used, in whole numbers: sums of whole numbers below 2^53 are exact, so that they come out
 * the same however time is cut, and a leg that goes on adds to what is kept of it.
 */
export interface Tally {
  readonly coveredMs: number;
  readonly airMs: number;
  readonly assumedMs: number;
  readonly unknownMs: number;
  readonly warmMs: number;
  /** Thousandths of a kelvin above the limit, times ms. */
  readonly warmMkMs: number;
  /** {@link CLOCK_UNITS} to the whole of a typical lot. */
  readonly ripening: number;
  readonly chilling: number;
}

/** The part of a tally that budgets are held against, and that batches hand on. */
export type Spent = Pick<Tally, 'warmMs' | 'warmMkMs' | 'ripening' | 'chilling'>;

/** At 0 °C a clock runs some 50,000 of these a ms, so that rounding is nothing; ninety lives stay below 2^53. */
export const CLOCK_UNITS = 1e14;

export const NOTHING: Tally = {
  coveredMs: 0,
  airMs: 0,
  assumedMs: 0,
  unknownMs: 0,
  warmMs: 0,
  warmMkMs: 0,
  ripening: 0,
  chilling: 0,
};

/** Which sum a budget is held against. */
export const SUM_OF = {
  'warm-time': 'warmMs',
  'degree-minutes': 'warmMkMs',
  chilling: 'chilling',
  ripening: 'ripening',
} as const satisfies Record<BudgetName, keyof Spent>;

/** How much of a sum is one of the budget's unit. @param injuryDays at the worst temperature, of a typical lot */
export function unitsOf(name: BudgetName, injuryDays: number): number {
  switch (name) {
    case 'warm-time':
      return 60_000;
    case 'degree-minutes':
      return 60_000 * 1000;
    case 'chilling':
      return CLOCK_UNITS / injuryDays;
    case 'ripening':
      return CLOCK_UNITS / 100;
  }
}

/** Both together. */
export function plus<T extends Spent>(a: T, b: Spent): T {
  return {
    ...a,
    warmMs: a.warmMs + b.warmMs,
    warmMkMs: a.warmMkMs + b.warmMkMs,
    ripening: a.ripening + b.ripening,
    chilling: a.chilling + b.chilling,
  };
}

/** Every budget's name, in the order in which they are told. */
export const BUDGET_NAMES = Object.keys(BUDGETS) as BudgetName[];
