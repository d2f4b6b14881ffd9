import { Command, Option } from '@commander-js/extra-typings';
import { alertOptions, type Config, loadConfig } from '../../config.ts';
import type { Alert, AlertState } from '../../contract/alert.ts';
import { SEVERITIES } from '../../contract/breach.ts';
import { wallClock } from '../../lib/clock.ts';
import { ColdtrailError } from '../../lib/errors.ts';
import { PROJECTION } from '../../project/standing.ts';
import { acknowledge } from '../../store/ledger/acknowledgements.ts';
import { breachesOf, listAlerts, readAlert, revisionsOf } from '../../store/ledger/alerts.ts';
import { canonicalJson } from '../../store/ledger/canonical-json.ts';
import type { Ledger } from '../../store/ledger/ledger.ts';
import { getOffset } from '../../store/ledger/offsets.ts';
import { openLedgerBeside, openReadLedger } from '../../stores.ts';
import { renderAlertsJson, renderAlertsText, renderAlertText } from '../../trace/render-alerts.ts';
import { parseZone, ZONE_DEFAULT } from '../../trace/zone.ts';
import { stdoutColour } from '../colour.ts';

const textOptions = () => ({ zoneMin: parseZone(ZONE_DEFAULT)!, colour: stdoutColour() });

/** `coldtrail alerts`: what detection told people, and their word that they have taken it on. */
export function alertsCommand(): Command {
  return new Command('alerts')
    .description('what detection told people')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(ackCommand());
}

function listCommand(): Command {
  const command = new Command('list')
    .description('list alerts, the one that began first first')
    .addOption(new Option('--state <state>', 'only these').choices(['active', 'cleared'] as const))
    .addOption(new Option('--severity <severity>', 'only these, escalation counted in').choices(SEVERITIES))
    .option('--unacknowledged', 'only those that nobody has taken on')
    .option('--json', 'one JSON object a line')
    .option('-c, --config <file>', 'configuration file')
    .option('--data <dir>', 'data directory')
    .action(async (options) => {
      const alerts = await reading(await configOf(options), ({ db }) =>
        listAlerts(db, {
          ...(options.state && { state: options.state.toUpperCase() as AlertState }),
          ...(options.severity && { severity: options.severity }),
          unacknowledged: options.unacknowledged ?? false,
        }),
      );
      process.stdout.write(options.json ? renderAlertsJson(alerts) : renderAlertsText(alerts, textOptions()));
    });
  return command as unknown as Command;
}

function showCommand(): Command {
  const command = new Command('show')
    .description('show an alert with its breaches and its revisions')
    .argument('<id>', 'from `alerts list`')
    .option('--all', 'every breach and revision by itself; else those that say the same are summed up')
    .option('--json', 'as one JSON object')
    .option('-c, --config <file>', 'configuration file')
    .option('--data <dir>', 'data directory')
    .action(async (id, options) => {
      const history = await reading(await configOf(options), async ({ db }) => {
        const alert = known(await readAlert(db, id), id);
        return { alert, breaches: await breachesOf(db, alert.breachIds), revisions: await revisionsOf(db, id) };
      });
      process.stdout.write(
        options.json ? `${canonicalJson(history)}\n` : renderAlertText(history, textOptions(), options.all),
      );
    });
  return command as unknown as Command;
}

function ackCommand(): Command {
  const command = new Command('ack')
    .description('acknowledge an alert: say that you have taken it on; works while `serve` runs')
    .argument('<id>', 'from `alerts list`')
    .requiredOption('--by <name>', 'who you are')
    .option('--note <text>', 'what you do about it', '')
    .option('-c, --config <file>', 'configuration file')
    .option('--data <dir>', 'data directory')
    .action(async (id, options) => {
      const config = await configOf(options);
      const ledger = await openLedgerBeside(config);
      try {
        const word = { by: options.by, note: options.note, atMs: wallClock.nowMs() };
        const alert = await written(ledger, async (trx) => {
          const found = known(await readAlert(trx, id), id);
          const journalOffset = (await getOffset(trx, PROJECTION)) ?? 0;
          const { notify } = alertOptions(config);
          return acknowledge(trx, found.mergedInto ?? id, word, { journalOffset, notify });
        });
        process.stdout.write(renderAlertsText(alert ? [alert] : [], textOptions()));
      } finally {
        await ledger.close();
      }
    });
  return command as unknown as Command;
}

function configOf(options: { readonly config?: string; readonly data?: string }): Promise<Config> {
  return loadConfig({ file: options.config, env: process.env, flags: { dataDir: options.data } });
}

async function reading<T>(config: Config, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openReadLedger(config);
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

async function written<T>(ledger: Ledger, work: Parameters<typeof ledger.transact<T>>[0]): Promise<T> {
  try {
    return await ledger.transact(work);
  } catch (cause) {
    if (!(cause as Error).message.includes('database is locked')) throw cause;
    throw new ColdtrailError('LEDGER_BUSY', `${ledger.file} is written to by another process all the time`, {
      hint: 'Nothing was acknowledged. Try again in a moment.',
      cause,
    });
  }
}

function known(alert: Alert | undefined, id: string): Alert {
  if (alert) return alert;
  throw new ColdtrailError('ALERT_UNKNOWN', `no alert has the id ${id}`, {
    hint: '`coldtrail alerts list` shows them. After a rebuild an alert may have another id.',
  });
}
