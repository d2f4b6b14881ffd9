import {
  CHOSEN_DATASOURCE,
  type FieldConfig,
  override,
  type Panel,
  series,
  type Target,
  type Transformation,
  table,
} from './classic.ts';
import {
  curveByDevice,
  ingestCount,
  ingestRate,
  LAST_FRAME_BY_DEVICE,
  latestByDevice,
  limitByDevice,
  OPEN_BREACHES,
  PROJECTION_LAG,
  PULP_CHANNELS,
  pulpExtremeByDevice,
  strictestHighLimit,
} from './queries.ts';

/** A panel before it has its number and place. */
type PanelBody = Omit<Panel, 'id' | 'gridPos' | 'datasource'>;

const WITHOUT_TIME: Transformation = { id: 'organize', options: { excludeByName: { Time: true } } };

const joinByDevice = (mode: 'inner' | 'outer'): Transformation => ({
  id: 'joinByField',
  options: { byField: 'device', mode },
});

const tableOptions = (sortBy: string, desc: boolean) => ({
  showHeader: true,
  cellHeight: 'sm',
  sortBy: [{ displayName: sortBy, desc }],
});

export const openBreaches: PanelBody = {
  type: 'table',
  title: 'Open breaches',
  description: 'Breaches that are open now and were raised before the end of the time range, however long ago.',
  targets: [table('A', OPEN_BREACHES)],
  transformations: [{ id: 'organize', options: { renameByName: { Time: 'raised' } } }],
  fieldConfig: {
    // Peak and limit have the unit of the column beside them.
    defaults: { unit: 'none', decimals: 1, noValue: 'none' },
    overrides: [
      override('raised', { unit: 'dateTimeAsIso' }),
      override('since', { unit: 'dateTimeAsIso' }),
      override('severity', {
        'custom.cellOptions': { type: 'color-text' },
        mappings: [
          {
            type: 'value',
            options: {
              warning: { color: 'yellow', index: 0 },
              alarm: { color: 'orange', index: 1 },
              critical: { color: 'red', index: 2 },
            },
          },
        ],
      }),
    ],
  },
  options: tableOptions('since', false),
};

/** Degrees between a pulp reading and its limit; inner join, for a device without the rule has no margin. */
function pulpMargin(title: string, description: string, rule: string, extreme: 'max' | 'min'): PanelBody {
  const reading = extreme === 'max' ? 'warmest pulp' : 'coldest pulp';
  const [left, right] = extreme === 'max' ? ['limit', reading] : [reading, 'limit'];
  return {
    type: 'table',
    title,
    description,
    targets: [table('A', pulpExtremeByDevice(extreme, reading)), table('B', limitByDevice(rule))],
    transformations: [
      WITHOUT_TIME,
      joinByDevice('inner'),
      { id: 'calculateField', options: { mode: 'binary', alias: 'margin', binary: { left, operator: '-', right } } },
    ],
    fieldConfig: {
      defaults: { unit: 'celsius', decimals: 1, noValue: 'no device has this limit' },
      overrides: [
        override('margin', {
          'custom.cellOptions': { type: 'color-background', mode: 'basic' },
          color: { mode: 'thresholds' },
          // Less than 1 °C is within the error of an EN 12830 recorder.
          thresholds: {
            mode: 'absolute',
            steps: [
              { color: 'red', value: null },
              { color: 'yellow', value: 0 },
              { color: 'green', value: 1 },
            ],
          },
        }),
      ],
    },
    options: tableOptions('margin', false),
  };
}

export const pulpBelowHighLimit = pulpMargin(
  'Pulp below its high limit',
  'The warmest pulp reading of each device, and how far it is below its limit pulp-high. Red: beyond it.',
  'pulp-high',
  'max',
);

export const pulpAboveFreezing = pulpMargin(
  'Pulp above freezing',
  'The coldest pulp reading of each device, and how far it is above its limit pulp-freezing. Red: beyond it.',
  'pulp-freezing',
  'min',
);

export const latest: PanelBody = {
  type: 'table',
  title: 'Latest by device',
  description: 'The newest value of each channel within the time range, and when the last frame was measured.',
  targets: [
    table('A', latestByDevice(['air-return', 'air-supply', ...PULP_CHANNELS, 'set-point', 'humidity'])),
    table('B', LAST_FRAME_BY_DEVICE),
  ],
  transformations: [
    { ...WITHOUT_TIME, filter: { id: 'byRefId', options: 'A' } },
    joinByDevice('outer'),
    { id: 'organize', options: { excludeByName: { seq: true }, renameByName: { Time: 'last frame' } } },
  ],
  fieldConfig: {
    defaults: { unit: 'celsius', decimals: 1, noValue: 'no frame in this time range' },
    overrides: [override('humidity', { unit: 'humidity' }), override('last frame', { unit: 'dateTimeAsIso' })],
  },
  options: tableOptions('device', false),
};

