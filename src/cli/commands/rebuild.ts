import { Command } from '@commander-js/extra-typings';
import { loadConfig } from '../../config.ts';
import { monotonicMs } from '../../lib/clock.ts';
import { rebuild } from '../../rebuild.ts';
import { PACKS_HELP, packsOf } from '../packs-option.ts';
import { StatusLine } from '../status-line.ts';
import { stopSignal } from '../stop-signal.ts';

/** `coldtrail rebuild`: frame store, custody, breaches and dead letters anew from the journal. */
export function rebuildCommand(): Command {
  const command = new Command('rebuild')
    .description('throw the projections away and make them anew from the journal (stop `serve` first)')
    .option('-c, --config <file>', 'configuration, YAML or JSON')
    .option('--data <dir>', 'data directory (dataDir)')
    .option('--packs <packs>', PACKS_HELP, packsOf)
    .action(async (options) => {
      const flags = { dataDir: options.data, 'rules.packs': options.packs };
      const config = await loadConfig({ file: options.config, env: process.env, flags });
      const stop = stopSignal();
      const line = new StatusLine(process.stderr);
      const startedMs = monotonicMs();
      const done = await rebuild(
        config,
        ({ offset, headOffset, frames }) => {
          const elapsedS = (monotonicMs() - startedMs) / 1000;
          const leftS = (elapsedS * (headOffset - offset)) / Math.max(1, offset);
          line.show(`record ${offset} of ${headOffset} · ${frames} frames · ${Math.ceil(leftS)} s left`);
        },
        stop.signal,
      );
      line.end();
      stop.release();
      const whole = done.offset >= done.headOffset;
      process.stdout.write(
        whole
          ? `rebuilt from ${done.headOffset} journal records: ${done.frames} frames\n`
          : `stopped at record ${done.offset} of ${done.headOffset}; \`coldtrail serve\` goes on from there\n`,
      );
    });
  return command as unknown as Command;
}
