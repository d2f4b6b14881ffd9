import pc from 'picocolors';
import type { AlertedBreach } from '../store/ledger/breaches.ts';
import { canonicalJson } from '../store/ledger/canonical-json.ts';
import { plainTable } from './plain-table.ts';
import type { TextOptions } from './render-text.ts';
import { localTime, zoneText } from './zone.ts';

/** One alert with its breach a line. */
export function renderAlertsJson(alerts: readonly AlertedBreach[]): string {
  return alerts.map((alerted) => `${canonicalJson(alerted)}\n`).join('');
}

/** Alerts for people to read. */
export function renderAlertsText(alerts: readonly AlertedBreach[], { zoneMin, colour }: TextOptions): string {
  if (alerts.length === 0) return 'no alerts\n';
  const colours = pc.createColors(colour);
  const paint = { critical: colours.red, alarm: colours.red, warning: colours.yellow };
  const table = plainTable(['State', 'Severity', 'Rule', 'Asset', 'Device, channel', 'Worst', 'Limit', 'From', 'To']);
  for (const { alert, breach } of alerts) {
    table.push([
      stateText(alert),
      paint[breach.severity](breach.severity),
      breach.rule,
      breach.asset,
      `${breach.device}, ${breach.channel}`,
      `${breach.peakC} °C`,
      `${breach.limitC} °C`,
      localTime(breach.startMs, zoneMin),
      breach.endMs === null ? 'still on' : localTime(breach.endMs, zoneMin),
    ]);
  }
  return `Alerts (times ${zoneText(zoneMin)})\n${table.toString()}\n`;
}

function stateText(alert: AlertedBreach['alert']): string {
  const marks = [alert.late && 'late', alert.withdrawn && 'withdrawn', alert.acknowledged && 'acknowledged'];
  return [alert.state, ...marks.filter((mark) => mark !== false)].join('\n');
}
