import type { BatchReport } from '../contract/batch-report.ts';
import type { Custody } from '../store/ledger/custody.ts';
import { plainTable } from './plain-table.ts';
import { localTime, zoneText } from './zone.ts';

/** A batch as a list shows it. */
export interface ListedBatch {
  /** LGTIN class URI. */
  readonly id: string;
  readonly lot: string;
  readonly produce: string | null;
  readonly quantityKg: number | null;
  readonly commissionedMs: number | null;
  /** Its last custody. */
  readonly last: Custody | null;
  /** Null where it was not judged. */
  readonly budgets: BatchReport | null;
}

/** Batches for people to read, one a line. */
export function renderBatches(batches: readonly ListedBatch[], zoneMin: number): string {
  if (batches.length === 0) return 'no batches\n';
  const table = plainTable(['Batch', 'Made', 'Last in', 'Verdict', 'Most used', 'Pre-cooling', 'Keeps']);
  for (const { lot, commissionedMs, last, budgets } of batches) {
    table.push([
      lot,
      commissionedMs === null ? '–' : localTime(commissionedMs, zoneMin),
      last ? `${last.asset}${last.toMs === null ? '' : ', gone'}` : '–',
      budgets?.verdict ?? '–',
      budgets ? mostUsed(budgets) : '–',
      budgets?.preCooling.verdict ?? '–',
      budgets?.lifeLeft ? `${budgets.lifeLeft.days.toFixed(1)} d` : '–',
    ]);
  }
  return `Batches, the newest first (times ${zoneText(zoneMin)})\n${table.toString()}\n`;
}

function mostUsed({ budgets }: BatchReport): string {
  const most = budgets.reduce((a, b) => (b.used / b.allowed > a.used / a.allowed ? b : a));
  return `${most.name} ${Math.floor((most.used / most.allowed) * 100)} %`;
}
