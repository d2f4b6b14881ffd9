import type { BatchReport, BudgetUse } from '../contract/batch-report.ts';
import { parseLgtin } from '../contract/identifiers.ts';
import { duration } from './duration.ts';
import { hanging, inCell } from './hanging.ts';
import { plainTable } from './plain-table.ts';
import type { TraceLeg } from './trace-types.ts';

type TimeText = (timeMs: number) => string;

/** What a batch has used of its budgets over all legs, for people to read. */
export function budgetsText(report: BatchReport, legs: readonly TraceLeg[], time: TimeText): string {
  const title = report.judgedMs > 0 ? `Budgets, judged up to ${time(report.judgedMs)}` : 'Budgets, nothing judged yet';
  const table = plainTable(['Budget', 'Used', 'How']);
  for (const budget of report.budgets) {
    const { name, unit, used, allowed } = budget;
    const how = [...howUsed(budget, legs, time)].map((text) => inCell(text, HOW_COLUMNS));
    table.push([`${name}\n${bar(budget)}`, `${amount(used)} of\n${amount(allowed)} ${unit}`, how.join('\n')]);
  }
  return [title, table.toString(), ...[...notes(report, legs)].map((note) => hanging('  ', note))].join('\n');
}

/** What the columns beside it leave of a line of 80. */
const HOW_COLUMNS = 40;

function* howUsed(
  { inherited, byLeg, usedUpMs }: BudgetUse,
  legs: readonly TraceLeg[],
  time: TimeText,
): Generator<string> {
  if (byLeg.length > 0) yield `by leg ${byLeg.map(amount).join(' + ')}`;
  if (inherited) yield `before, as ${parseLgtin(inherited.batch)!.lot}: ${amount(inherited.amount)}`;
  if (usedUpMs !== null) yield `used up ${time(usedUpMs)}, held by ${holderAt(legs, usedUpMs)}`;
}

const BAR_CELLS = 10;

function bar({ used, allowed }: BudgetUse): string {
  const full = Math.min(BAR_CELLS, Math.floor((used / allowed) * BAR_CELLS));
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${Math.floor((used / allowed) * 100)} %`;
}

function amount(value: number): string {
  if (value === 0) return '0';
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function holderAt(legs: readonly TraceLeg[], timeMs: number): string {
  const leg = legs.find(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < (toMs ?? Number.POSITIVE_INFINITY));
  return leg?.orgName ?? '';
}

function* notes(report: BatchReport, legs: readonly TraceLeg[]): Generator<string> {
  yield `Pre-cooling: ${preCoolingText(report, legs)}`;
  const { lifeLeft } = report;
  if (lifeLeft) {
    const { days, lowDays, highDays } = lifeLeft;
    yield `Keeps ${days} d more where it is stored best; 19 of 20 lots ${lowDays} to ${highDays} d`;
  }
  const sum = (of: 'coveredMs' | 'airMs' | 'assumedMs' | 'unknownMs') =>
    report.legs.reduce((ms, leg) => ms + leg[of], 0);
  yield `Watched for ${duration(sum('coveredMs'))}, by air alone for ${duration(sum('airMs'))} of it`;
  if (sum('assumedMs') > 0) yield `Taken to be as it was read last for ${duration(sum('assumedMs'))}`;
  if (sum('unknownMs') > 0) yield `Not counted, since nothing was read before: ${duration(sum('unknownMs'))}`;
  const { unknownParents } = report;
  if (unknownParents.length > 0) yield `Not counted, since nothing is known of ${unknownParents.map(lotOf).join(', ')}`;
}

function lotOf(batch: string): string {
  return parseLgtin(batch)?.lot ?? batch;
}

function preCoolingText({ preCooling }: BatchReport, legs: readonly TraceLeg[]): string {
  const { verdict, sinceMs, deadlineMs, firstC, goalC, reachedMs, heldBy } = preCooling;
  const parts: string[] = [verdict];
  if (reachedMs !== null) parts.push(`${duration(reachedMs - sinceMs)} after the harvest`);
  parts.push(`${duration(deadlineMs - sinceMs)} allowed`);
  if (firstC !== null && goalC !== null) parts.push(`from ${firstC.toFixed(1)} to ${goalC.toFixed(1)} °C`);
  if (heldBy !== null) parts.push(`held by ${legs.find(({ org }) => org === heldBy)?.orgName ?? heldBy}`);
  return parts.join(', ');
}