/** A line breaks where nothing was heard for an hour: a gap in the evidence is not to look like data. */
const GAP_MS = 3_600_000;

const lines = (unit: string, more: Partial<FieldConfig['defaults']> = {}): FieldConfig => ({
  defaults: {
    unit,
    color: { mode: 'palette-classic' },
    ...more,
    custom: { drawStyle: 'line', lineWidth: 1, showPoints: 'auto', spanNulls: false, ...more.custom },
  },
  overrides: [],
});

const seriesOptions = (calcs: readonly string[]) => ({
  legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs },
  tooltip: { mode: 'multi', sort: 'desc' },
});

function curves(title: string, description: string, unit: string, targets: readonly Target[]): PanelBody {
  return {
    type: 'timeseries',
    title,
    description,
    interval: '1m',
    targets,
    fieldConfig: lines(unit, { decimals: 1, custom: { insertNulls: GAP_MS } }),
    options: seriesOptions(['min', 'max', 'lastNotNull']),
  };
}

/** Curves with a dashed line at the strictest high limit of the devices shown. */
function limitedCurves(
  title: string,
  description: string,
  targets: readonly Target[],
  rules: readonly string[],
): PanelBody {
  const body = curves(title, description, 'celsius', [...targets, table('limit', strictestHighLimit(rules))]);
  return {
    ...body,
    transformations: [
      {
        id: 'configFromData',
        options: { configRefId: 'limit', mappings: [{ fieldName: 'limit', handlerKey: 'threshold1' }] },
      },
    ],
    fieldConfig: lines('celsius', {
      decimals: 1,
      custom: { insertNulls: GAP_MS, thresholdsStyle: { mode: 'dashed' } },
    }),
  };
}

export const returnAir = limitedCurves(
  'Return air',
  'Highest value of each interval. The dashed line is the lowest limit of the devices shown.',
  [series('A', curveByDevice('air-return'), '$tag_device'), series('B', curveByDevice('air'), '$tag_device air')],
  ['air-return-high', 'air-high'],
);

export const pulp = limitedCurves(
  'Pulp',
  'Highest value of each interval. The dashed line is the lowest limit pulp-high of the devices shown.',
  PULP_CHANNELS.map((channel, ix) => series('ABCD'[ix]!, curveByDevice(channel), '$tag_device $col')),
  ['pulp-high'],
);

export const humidity = curves('Humidity', 'Highest value of each interval.', 'humidity', [
  series('A', curveByDevice('humidity'), '$tag_device'),
]);

function ingestPanel(title: string, description: string, targets: readonly Target[], config: FieldConfig): PanelBody {
  return {
    type: 'timeseries',
    title,
    description,
    interval: '10s',
    targets,
    fieldConfig: config,
    options: seriesOptions(['max', 'lastNotNull']),
  };
}

export const ingestRates = ingestPanel(
  'Ingest rate',
  'Frames and channel readings that went from the journal into the store, a second.',
  [series('A', ingestRate('frames'), '$col'), series('B', ingestRate('readings'), '$col')],
  lines('cps', { min: 0 }),
);

export const refusals = ingestPanel(
  'Refused and repeated',
  'Frames refused with a reason code (see the dead letters), and repeats that were ignored, in each interval.',
  [series('A', ingestCount('refused'), '$col'), series('B', ingestCount('duplicates'), '$col')],
  lines('short', { min: 0, custom: { drawStyle: 'bars', fillOpacity: 60 } }),
);

export const projectionLag = ingestPanel(
  'Projection lag',
  'How long after its arrival the newest record of a cycle was in the store: the longest in each interval.',
  [series('A', PROJECTION_LAG, '$col')],
  lines('ms', { min: 0 }),
);

/** Numbers the panels and puts them side by side, row by row: widths of a row add up to 24. */
export function layOut(
  rows: readonly { readonly h: number; readonly panels: readonly { readonly w: number; readonly body: PanelBody }[] }[],
): Panel[] {
  const panels: Panel[] = [];
  let y = 0;
  for (const row of rows) {
    let x = 0;
    for (const { w, body } of row.panels) {
      panels.push({ id: panels.length + 1, datasource: CHOSEN_DATASOURCE, gridPos: { x, y, w, h: row.h }, ...body });
      x += w;
    }
    y += row.h;
  }
  return panels;
}
