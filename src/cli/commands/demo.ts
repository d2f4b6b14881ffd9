import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { configSchema } from '../../config.ts';
import { runDemo } from '../demo.ts';
import { PACKS_HELP, packsOf } from '../packs-option.ts';
import { portOf } from '../port-option.ts';

const DEMO_DIR = join('coldtrail-data', 'demo');

/** `coldtrail demo`: the whole chain in one process, from simulated fleet to traced batch. */
export function demoCommand(): Command {
  const command = new Command('demo')
    .description('simulate a slice of a prune season end to end, then trace a good and a breached batch')
    .option('--once', 'end after the summary; else the broker stays up until Ctrl-C')
    .option('-f, --file <scenario>', 'scenario: the name of a shipped one, or a YAML file', 'demo')
    .option('--data <dir>', 'data directory; emptied first', DEMO_DIR)
    .option('--port <n>', 'port of the MQTT broker (default: 1883, or a free one where that is taken)', portOf)
    .option('--packs <packs>', PACKS_HELP, packsOf)
    .action(async (options) => {
      const config = configSchema.parse({
        dataDir: options.data,
        clock: 'simulation',
        broker: { mode: 'embedded', port: options.port ?? 1883, anonymous: true },
        rules: { packs: options.packs ?? [] },
        log: { level: 'warn' },
      });
      await runDemo({
        config,
        scenario: options.file,
        once: options.once ?? false,
        portIsChosen: options.port !== undefined,
      });
    });
  return command as unknown as Command;
}
