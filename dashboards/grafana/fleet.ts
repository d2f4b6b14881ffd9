import { CHOSEN_DATASOURCE, type Dashboard } from './classic.ts';
import * as panel from './panels.ts';
import { DEVICE_NAMES } from './queries.ts';

/** Uid of the data source that provisioning/datasources makes. */
const DATASOURCE_UID = 'coldtrail-influxdb';

/**
 * The fleet dashboard. Its file, dashboards/fleet.json, is written by `tsx scripts/grafana-dashboard.ts`; a test
 * holds the two equal.
 */
export function fleetDashboard(): Dashboard {
  return {
    uid: 'coldtrail-fleet',
    title: 'coldtrail fleet',
    description: 'Temperatures of the fleet against their limits, open breaches, and the health of the ingest.',
    tags: ['coldtrail'],
    schemaVersion: 42,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-24h', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        {
          name: 'datasource',
          label: 'Data source',
          type: 'datasource',
          query: 'influxdb',
          refresh: 1,
          current: { text: 'coldtrail', value: DATASOURCE_UID },
        },
        {
          name: 'device',
          label: 'Device',
          type: 'query',
          datasource: CHOSEN_DATASOURCE,
          query: DEVICE_NAMES,
          definition: DEVICE_NAMES,
          refresh: 2,
          multi: true,
          includeAll: true,
          // Not the list of every name: with a large fleet that regular expression outgrows a URL.
          allValue: '.*',
          sort: 1,
          current: { text: ['All'], value: ['$__all'] },
        },
      ],
    },
    panels: panel.layOut([
      {
        h: 8,
        panels: [
          { w: 12, body: panel.openBreaches },
          { w: 6, body: panel.pulpBelowHighLimit },
          { w: 6, body: panel.pulpAboveFreezing },
        ],
      },
      { h: 9, panels: [{ w: 24, body: panel.latest }] },
      {
        h: 10,
        panels: [
          { w: 8, body: panel.returnAir },
          { w: 8, body: panel.pulp },
          { w: 8, body: panel.humidity },
        ],
      },
      {
        h: 7,
        panels: [
          { w: 8, body: panel.ingestRates },
          { w: 8, body: panel.refusals },
          { w: 8, body: panel.projectionLag },
        ],
      },
    ]),
  };
}
