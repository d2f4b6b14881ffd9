import { existsSync } from 'node:fs';
import { alertOptions, type Config } from './config.ts';
import { dataPaths, lockDataDir } from './data-dir.ts';
import { JournalReader } from './journal/log.ts';
import { wallClock } from './lib/clock.ts';
import { ColdtrailError } from './lib/errors.ts';
import { keepSilentUntil } from './project/alert-projection.ts';
import { Projector } from './project/projector.ts';
import { AS_OF, PROJECTION, standingOffset } from './project/standing.ts';
import { refuseBeyondRetention, rulesInForce } from './rules-in-force.ts';
import { clearProjections } from './store/ledger/clear.ts';
import { openLedger } from './store/ledger/ledger.ts';
import { getOffset, setOffset } from './store/ledger/offsets.ts';
import { openFrameStore } from './stores.ts';

export interface RebuildProgress {
  readonly offset: number;
  readonly headOffset: number;
  readonly frames: number;
}

/**
 * Throws every projection away and makes it anew from the journal.
 * @throws ColdtrailError NO_DATA without a journal; RULES_INVALID for rules that do not fit; JOURNAL_TRIMMED or JOURNAL_CORRUPT where it is not whole. Nothing is
 * changed then
 */
export async function rebuild(
  config: Config,
  onProgress: (progress: RebuildProgress) => void,
  signal: AbortSignal,
): Promise<RebuildProgress> {
  const paths = dataPaths(config.dataDir);
  const rules = rulesInForce(config);
  if (!existsSync(paths.journal)) {
    throw new ColdtrailError('NO_DATA', `${paths.dir} holds no journal`, {
      hint: 'Name the directory that `coldtrail serve` writes to with --data.',
    });
  }
  const unlock = lockDataDir(config.dataDir);
  try {
    const journal = new JournalReader(paths.journal);
    const ledger = await openLedger(paths.ledger);
    const frames = await openFrameStore(config);
    try {
      const { firstOffset, headOffset } = journal.state();
      if (firstOffset > 1) {
        throw new ColdtrailError(
          'JOURNAL_TRIMMED',
          `the journal in ${paths.dir} begins at record ${firstOffset}: what came before is only in the projections`,
          { hint: 'Nothing was changed. Raise journal.keepBytes and journal.keepMs to keep more of it in future.' },
        );
      }
      await refuseBeyondRetention(rules, frames);
      await standingOffset(journal, ledger);
      const asOfMs = (await getOffset(ledger.db, AS_OF)) ?? 0;
      // The ledger first: should this be interrupted, the next start goes on rebuilding from offset 0.
      await ledger.transact(async (trx) => {
        await clearProjections(trx, PROJECTION);
        await setOffset(trx, AS_OF, 0);
        await keepSilentUntil(trx, headOffset);
      });
      await frames.clear();
      const projector = await Projector.open(journal, frames, ledger, wallClock, alertOptions(config), rules);
      const progress = { offset: 0, headOffset, frames: 0 };
      while (!signal.aborted) {
        const report = await projector.cycle(signal);
        if (!report) break;
        progress.offset = report.offset;
        progress.frames += report.frames;
        onProgress(progress);
      }
      // What came to light by time alone does so again.
      if (!signal.aborted) await projector.passTime(asOfMs, signal);
      return progress;
    } finally {
      await frames.close();
      await ledger.close();
      journal.close();
    }
  } finally {
    unlock();
  }
}
