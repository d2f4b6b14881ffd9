import pc from 'picocolors';
import { ALERT_REASONS, type Alert, type AlertReason, shownSeverity } from '../contract/alert.ts';
import type { Breach } from '../contract/breach.ts';
import { isAlike } from '../produce/breach-chain.ts';
import { lengthText } from '../produce/breach-words.ts';
import type { AlertRevision } from '../store/ledger/alerts.ts';
import { canonicalJson } from '../store/ledger/canonical-json.ts';
import { hanging } from './hanging.ts';
import { breachesBlock, painted } from './render-breach.ts';
import type { TextOptions } from './render-text.ts';
import { localTime, zoneText } from './zone.ts';

/** An alert with all that is known of it. */
export interface AlertHistory {
  readonly alert: Alert;
  readonly breaches: readonly Breach[];
  readonly revisions: readonly AlertRevision[];
}

/** One alert a line. */
export function renderAlertsJson(alerts: readonly Alert[]): string {
  return alerts.map((alert) => `${canonicalJson(alert)}\n`).join('');
}

/** Alerts for people to read: of each what it is first, then where and when. Those that never were stand apart. */
export function renderAlertsText(alerts: readonly Alert[], options: TextOptions): string {
  if (alerts.length === 0) return 'no alerts\n';
  const [held, withdrawn] = [alerts.filter((one) => !one.withdrawn), alerts.filter((one) => one.withdrawn)];
  const lines = [`Alerts (times ${zoneText(options.zoneMin)})`];
  if (held.length === 0) lines.push('\nnone that holds');
  lines.push(...held.map((one) => alertBlock(one, options)));
  if (withdrawn.length > 0) {
    lines.push(`\nTaken back: late data proved ${withdrawn.length === 1 ? 'it' : 'them'} false`);
    lines.push(...withdrawn.map((one) => withdrawnBlock(one, options)));
  }
  return `${lines.join('\n')}\n`;
}

function withdrawnBlock(alert: Alert, { zoneMin, colour }: TextOptions): string {
  const { id, asset, startMs, headline } = alert;
  return [
    `\n${id}  ${severityText(alert, colour)}  ${asset}  ${localTime(startMs, zoneMin)}`,
    hanging('  ', headline),
  ].join('\n');
}

function alertBlock(alert: Alert, { zoneMin, colour }: TextOptions): string {
  const bold = pc.createColors(colour).bold;
  const count = alert.breachIds.length === 1 ? '1 breach' : `${alert.breachIds.length} breaches`;
  return [
    `\n${alert.id}  ${severityText(alert, colour)}  ${alert.asset}  ${stateText(alert)}`,
    hanging('  ', alert.headline)
      .split('\n')
      .map((line) => bold(line))
      .join('\n'),
    hanging('  ', `${timesText(alert, zoneMin)}; ${count}; ${alert.orgs.join(', ')}: ${takenText(alert)}`),
  ].join('\n');
}

/**
 * One alert with its breaches and its revisions, for people to read.
 * @param each every breach and revision by itself; else those that say the same are summed up
 */
export function renderAlertText(
  { alert, breaches, revisions }: AlertHistory,
  options: TextOptions,
  each = false,
): string {
  const { zoneMin, colour } = options;
  const { acknowledged } = alert;
  const lines = [
    titleText(alert, colour),
    hanging('', alert.headline),
    `${stateText(alert)}; ${timesText(alert, zoneMin)}, times ${zoneText(zoneMin)}`,
    acknowledged
      ? hanging(
          '',
          `Acknowledged by ${acknowledged.by}, ${localTime(acknowledged.atMs, zoneMin)}: ${acknowledged.note}`,
        )
      : 'Not acknowledged',
  ];
  if (alert.mergedInto !== null) lines.push(`Alert ${alert.mergedInto} goes on for it`);
  lines.push('', 'Breaches');
  const kinds = each ? breaches.map((breach) => [breach]) : kindsOf(breaches);
  for (const alike of kinds) {
    const remarks = alike.some(({ id }) => id === alert.causeId) ? ['the likely cause'] : [];
    lines.push(breachesBlock(alike, options, ...remarks));
  }
  if (kinds.length < breaches.length) {
    lines.push(`  ${breaches.length} breaches in all; \`--all\` shows each by itself`);
  }
  lines.push('', 'Revisions');
  const runs = each ? revisions.map((revision) => [revision]) : runsOf(revisions);
  lines.push(...runs.map((run) => revisionText(run, zoneMin)));
  return `${lines.join('\n')}\n`;
}

/** Breaches that say the same together, the kind that began first first. */
function kindsOf(breaches: readonly Breach[]): Breach[][] {
  const kinds: Breach[][] = [];
  for (const breach of breaches) {
    const kind = kinds.find(([first]) => isAlike(first!, breach) && first!.severity === breach.severity);
    if (kind) kind.push(breach);
    else kinds.push([breach]);
  }
  return kinds;
}

/** Revisions by which nothing but its breaches changed, one after another, together. */
function runsOf(revisions: readonly AlertRevision[]): AlertRevision[][] {
  const runs: AlertRevision[][] = [];
  for (const revision of revisions) {
    const run = runs.at(-1);
    if (run && run[0]!.reason === 'changed' && revision.reason === 'changed') run.push(revision);
    else runs.push([revision]);
  }
  return runs;
}

function revisionText(run: readonly AlertRevision[], zoneMin: number): string {
  const { revision, reason, asOfMs } = run[0]!;
  const mark = `  ${String(revision).padStart(2)}  ${localTime(asOfMs, zoneMin)}  ${reason.padEnd(12)}  `;
  const more = run.length === 1 ? '' : `; ${run.length} times, last ${localTime(run.at(-1)!.asOfMs, zoneMin)}`;
  return hanging(mark, ALERT_REASONS[reason as AlertReason] + more);
}

/** Coloured when it is in lines already: colours take no columns. */
function titleText(alert: Alert, colour: boolean): string {
  const plain = severityText(alert, false);
  const title = hanging('', `Alert ${alert.id}: ${plain} on ${alert.asset}, assigned to ${alert.orgs.join(', ')}`);
  return title.replace(plain, severityText(alert, colour));
}

/** From event times: when it came to light has nothing to do with how long it lasted. */
function timesText({ startMs, endMs, withdrawn }: Alert, zoneMin: number): string {
  const from = localTime(startMs, zoneMin);
  if (withdrawn) return `${from}, taken back`;
  if (endMs === null) return `${from}, still on`;
  return `${from} to ${localTime(endMs, zoneMin)} (${lengthText(endMs - startMs)})`;
}

function severityText(alert: Alert, colour: boolean): string {
  const shown = shownSeverity(alert);
  return painted(shown, alert.escalatedMs === null ? shown : `${shown} (escalated)`, colour);
}

function takenText({ acknowledged }: Alert): string {
  return acknowledged ? `acknowledged by ${acknowledged.by}` : 'not acknowledged';
}

function stateText(alert: Alert): string {
  const marks = [alert.late && 'late', alert.withdrawn && 'withdrawn', alert.mergedInto !== null && 'merged'];
  return [alert.state, ...marks.filter((mark) => typeof mark === 'string')].join(', ');
}
