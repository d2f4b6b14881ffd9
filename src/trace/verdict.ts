import { BATCH_CHANNEL, type BatchReport } from '../contract/batch-report.ts';
import { SEVERITIES } from '../contract/breach.ts';
import { inUnit } from '../contract/unit.ts';
import { breachClause } from '../produce/breach-words.ts';
import { budgetReasons } from './budget-reasons.ts';
import type { Trace, TracedBreach, TraceLeg, Verdict } from './trace-types.ts';

/** Below this share covered, a leg's coverage is said. */
const COVERAGE_SAID_BELOW = 0.95;

/**
 * @param judged whether the produce has a profile, so that its rules ran
 * @param report of the batch over all legs; null where it was not judged
 */
export function verdictOf(
  legs: readonly TraceLeg[],
  breaches: readonly TracedBreach[],
  judged: boolean,
  report: BatchReport | null,
): Verdict {
  const ofDevices = breaches.filter(({ channel }) => channel !== BATCH_CHANNEL);
  const ofBatch = report ? [...budgetReasons(report, legs)] : [];
  const reasons = [...breachReasons(ofDevices, legs), ...ofBatch];
  const values = legs.reduce((sum, leg) => sum + leg.pulp.count + leg.air.count, 0);
  const result = resultOf(breaches, ofBatch.length > 0, values);
  if (legs.length === 0) reasons.push('no custody is on record');
  else if (values === 0) reasons.push('no temperature was recorded in any custody');
  if (!judged) reasons.push('the produce has no profile, so no rule judged it');
  if (result === 'ok' && judged) reasons.push('no rule was broken');
  if (values > 0) reasons.push(...coverageReasons(legs));
  return { result, reasons };
}

/** Whether the batch was breached, or one that it was made from where the whole chain was asked for. */
export function isBreached({ verdict, ancestors }: Trace): boolean {
  return [{ verdict }, ...(ancestors ?? [])].some((trace) => trace.verdict.result === 'breached');
}

function resultOf(breaches: readonly TracedBreach[], isUsedUp: boolean, values: number): Verdict['result'] {
  if (breaches.some((b) => b.severity !== 'warning')) return 'breached';
  if (breaches.length > 0 || isUsedUp) return 'warning';
  return values > 0 ? 'ok' : 'no-evidence';
}

/** One sentence for each (severity, rule, leg), with the worst value. */
function* breachReasons(breaches: readonly TracedBreach[], legs: readonly TraceLeg[]): Generator<string> {
  const groups = new Map<string, TracedBreach[]>();
  for (const b of breaches) {
    const key = `${b.severity} ${b.rule} ${b.legs[0]}`;
    groups.set(key, [...(groups.get(key) ?? []), b]);
  }
  const gravestFirst = [...groups.values()].sort(
    ([a], [b]) => SEVERITIES.indexOf(b!.severity) - SEVERITIES.indexOf(a!.severity),
  );
  for (const group of gravestFirst) {
    const worst = group.reduce((a, b) => (Math.abs(b.peak - b.limit) > Math.abs(a.peak - a.limit) ? b : a));
    const leg = legs[worst.legs[0]!]!;
    const times = group.length > 1 ? `, ${group.length} times` : '';
    yield `${worst.severity}: ${breachClause(worst)} in leg ${worst.legs[0]! + 1} (${leg.assetName})${worstText(worst)}${times}; held by ${worst.heldBy}`;
  }
}

/** Of a switch, a silence or a sick sensor the value says nothing. */
function worstText({ about, unit, peak, channel }: TracedBreach): string {
  if (about !== 'cargo' || unit === '/' || unit === 'min') return '';
  return `, at worst ${inUnit(peak, unit)} on ${channel}`;
}

function* coverageReasons(legs: readonly TraceLeg[]): Generator<string> {
  for (const [i, leg] of legs.entries()) {
    const share = leg.coveredMs / (leg.evidenceMs.toMs - leg.evidenceMs.fromMs);
    if (share >= COVERAGE_SAID_BELOW) continue;
    // Down, so that a leg said to be covered is: 99.6 % is not 100 %.
    const percent = Math.floor(share * 100);
    yield percent === 0 && leg.coveredMs === 0
      ? `leg ${i + 1} (${leg.assetName}) has no temperatures: neither good nor bad`
      : `leg ${i + 1} (${leg.assetName}) is covered for ${percent} % of its time`;
  }
}
