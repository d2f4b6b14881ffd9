import { Command } from '@commander-js/extra-typings';
import { type Config, loadConfig } from '../../config.ts';
import { createLog } from '../../lib/log.ts';
import { startPipeline } from '../../pipeline.ts';
import { loadRegistry } from '../../registry-file.ts';
import { PACKS_HELP, packsOf } from '../packs-option.ts';
import { portOf } from '../port-option.ts';
import { stopSignal } from '../stop-signal.ts';

const STATUS_EVERY_MS = 10_000;

/** `coldtrail serve`: takes in what devices publish until it is stopped. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('take in frames and events over MQTT, detect breaches, keep everything for trace')
    .option('-c, --config <file>', 'configuration, YAML or JSON')
    .option('--data <dir>', 'data directory (dataDir)')
    .option('--port <n>', 'port of the embedded broker (broker.port)', portOf)
    .option('--broker <url>', 'use this external MQTT broker instead of the embedded one (broker.url)')
    .option('--packs <packs>', PACKS_HELP, packsOf)
    .action(async (options) => {
      const config = await loadConfig({
        file: options.config,
        env: process.env,
        flags: {
          dataDir: options.data,
          'broker.port': options.port,
          'broker.url': options.broker,
          'rules.packs': options.packs,
        },
      });
      await serve(config);
    });
  return command as unknown as Command;
}

async function serve(config: Config): Promise<void> {
  const log = createLog(config.log.level);
  const stop = stopSignal();
  let onFatal: (error: Error) => void = () => {};
  const failed = new Promise<Error>((resolve) => {
    onFatal = resolve;
  });
  const pipeline = await startPipeline(config, await loadRegistry(config.registry), log, { onFatal });
  log.info({ broker: pipeline.brokerUrl, dataDir: config.dataDir, store: config.store.kind }, 'ready');
  const status = setInterval(() => {
    const { frames, readings, events, refused } = pipeline.counters;
    log.info({ clients: pipeline.clients(), frames, readings, events, refused, holding: pipeline.holding() }, 'status');
  }, STATUS_EVERY_MS);
  const fatal = await Promise.race([stop.stopped, failed]);
  clearInterval(status);
  log.info('stopping');
  await pipeline.stop();
  stop.release();
  if (fatal) throw fatal;
  log.info('stopped; everything acknowledged is kept');
}
