// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana's placeholders
/**
 * The part of Grafana's classic dashboard schema that ours use (schemaVersion 42; Grafana 10 to 13 read it).
 * https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly schemaVersion: 42;
  readonly editable: boolean;
  readonly graphTooltip: 0 | 1 | 2;
  readonly refresh: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly timezone: 'browser' | 'utc';
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

interface DataSourceRef {
  readonly type: 'influxdb';
  readonly uid: string;
}

interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: 'datasource' | 'query';
  readonly query: string;
  readonly refresh: 1 | 2;
  readonly datasource?: DataSourceRef;
  readonly definition?: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly sort?: number;
  readonly current: { readonly text: string | readonly string[]; readonly value: string | readonly string[] };
}

export interface Target {
  readonly refId: string;
  readonly rawQuery: true;
  readonly query: string;
  readonly resultFormat: 'time_series' | 'table';
  readonly alias?: string;
  readonly datasource: DataSourceRef;
}

export interface Transformation {
  readonly id: 'organize' | 'joinByField' | 'calculateField' | 'configFromData';
  /** Only the frames of these queries; all without. */
  readonly filter?: { readonly id: 'byRefId'; readonly options: string };
  readonly options: Readonly<Record<string, unknown>>;
}

interface Threshold {
  readonly color: string;
  /** Null is the base step. */
  readonly value: number | null;
}

export interface FieldConfig {
  readonly defaults: {
    readonly unit: string;
    readonly decimals?: number;
    readonly color?: { readonly mode: 'palette-classic' | 'thresholds' };
    readonly thresholds?: { readonly mode: 'absolute'; readonly steps: readonly Threshold[] };
    readonly custom?: Readonly<Record<string, unknown>>;
    readonly noValue?: string;
    readonly min?: number;
  };
  readonly overrides: readonly Override[];
}

export interface Override {
  readonly matcher: { readonly id: 'byName' | 'byRegexp'; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface Panel {
  readonly id: number;
  readonly type: 'table' | 'timeseries';
  readonly title: string;
  readonly description: string;
  readonly datasource: DataSourceRef;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  /** Shortest interval: `$__interval` never goes below it. */
  readonly interval?: string;
  readonly targets: readonly Target[];
  readonly transformations?: readonly Transformation[];
  readonly fieldConfig: FieldConfig;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The dashboard's variable, so that one dashboard serves any InfluxDB data source. */
export const CHOSEN_DATASOURCE: DataSourceRef = { type: 'influxdb', uid: '${datasource}' };

export function table(refId: string, query: string): Target {
  return { refId, rawQuery: true, query, resultFormat: 'table', datasource: CHOSEN_DATASOURCE };
}

export function series(refId: string, query: string, alias: string): Target {
  return { refId, rawQuery: true, query, resultFormat: 'time_series', alias, datasource: CHOSEN_DATASOURCE };
}

export function override(name: string, properties: Readonly<Record<string, unknown>>): Override {
  return {
    matcher: { id: 'byName', options: name },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  };
}

/** How the dashboard is written to its file. */
export function renderDashboard(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
