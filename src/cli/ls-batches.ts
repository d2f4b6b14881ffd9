import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { loadConfig } from '../config.ts';
import { readBatchReports } from '../store/ledger/batch-budgets.ts';
import { newestBatches } from '../store/ledger/batches.ts';
import { canonicalJson } from '../store/ledger/canonical-json.ts';
import { custodyOfBatches } from '../store/ledger/holdings.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { openReadLedger } from '../stores.ts';
import { type ListedBatch, renderBatches } from '../trace/render-batches.ts';
import { parseZone, ZONE_DEFAULT } from '../trace/zone.ts';

const SHOWN_DEFAULT = 50;

/** `coldtrail ls batches`: the newest batches with where they are and what is left of them. */
export function lsBatchesCommand(): Command {
  const command = new Command('batches')
    .description('the newest batches, with what they have used of their budgets')
    .addOption(
      new Option('--limit <count>', 'as many').argParser(countOf).default(SHOWN_DEFAULT, String(SHOWN_DEFAULT)),
    )
    .option('--json', 'one JSON object a line')
    .option('-c, --config <file>', 'configuration file')
    .option('--data <dir>', 'data directory')
    .action(async (options, command) => {
      const config = await loadConfig({ file: options.config, env: process.env, flags: { dataDir: options.data } });
      const ledger = await openReadLedger(config);
      try {
        const batches = await listBatches(ledger.db, options.limit);
        // `ls` has the option too, and takes it.
        if ((command.optsWithGlobals() as { json?: true }).json)
          process.stdout.write(batches.map((batch) => `${canonicalJson(batch)}\n`).join(''));
        else process.stdout.write(renderBatches(batches, parseZone(ZONE_DEFAULT)!));
      } finally {
        await ledger.close();
      }
    });
  return command as unknown as Command;
}

async function listBatches(db: LedgerDb, limit: number): Promise<ListedBatch[]> {
  const batches = await newestBatches(db, limit);
  const ids = batches.map(({ id }) => id);
  const reports = await readBatchReports(db, ids);
  const last = new Map((await custodyOfBatches(db, ids)).map((custody) => [custody.batch, custody]));
  return batches.map(({ id, lot, produce, quantityKg, commissionedMs }) => {
    return {
      id,
      lot,
      produce,
      quantityKg,
      commissionedMs,
      last: last.get(id) ?? null,
      budgets: reports.get(id) ?? null,
    };
  });
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('give a whole number from 1 on.');
  return count;
}
