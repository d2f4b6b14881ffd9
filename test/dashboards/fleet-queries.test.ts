import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fleetDashboard } from '../../dashboards/grafana/fleet.ts';
import { openInflux1 } from '../../src/store/frames/influx1/open.ts';
import { type Influxd, startInfluxd } from '../harness/influxd.ts';
import { type GrafanaRange, substituteMacros } from './grafana-macros.ts';
import {
  COLD_TRUCK,
  DAY_MS,
  FROM_MS,
  LOOKALIKE,
  ROOM,
  sampleFrames,
  samplePoints,
  TO_MS,
  WARM_TRUCK,
} from './sample-data.ts';

const DATABASE = 'coldtrail';
const dashboard = fleetDashboard();
const ALL_VALUE = dashboard.templating.list.find((variable) => variable.name === 'device')!.allValue!;

const EVERYTHING: GrafanaRange = { fromMs: FROM_MS, toMs: TO_MS, intervalMs: 600_000, devices: 'all' };
const TRUCKS: GrafanaRange = { ...EVERYTHING, devices: [WARM_TRUCK, COLD_TRUCK] };

type Cell = string | number | boolean | null;
type Row = Readonly<Record<string, Cell>>;

let influxd: Influxd;
beforeAll(async () => {
  influxd = await startInfluxd();
  const store = await openInflux1({ url: influxd.url, database: DATABASE });
  expect(await store.append(sampleFrames())).toEqual({ refused: [] });
  await store.publish!(samplePoints());
  await store.close();
});
afterAll(() => influxd.stop());

/** Asks as Grafana's server does (pkg/tsdb/influxdb/influxql.go, httpMode POST). @returns one row a point, tags as columns */
async function ask(query: string, range: GrafanaRange): Promise<Row[]> {
  const response = await fetch(`${influxd.url}/query?db=${DATABASE}&epoch=ms`, {
    method: 'POST',
    body: new URLSearchParams({ q: substituteMacros(query, range, ALL_VALUE) }),
  });
  const [result] = ((await response.json()) as Awaited<ReturnType<Influxd['query']>>).results;
  expect(result?.error).toBeUndefined();
  return (result?.series ?? []).flatMap((s) =>
    s.values.map((row) => ({ ...s.tags, ...Object.fromEntries(s.columns.map((column, ix) => [column, row[ix]!])) })),
  );
}

function queryOf(title: string, refId = 'A'): string {
  const panel = dashboard.panels.find((p) => p.title === title);
  const target = panel?.targets.find((t) => t.refId === refId);
  if (!target) throw new Error(`no query ${refId} in ${title}`);
  return target.query;
}

const askPanel = (title: string, refId = 'A', range = EVERYTHING) => ask(queryOf(title, refId), range);

const targets = dashboard.panels.flatMap((panel) => panel.targets.map((target) => ({ panel: panel.title, ...target })));

