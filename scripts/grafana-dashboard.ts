import { writeFileSync } from 'node:fs';
import { renderDashboard } from '../dashboards/grafana/classic.ts';
import { fleetDashboard } from '../dashboards/grafana/fleet.ts';

/** Writes the provisioned dashboards from their TypeScript source. */
const file = new URL('../dashboards/grafana/dashboards/fleet.json', import.meta.url);
writeFileSync(file, renderDashboard(fleetDashboard()));
