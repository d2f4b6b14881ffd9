import pc from 'picocolors';
import { ALERT_REASONS, type Alert, type AlertReason, shownSeverity } from '../contract/alert.ts';
import type { Breach } from '../contract/breach.ts';
import { lengthText } from '../produce/breach-words.ts';
import type { AlertRevision } from '../store/ledger/alerts.ts';
import { canonicalJson } from '../store/ledger/canonical-json.ts';
import { hanging } from './hanging.ts';
import { breachBlock, painted } from './render-breach.ts';
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

/** Alerts for people to read: of each what it is first, then where and when. */
export function renderAlertsText(alerts: readonly Alert[], options: TextOptions): string {
  if (alerts.length === 0) return 'no alerts\n';
  return [`Alerts (times ${zoneText(options.zoneMin)})`, ...alerts.map((one) => alertBlock(one, options)), ''].join(
    '\n',
  );
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

/** One alert with its breaches and its revisions, for people to read. */
export function renderAlertText({ alert, breaches, revisions }: AlertHistory, options: TextOptions): string {
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
  for (const breach of breaches) {
    lines.push(breachBlock(breach, options, ...(breach.id === alert.causeId ? ['the likely cause'] : [])));
  }
  lines.push('', 'Revisions');
  for (const { revision, reason, asOfMs } of revisions) {
    const mark = `  ${String(revision).padStart(2)}  ${localTime(asOfMs, zoneMin)}  ${reason.padEnd(12)}  `;
    lines.push(hanging(mark, ALERT_REASONS[reason as AlertReason]));
  }
  return `${lines.join('\n')}\n`;
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
