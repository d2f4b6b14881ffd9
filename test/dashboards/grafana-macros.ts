// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana's placeholders
/** What Grafana puts into an InfluxQL query before it sends it, as far as our dashboards use it. */

export interface GrafanaRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  /** The chosen devices, or `all` for the variable's own "all" value. */
  readonly devices: readonly string[] | 'all';
}

/**
 * The front end replaces variables first (public/app/features/templating, format `regex`: each value escaped, several
 * in brackets; a custom all-value as it stands), then the server its macros (pkg/tsdb/influxdb/models/query.go).
 */
export function substituteMacros(query: string, range: GrafanaRange, allValue: string): string {
  const devices =
    range.devices === 'all'
      ? allValue
      : range.devices.length === 1
        ? escapeRegex(range.devices[0]!)
        : `(${range.devices.map(escapeRegex).join('|')})`;
  const text = query
    .replaceAll('${device:regex}', () => devices)
    .replaceAll('${__to}', String(range.toMs))
    .replaceAll('$timeFilter', `time >= ${range.fromMs}ms and time <= ${range.toMs}ms`)
    .replaceAll('$__interval_ms', String(range.intervalMs))
    .replaceAll('$__interval', formatInterval(range.intervalMs));
  if (/\$(?!\/)/.test(text)) throw new Error(`a macro is left over: ${text}`);
  return text;
}

/** packages/grafana-data, escapeRegex. */
function escapeRegex(value: string): string {
  return value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
}

/** grafana-plugin-sdk-go, gtime.FormatInterval: the largest unit that fits. */
function formatInterval(intervalMs: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1000, 's'],
  ] as const;
  for (const [unitMs, unit] of units) {
    if (intervalMs >= unitMs) return `${Math.floor(intervalMs / unitMs)}${unit}`;
  }
  return `${intervalMs}ms`;
}
