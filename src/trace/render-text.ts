import pc from 'picocolors';
import { BATCH_CHANNEL } from '../contract/batch-report.ts';
import { duration } from './duration.ts';
import { breachBlock } from './render-breach.ts';
import { budgetsText } from './render-budgets.ts';
import { custodyTable } from './render-custody.ts';
import type { BatchTrace, Trace, TracedBreach, TracedKin, TraceLeg, Verdict } from './trace-types.ts';
import { localTime, zoneText } from './zone.ts';

export interface TextOptions {
  /** Minutes east of UTC. */
  readonly zoneMin: number;
  readonly colour: boolean;
}

/** A trace for people to read; with the whole chain, its ancestors before it. */
export function renderText(trace: Trace, options: TextOptions): string {
  if (!trace.ancestors) return batchText(trace, options);
  const texts = [...trace.ancestors, trace].map((one) => batchText(one, options));
  return [chainHeading(trace, trace.ancestors), ...texts].join(`${'─'.repeat(40)}\n`);
}

function chainHeading({ batch, ancestorsLeftOut }: Trace, ancestors: readonly BatchTrace[]): string {
  const count = `${ancestors.length} ${ancestors.length === 1 ? 'batch' : 'batches'}`;
  const lines = [`The whole chain of batch ${batch.lot}: ${count} that it was made from, then its own history`];
  const breached = ancestors.filter(({ verdict }) => verdict.result === 'breached').map((one) => one.batch.lot);
  if (breached.length > 0) lines.push(`Breached before it was made: ${breached.join(', ')}`);
  if (ancestorsLeftOut > 0) lines.push(`${ancestorsLeftOut} further ones are left out: there are too many`);
  return `${lines.join('\n')}\n`;
}

function batchText(trace: BatchTrace, options: TextOptions): string {
  const { zoneMin, colour } = options;
  const time = (ms: number) => localTime(ms, zoneMin);
  const parts = [heading(trace, time, zoneMin), verdictText(trace.verdict, pc.createColors(colour))];
  if (trace.madeFrom.length > 0) parts.push(kinText('Made from', trace.madeFrom, time));
  if (trace.legs.length > 0) parts.push(`Custody (times ${zoneText(zoneMin)})\n${custodyTable(trace, time)}`);
  const ofDevices = trace.breaches.filter(({ channel }) => channel !== BATCH_CHANNEL);
  if (ofDevices.length > 0) parts.push(`Breaches\n${breachBlocks(ofDevices, options)}`);
  if (trace.budgets) parts.push(budgetsText(trace.budgets, trace.legs, time));
  const gaps = gapLines(trace.legs, time);
  if (gaps.length > 0) parts.push(['Longest gaps in the evidence', ...gaps].join('\n'));
  if (trace.became.length > 0) parts.push(kinText('Became', trace.became, time));
  return `${parts.join('\n\n')}\n`;
}

const KIN_SHOWN = 12;

function kinText(title: string, kin: readonly TracedKin[], time: TimeText): string {
  const lines = kin.slice(0, KIN_SHOWN).map(({ lot, quantityKg, timeMs }) => {
    const mass = quantityKg === null ? '' : `  ${quantityKg} kg`;
    return `  ${lot}${mass}  ${time(timeMs)}`;
  });
  if (kin.length > KIN_SHOWN) lines.push(`  … and ${kin.length - KIN_SHOWN} more`);
  return [`${title} ${kin.length} ${kin.length === 1 ? 'batch' : 'batches'}`, ...lines].join('\n');
}

type TimeText = (timeMs: number) => string;

function heading({ batch, asOfMs, legs }: BatchTrace, time: TimeText, zoneMin: number): string {
  const what = [batch.produce ?? 'produce unknown'];
  if (batch.quantityKg !== null) what.push(`${batch.quantityKg} kg`);
  const lines = [`Batch ${batch.lot}  ${what.join(', ')}`, batch.id];
  if (batch.commissionedMs !== null) lines.push(`Commissioned ${time(batch.commissionedMs)} ${zoneText(zoneMin)}`);
  if (legs.at(-1)?.toMs === null && asOfMs !== null) {
    lines.push(`Still in custody; evidence up to ${time(asOfMs)} ${zoneText(zoneMin)}`);
  }
  return lines.join('\n');
}

function verdictText({ result, reasons }: Verdict, colours: ReturnType<typeof pc.createColors>): string {
  const paint = {
    ok: colours.green,
    warning: colours.yellow,
    breached: colours.red,
    'no-evidence': colours.yellow,
  }[result];
  return [`Verdict: ${colours.bold(paint(result))}`, ...reasons.map((reason) => `  - ${reason}`)].join('\n');
}

function breachBlocks(breaches: readonly TracedBreach[], options: TextOptions): string {
  return breaches
    .map((b) => breachBlock(b, options, `held by ${b.heldBy}, leg ${b.legs.map((i) => i + 1).join(', ')}`))
    .join('\n');
}

/** Shorter ones are a device's own rhythm between custody's start and its next frame. */
const GAP_SHOWN_MS = 15 * 60_000;
const GAPS_SHOWN = 5;

function gapLines(legs: readonly TraceLeg[], time: TimeText): string[] {
  const gaps = legs.flatMap((leg, i) => leg.gaps.map((gap) => ({ ...gap, leg: i + 1, ms: gap.toMs - gap.fromMs })));
  return gaps
    .filter((gap) => gap.ms >= GAP_SHOWN_MS)
    .sort((a, b) => b.ms - a.ms || a.fromMs - b.fromMs)
    .slice(0, GAPS_SHOWN)
    .map((gap) => `  leg ${gap.leg}: ${time(gap.fromMs)} to ${time(gap.toMs)}, ${duration(gap.ms)}`);
}
