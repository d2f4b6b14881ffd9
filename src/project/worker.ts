import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { dataPaths } from '../data-dir.ts';
import { JournalReader } from '../journal/log.ts';
import { wallClock } from '../lib/clock.ts';
import { ColdtrailError, type ErrorCode } from '../lib/errors.ts';
import { givenWorkerData } from '../lib/ts-worker.ts';
import { openLedger } from '../store/ledger/ledger.ts';
import { openFrameStore } from '../stores.ts';
import { type CycleReport, Projector } from './projector.ts';

/** The projections' thread: journal → frame store, ledger, detection. Its half of the wiring in pipeline.ts. */

export interface ProjectWorkerData {
  readonly config: Config;
}

export type ToProject =
  /** The journal has grown. */
  | { readonly type: 'grown' }
  /** End: when the head is reached, or at once where `drain` is false. */
  | { readonly type: 'stop'; readonly drain: boolean };

export type FromProject =
  | { readonly type: 'ready'; readonly offset: number }
  | { readonly type: 'cycle'; readonly report: CycleReport }
  | { readonly type: 'failed'; readonly code: ErrorCode | null; readonly message: string; readonly hint: string | null }
  | { readonly type: 'away'; readonly message: string; readonly waitMs: number }
  | { readonly type: 'stopped' };

/** A cycle with fewer frames than this is followed by a pause in which more can gather. */
const FRAMES_WORTH_A_CYCLE = 5000;
const LINGER_MS = 50;

const port = parentPort!;
const answer = (message: FromProject): void => port.postMessage(message);

async function run(): Promise<void> {
  const { config } = givenWorkerData<ProjectWorkerData>();
  const paths = dataPaths(config.dataDir);
  const abort = new AbortController();
  let draining = false;
  let wake: () => void = () => {};
  let stop: () => void = () => {};
  const stopping = new Promise<void>((resolve) => {
    stop = resolve;
  });
  port.on('message', (message: ToProject) => {
    if (message.type === 'stop') {
      draining = true;
      stop();
      if (!message.drain) abort.abort();
    }
    wake();
  });

  const ledger = await openLedger(paths.ledger);
  const journal = new JournalReader(paths.journal);
  const frames = await openFrameStore(config, {
    onAway: (message, waitMs) => answer({ type: 'away', message, waitMs }),
  });
  try {
    const projector = await Projector.open(journal, frames, ledger, wallClock);
    answer({ type: 'ready', offset: projector.offset });
    while (!abort.signal.aborted) {
      const grown = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const report = await projector.cycle(abort.signal);
      if (!report) {
        if (draining) break;
        await grown;
        continue;
      }
      answer({ type: 'cycle', report });
      // Each cycle costs two fsyncs, which the journal's own have to wait for: small ones are put together.
      if (report.frames < FRAMES_WORTH_A_CYCLE && !draining) await Promise.race([stopping, sleep(LINGER_MS)]);
    }
  } catch (error) {
    // Told to stop while the store was away: the journal keeps what is left for the next start.
    if (!abort.signal.aborted) throw error;
  } finally {
    await frames.close();
    journal.close();
    await ledger.close();
  }
}

try {
  await run();
  answer({ type: 'stopped' });
} catch (error) {
  const known = error instanceof ColdtrailError ? error : undefined;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  answer({ type: 'failed', code: known?.code ?? null, message: known?.message ?? message, hint: known?.hint ?? null });
}
port.close();
