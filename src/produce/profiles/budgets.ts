import type { Severity } from '../../contract/breach.ts';
import type { AssetKind } from '../../contract/words.ts';
import { produceTraits } from '../traits.ts';

/** What adds up in a batch over all its legs, and the unit in which it is told. */
export const BUDGETS = {
  'warm-time': { unit: 'min', title: 'time above the alarm limit' },
  'degree-minutes': { unit: 'K·min', title: 'degrees above the alarm limit, times minutes' },
  chilling: { unit: 'd', title: 'chilling, as days at the worst temperature' },
  ripening: { unit: '%', title: 'storage life used, ripening alone' },
} as const;
export type BudgetName = keyof typeof BUDGETS;

export interface Budget {
  readonly name: BudgetName;
  /** In the budget's unit. Used up when it is reached. */
  readonly allowed: number;
  readonly severity: Severity;
}

/** What a batch of a produce may use on its whole way. */
export interface BatchBudgets {
  readonly budgets: readonly Budget[];
  /** Where being warm counts: not where fruit is brought down from the field's heat, nor where it is sold. */
  readonly coldAssets: readonly AssetKind[];
  /** Of a pre-cooling that comes late. */
  readonly preCoolingSeverity: Severity;
}

const { ripening, chilling } = produceTraits('prune')!;

/**
 * Fresh prunes. Twenty-four hours at 6 °C, 2 K above the alarm limit, cost nearly a day of storage life: fruit keeps half
 * as long there as at 0 °C (HB66). That a journey may cost a day of at least fourteen is an ESTIMATE, and so are the
 * severities; the rules on one asset have a third of the time.
 */
const prune: BatchBudgets = {
  budgets: [
    { name: 'warm-time', allowed: 24 * 60, severity: 'alarm' },
    { name: 'degree-minutes', allowed: 2 * 24 * 60, severity: 'alarm' },
    // What 19 of 20 lots bear (HortScience 34(6):1116, for Japanese plums; for prunes UNVERIFIED): hence a warning.
    { name: 'chilling', allowed: chilling!.injuryDays.low, severity: 'warning' },
    // What 19 of 20 lots bear: 14 of the 21 days that a typical lot keeps (HB66).
    { name: 'ripening', allowed: (100 * ripening.storageDays.low) / ripening.storageDays.typical, severity: 'alarm' },
  ],
  coldAssets: ['reefer-truck', 'rail-reefer-box', 'cold-store', 'forward-warehouse', 'mobile-cold-room'],
  preCoolingSeverity: 'warning',
};

const byProduce = new Map<string, BatchBudgets>([['prune', prune]]);

/** The budgets of a produce, or undefined where none are shipped: its batches are judged by device rules alone. */
export function budgetsFor(produce: string): BatchBudgets | undefined {
  return byProduce.get(produce);
}