describe('every query of the fleet dashboard on a real influxd', () => {
  test.each(targets)('$panel, query $refId, returns rows', async (target) => {
    const rows = await ask(target.query, EVERYTHING);
    expect(rows).not.toEqual([]);
    for (const tag of target.alias?.match(/\$tag_\w+/g) ?? []) {
      expect(Object.keys(rows[0]!)).toContain(tag.slice('$tag_'.length));
    }
  });

  test.each(targets)('$panel, query $refId, answers no rows and no error where nothing is stored', async (target) => {
    const longAgo = { ...EVERYTHING, fromMs: FROM_MS - 900 * DAY_MS, toMs: FROM_MS - 899 * DAY_MS };
    expect(await ask(target.query, longAgo)).toEqual([]);
  });

  test('device variable: every device', async () => {
    const { query } = dashboard.templating.list.find((variable) => variable.name === 'device')!;
    const names = (await ask(query, EVERYTHING)).map((row) => row['value']);
    expect(names).toEqual([ROOM, WARM_TRUCK, LOOKALIKE, COLD_TRUCK].sort());
  });

  test('a chosen name is taken literally, its dot and slash too', async () => {
    const rows = await askPanel('Latest by device', 'A', { ...EVERYTHING, devices: [WARM_TRUCK] });
    expect(rows.map((row) => row['device'])).toEqual([WARM_TRUCK]);
  });

  test('latest by device: the newest values, and the time of the newest frame', async () => {
    const values = await askPanel('Latest by device', 'A', TRUCKS);
    expect(values.map(({ time: _, ...row }) => row)).toEqual([
      {
        device: WARM_TRUCK,
        'air-return': 2 + 119 / 20,
        'air-supply': -1,
        pulp: null,
        'pulp-1': 1 + 119 / 40,
        'pulp-2': 119 / 40,
        'pulp-3': 0.5,
        'set-point': null,
        humidity: 90,
      },
      {
        device: COLD_TRUCK,
        'air-return': -1,
        'air-supply': -2,
        pulp: null,
        'pulp-1': -1.25,
        'pulp-2': -0.5,
        'pulp-3': 0,
        'set-point': -0.5,
        humidity: 88,
      },
    ]);
    const lastFrames = await askPanel('Latest by device', 'B', TRUCKS);
    expect(lastFrames).toEqual([
      { device: WARM_TRUCK, time: TO_MS - 60_000, seq: 119 },
      { device: COLD_TRUCK, time: TO_MS - 60_000, seq: 119 },
    ]);
  });

  test('pulp against its limits: warmest and coldest probe, the limit in force, devices without one left out', async () => {
    expect(await column('Pulp below its high limit', 'A', 'warmest pulp')).toEqual({
      [WARM_TRUCK]: 1 + 119 / 40,
      [COLD_TRUCK]: 0,
      [ROOM]: 20,
      [LOOKALIKE]: 0.25,
    });
    expect(await column('Pulp below its high limit', 'B', 'limit')).toEqual({
      [WARM_TRUCK]: 4,
      [COLD_TRUCK]: 5,
      [LOOKALIKE]: 1,
    });
    expect(await column('Pulp above freezing', 'A', 'coldest pulp')).toMatchObject({ [COLD_TRUCK]: -1.25 });
    expect(await column('Pulp above freezing', 'B', 'limit')).toEqual({
      [WARM_TRUCK]: -1.5,
      [COLD_TRUCK]: -1.5,
      [ROOM]: -1.5,
    });
  });

  async function column(title: string, refId: string, name: string): Promise<Record<string, Cell>> {
    const rows = await askPanel(title, refId);
    return Object.fromEntries(rows.map((row) => [row['device'], row[name]!]));
  }

  test('the dashed line is the lowest limit of the devices shown', async () => {
    expect(await askPanel('Pulp', 'limit', TRUCKS)).toMatchObject([{ limit: 4 }]);
    expect(await askPanel('Pulp', 'limit')).toMatchObject([{ limit: 1 }]);
    expect(await askPanel('Return air', 'limit')).toMatchObject([{ limit: 6 }]);
  });

  test('curves keep the peak of each interval, one series a device', async () => {
    const rows = await askPanel('Return air', 'A', { ...TRUCKS, devices: [WARM_TRUCK] });
    expect(rows).toHaveLength(12);
    expect(rows[0]).toEqual({ device: WARM_TRUCK, time: FROM_MS, 'air-return': 2 + 9 / 20 });
    const devices = (await askPanel('Pulp', 'B', TRUCKS)).map((row) => row['device']);
    expect(new Set(devices)).toEqual(new Set([WARM_TRUCK, COLD_TRUCK]));
  });

  test('open breaches: those raised before the range too; not the recovered, the withdrawn, the later', async () => {
    const rows = await askPanel('Open breaches');
    const common = {
      device: WARM_TRUCK,
      asset: WARM_TRUCK,
      rule: 'pulp-high',
      severity: 'alarm',
      limit: 4,
      unit: 'Cel',
    };
    expect(rows).toEqual([
      { ...common, time: FROM_MS - DAY_MS, channel: 'pulp-1', peak: 5.5, since: FROM_MS - DAY_MS - 3_600_000 },
      { ...common, time: FROM_MS + 60_000, channel: 'pulp-2', peak: 4.5, since: FROM_MS + 60_000 - 3_600_000 },
    ]);
    const later = await askPanel('Open breaches', 'A', { ...EVERYTHING, toMs: TO_MS + 3_600_000 });
    expect(later.map((row) => row['device'])).toEqual([WARM_TRUCK, WARM_TRUCK, COLD_TRUCK]);
  });

  test('ingest: rates a second, counts an interval, the worst lag', async () => {
    const rates = await askPanel('Ingest rate', 'A');
    expect(rates.slice(0, 12).map((row) => row['frames/s'])).toEqual(Array(12).fill(2));
    expect((await askPanel('Ingest rate', 'B'))[0]).toMatchObject({ 'readings/s': 20 });
    const refused = await askPanel('Refused and repeated', 'A');
    expect(refused.map((row) => row['refused'])).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect((await askPanel('Refused and repeated', 'B'))[0]).toMatchObject({ duplicates: 10 });
    expect((await askPanel('Projection lag'))[0]).toMatchObject({ lag: 101 });
  });
});
