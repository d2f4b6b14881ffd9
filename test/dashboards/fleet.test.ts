// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana's placeholders
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderDashboard } from '../../dashboards/grafana/classic.ts';
import { fleetDashboard } from '../../dashboards/grafana/fleet.ts';

const folder = new URL('../../dashboards/grafana/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

const dashboard = fleetDashboard();
const { panels } = dashboard;

describe('fleet dashboard', () => {
  test('its file is what the source writes (npx tsx scripts/grafana-dashboard.ts)', () => {
    expect(read('dashboards/fleet.json')).toBe(renderDashboard(dashboard));
  });

  test('has a fixed uid, and no id of one installation', () => {
    expect(dashboard.uid).toBe('coldtrail-fleet');
    expect(JSON.parse(read('dashboards/fleet.json'))).not.toHaveProperty('id');
    expect(dashboard.schemaVersion).toBe(42);
  });

  test('numbers its panels once and gives each a title, a unit and a description', () => {
    expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length);
    expect(new Set(panels.map((panel) => panel.title)).size).toBe(panels.length);
    for (const panel of panels) {
      expect(panel.description, panel.title).not.toBe('');
      expect(panel.fieldConfig.defaults.unit, panel.title).not.toBe('');
    }
  });

  test('shows temperatures in °C and humidity in its unit', () => {
    const unitOf = (title: string) => panels.find((panel) => panel.title === title)?.fieldConfig.defaults.unit;
    expect(['Latest by device', 'Return air', 'Pulp'].map(unitOf)).toEqual(Array(3).fill('celsius'));
    // Each breach tells its own.
    expect(unitOf('Open breaches')).toBe('none');
    expect(unitOf('Humidity')).toBe('humidity');
  });

  test('lays its panels out without overlap on 24 columns', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), `${title} at ${x},${y}`).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  test('asks every panel, query and variable through the datasource variable', () => {
    const chosen = { type: 'influxdb', uid: '${datasource}' };
    for (const panel of panels) {
      expect(panel.datasource).toEqual(chosen);
      for (const target of panel.targets) expect(target.datasource).toEqual(chosen);
      const refIds = panel.targets.map((target) => target.refId);
      expect(new Set(refIds).size).toBe(refIds.length);
    }
    const [datasource, device] = dashboard.templating.list;
    expect(datasource).toMatchObject({ name: 'datasource', type: 'datasource', query: 'influxdb' });
    expect(device).toMatchObject({ name: 'device', multi: true, includeAll: true, datasource: chosen });
  });

  test('transformations and overrides name queries and columns that exist', () => {
    for (const panel of panels) {
      const refIds = panel.targets.map((target) => target.refId);
      for (const { filter, options } of panel.transformations ?? []) {
        if (filter) expect(refIds).toContain(filter.options);
        if ('configRefId' in options) expect(refIds).toContain(options['configRefId']);
      }
      const made = JSON.stringify(panel.transformations ?? []);
      for (const { matcher } of panel.fieldConfig.overrides) {
        const isColumn = panel.targets.some((target) => target.query.includes(`"${matcher.options}"`));
        expect(isColumn || made.includes(`"${matcher.options}"`), `${panel.title}: ${matcher.options}`).toBe(true);
      }
    }
  });
});

describe('provisioning', () => {
  const uid = dashboard.templating.list[0]!.current.value;

  test.each(['provisioning/datasources/influxdb.yaml', 'datasource-influxdb1.yaml'])('%s', (file) => {
    const [source, ...others] = parse(read(file)).datasources;
    expect(others).toEqual([]);
    expect(source).toMatchObject({ uid, type: 'influxdb', access: 'proxy', isDefault: true });
    expect(source.jsonData).toMatchObject({ httpMode: 'POST' });
    // No `version`: InfluxQL is Grafana's default language for InfluxDB.
    expect(source.jsonData).not.toHaveProperty('version');
  });

  test('InfluxDB 2.x is asked with its token in a header', () => {
    const [source] = parse(read('provisioning/datasources/influxdb.yaml')).datasources;
    expect(source.jsonData).toMatchObject({ dbName: '${INFLUX_BUCKET}', httpHeaderName1: 'Authorization' });
    expect(source.secureJsonData).toEqual({ httpHeaderValue1: 'Token ${INFLUX_TOKEN}' });
  });

  test('the dashboards folder is the one that docker-compose.yml mounts', () => {
    const [provider] = parse(read('provisioning/dashboards/coldtrail.yaml')).providers;
    const compose = parse(read('../../docker-compose.yml'));
    expect(provider).toMatchObject({ type: 'file' });
    expect(compose.services.grafana.volumes).toContain(`./dashboards/grafana/dashboards:${provider.options.path}:ro`);
  });
});
