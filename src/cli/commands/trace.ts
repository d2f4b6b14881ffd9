import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { loadConfig } from '../../config.ts';
import { openReadStores } from '../../stores.ts';
import { batchesInUnit } from '../../trace/find-unit.ts';
import { renderCsv } from '../../trace/render-csv.ts';
import { renderJson } from '../../trace/render-json.ts';
import { renderText } from '../../trace/render-text.ts';
import { traceBatch } from '../../trace/trace.ts';
import type { Trace } from '../../trace/trace-types.ts';
import { isBreached } from '../../trace/verdict.ts';
import { parseZone, ZONE_DEFAULT } from '../../trace/zone.ts';
import { stdoutColour } from '../colour.ts';

/** `coldtrail trace`: the history of one batch on stdout. Exits with 1 when asked to fail on a breach and there is one. */
export function traceCommand(): Command {
  const command = new Command('trace')
    .description('show who held a batch, what it went through, and who answers for it')
    .argument('<batch>', 'lot, LGTIN URI, or the unique end of one; or the SSCC of a unit, for the batches in it')
    .option('--whole-chain', 'follow the batches it was made from, back to the harvest')
    .addOption(new Option('--json', 'canonical JSON: epoch ms, °C').conflicts('csv'))
    .option('--csv', 'CSV, a row for each custody interval')
    .option('-c, --config <file>', 'configuration file')
    .option('--data <dir>', 'data directory')
    .option('--fail-on-breach', 'exit with 1 when a verdict is "breached"')
    .addOption(
      new Option('--zone <offset>', 'zone to show times in: ±HH:MM or Z')
        .argParser(zoneOf)
        .default(parseZone(ZONE_DEFAULT)!, ZONE_DEFAULT),
    )
    .action(async (batch, options) => {
      const config = await loadConfig({
        file: options.config,
        env: process.env,
        flags: { dataDir: options.data },
      });
      const stores = await openReadStores(config);
      try {
        const traces: Trace[] = [];
        for (const code of (await batchesInUnit(stores.ledger.db, batch)) ?? [batch]) {
          traces.push(await traceBatch(stores, code, { wholeChain: options.wholeChain ?? false }));
        }
        const text = { zoneMin: options.zone, colour: stdoutColour() };
        if (options.json) process.stdout.write(traces.map(renderJson).join(''));
        else if (options.csv) {
          process.stdout.write(traces.map((trace, i) => renderCsv(trace, options.zone, i === 0)).join(''));
        } else process.stdout.write(traces.map((trace) => renderText(trace, text)).join('\n'));
        if (options.failOnBreach && traces.some(isBreached)) process.exitCode = 1;
      } finally {
        await stores.close();
      }
    });
  return command as unknown as Command;
}

function zoneOf(text: string): number {
  const zoneMin = parseZone(text);
  if (zoneMin === undefined) throw new InvalidArgumentError('give ±HH:MM, at most 14:59, or Z.');
  return zoneMin;
}
