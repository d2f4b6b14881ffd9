import type { BudgetName } from '../../produce/profiles/budgets.ts';
import { type Cooling, NOT_READ } from './cooling.ts';
import { BUDGET_NAMES, type Spent, SUM_OF } from './tally.ts';

/** The clocks' speeds at what was read last: what nobody watches is taken to go on like that. */
export interface LastRead {
  readonly ripeningPerMs: number;
  readonly chillingPerMs: number;
}

/** What a batch hands on to those that are made of it. */
export interface Bequest {
  readonly batch: string;
  readonly sinceMs: number;
  readonly spent: Spent;
  readonly lastRead: LastRead | null;
  readonly cooling: Cooling;
}

/** What a batch begins with. */
export interface Origin {
  /** Its harvest, or the first that is known of it. */
  readonly sinceMs: number;
  readonly spent: Spent;
  /** Whose amount each is. */
  readonly spentBy: Readonly<Partial<Record<BudgetName, string>>>;
  readonly lastRead: LastRead | null;
  readonly cooling: Cooling;
  /** Of these parents nothing is known. Sorted. */
  readonly unknownParents: readonly string[];
}

/**
 * What a batch inherits: of each budget as much as the parent that used most of it. A budget is a limit for every
 * fruit, and those of the worst parent are somewhere in the mix; a mean over the mass would hide them. So does GS1 with
 * dates: "if the products within a unit have different dates, the earliest date must always be selected" (GS1 Denmark,
 * application identifiers 11–17). Splitting changes nothing: each part begins with the whole.
 * @param own when the batch itself was commissioned or first held
 */
export function originOf(parents: readonly Bequest[], unknownParents: readonly string[], ownMs: number): Origin {
  const ascending = [...parents].sort((a, b) => (a.batch < b.batch ? -1 : 1));
  const spent = { warmMs: 0, warmMkMs: 0, ripening: 0, chilling: 0 };
  const spentBy: Partial<Record<BudgetName, string>> = {};
  let lastRead: LastRead | null = null;
  for (const parent of ascending) {
    for (const name of BUDGET_NAMES) {
      const sum = SUM_OF[name];
      if (parent.spent[sum] <= spent[sum]) continue;
      spent[sum] = parent.spent[sum];
      spentBy[name] = parent.batch;
    }
    if (parent.lastRead && parent.lastRead.ripeningPerMs > (lastRead?.ripeningPerMs ?? -1)) lastRead = parent.lastRead;
  }
  return {
    sinceMs: Math.min(ownMs, ...ascending.map(({ sinceMs }) => sinceMs)),
    spent,
    spentBy,
    lastRead,
    cooling: slowest(ascending.map(({ cooling }) => cooling)),
    unknownParents: [...unknownParents].sort(),
  };
}

/** Cooled once all are; the warmest sets the goal. One that was never read has no say. */
function slowest(all: readonly Cooling[]): Cooling {
  let slow = NOT_READ;
  for (const cooling of all) {
    const { first } = cooling;
    if (!first) continue;
    if (!slow.first) {
      slow = cooling;
      continue;
    }
    const { reached } = cooling;
    slow = {
      first: first.tempC > slow.first.tempC ? first : slow.first,
      reached: !reached || !slow.reached ? null : reached.timeMs > slow.reached.timeMs ? reached : slow.reached,
    };
  }
  return slow;
}
