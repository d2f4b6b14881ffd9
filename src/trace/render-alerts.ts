import pc from 'picocolors';
import { ALERT_REASONS, type Alert, type AlertReason, shownSeverity } from '../contract/alert.ts';
import { type Breach, type Severity, SILENCE_CAUSES } from '../contract/breach.ts';
import { inUnit } from '../contract/unit.ts';
import type { AlertRevision } from '../store/ledger/alerts.ts';
import { canonicalJson } from '../store/ledger/canonical-json.ts';
import { plainTable } from './plain-table.ts';
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

/** Alerts for people to read. */
export function renderAlertsText(alerts: readonly Alert[], { zoneMin, colour }: TextOptions): string {
  if (alerts.length === 0) return 'no alerts\n';
  const table = plainTable(['Alert', 'State', 'Severity', 'Asset', 'Assigned to', 'Breaches', 'From', 'To', 'Lasted']);
  for (const alert of alerts) {
    table.push([
      alert.id,
      stateText(alert),
      severityText(alert, colour),
      alert.asset,
      alert.orgs.join(', '),
      String(alert.breachIds.length),
      localTime(alert.startMs, zoneMin),
      endText(alert.endMs, zoneMin),
      lastedText(alert),
    ]);
  }
  return `Alerts (times ${zoneText(zoneMin)})\n${table.toString()}\n`;
}

/** One alert with its breaches and its revisions, for people to read. */
export function renderAlertText(
  { alert, breaches, revisions }: AlertHistory,
  { zoneMin, colour }: TextOptions,
): string {
  const { acknowledged } = alert;
  const lines = [
    `Alert ${alert.id}: ${severityText(alert, colour)} on ${alert.asset}, assigned to ${alert.orgs.join(', ')}`,
    `${stateText(alert).replaceAll('\n', ', ')}; ${localTime(alert.startMs, zoneMin)} to ${endText(alert.endMs, zoneMin)}` +
      ` (${lastedText(alert)}), times ${zoneText(zoneMin)}`,
    acknowledged
      ? `Acknowledged by ${acknowledged.by}, ${localTime(acknowledged.atMs, zoneMin)}: ${acknowledged.note}`
      : 'Not acknowledged',
  ];
  if (alert.mergedInto !== null) lines.push(`Alert ${alert.mergedInto} goes on for it`);
  const members = plainTable(['Breach', 'Severity', 'Device, channel', 'Worst', 'Limit', 'From', 'To']);
  for (const breach of breaches) {
    members.push([
      breach.cause === null ? breach.rule : `${breach.rule}\n${SILENCE_CAUSES[breach.cause]}`,
      paint(breach.severity, breach.severity, colour),
      `${breach.device}, ${breach.channel}`,
      inUnit(breach.peak, breach.unit),
      inUnit(breach.limit, breach.unit),
      localTime(breach.startMs, zoneMin),
      endText(breach.endMs, zoneMin),
    ]);
  }
  const steps = plainTable(['Revision', 'Known', 'Reason', 'Meaning']);
  for (const { revision, reason, asOfMs } of revisions) {
    steps.push([String(revision), localTime(asOfMs, zoneMin), reason, ALERT_REASONS[reason as AlertReason]]);
  }
  return `${lines.join('\n')}\n\n${members.toString()}\n\n${steps.toString()}\n`;
}

function endText(endMs: number | null, zoneMin: number): string {
  return endMs === null ? 'still on' : localTime(endMs, zoneMin);
}

/** From event times: when it came to light has nothing to do with how long it lasted. */
function lastedText({ startMs, endMs }: Alert): string {
  if (endMs === null) return '';
  const minutes = Math.round((endMs - startMs) / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function severityText(alert: Alert, colour: boolean): string {
  const shown = shownSeverity(alert);
  return paint(shown, alert.escalatedMs === null ? shown : `${shown} (escalated)`, colour);
}

function paint(severity: Severity, text: string, colour: boolean): string {
  const colours = pc.createColors(colour);
  return severity === 'warning' ? colours.yellow(text) : colours.red(text);
}

function stateText(alert: Alert): string {
  const marks = [
    alert.late && 'late',
    alert.withdrawn && 'withdrawn',
    alert.mergedInto !== null && 'merged',
    alert.acknowledged && 'acknowledged',
  ];
  return [alert.state, ...marks.filter((mark) => typeof mark === 'string')].join('\n');
}
