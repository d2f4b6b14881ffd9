import { Command, Option } from '@commander-js/extra-typings';
import { loadConfig } from '../../config.ts';
import { type Alert, SEVERITIES } from '../../contract/breach.ts';
import { listAlerts } from '../../store/ledger/breaches.ts';
import { openReadLedger } from '../../stores.ts';
import { renderAlertsJson, renderAlertsText } from '../../trace/render-alerts.ts';
import { parseZone, ZONE_DEFAULT } from '../../trace/zone.ts';
import { stdoutColour } from '../colour.ts';

/** `coldtrail alerts list`: the alerts on stdout, oldest breach first. */
export function alertsCommand(): Command {
  const list = new Command('list')
    .description('list alerts, oldest breach first')
    .addOption(new Option('--state <state>', 'only these').choices(['active', 'cleared'] as const))
    .addOption(new Option('--severity <severity>', 'only these').choices(SEVERITIES))
    .option('--json', 'one JSON object a line')
    .option('-c, --config <file>', 'configuration file')
    .option('--data <dir>', 'data directory')
    .action(async (options) => {
      const config = await loadConfig({
        file: options.config,
        env: process.env,
        flags: { dataDir: options.data },
      });
      const ledger = await openReadLedger(config);
      try {
        const alerts = await listAlerts(ledger.db, {
          ...(options.state && { state: options.state.toUpperCase() as Alert['state'] }),
          ...(options.severity && { severity: options.severity }),
        });
        const text = options.json
          ? renderAlertsJson(alerts)
          : renderAlertsText(alerts, { zoneMin: parseZone(ZONE_DEFAULT)!, colour: stdoutColour() });
        process.stdout.write(text);
      } finally {
        await ledger.close();
      }
    });
  return new Command('alerts').description('what detection told people').addCommand(list as unknown as Command);
}
