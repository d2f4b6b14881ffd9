import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { alertOptions, type Config } from '../config.ts';
import { dataPaths } from '../data-dir.ts';
import { JournalReader } from '../journal/log.ts';
import { wallClock } from '../lib/clock.ts';
import { collectNow } from '../lib/collect-now.ts';
import { ColdtrailError, type ErrorCode } from '../lib/errors.ts';
import { givenWorkerData } from '../lib/ts-worker.ts';
import { refuseBeyondRetention, rulesInForce } from '../rules-in-force.ts';
import type { FrameStore } from '../store/frames/store.ts';
import { openLedger } from '../store/ledger/ledger.ts';
import { openFrameStore } from '../stores.ts';
import { abortableReads } from './abortable-reads.ts';
import { type CycleReport, Projector } from './projector.ts';
import { standingOffset } from './standing.ts';

/** The projections' thread: journal → frame store, ledger, detection. Its half of the wiring in pipeline.ts. */

export interface ProjectWorkerData {
  readonly config: Config;
}

export type ToProject =
  /** The journal has grown. */
  | { readonly type: 'grown' }
  /** The simulation's clock has come so far; all that came in before that is in the journal. */
  | { readonly type: 'clock'; readonly timeMs: number }
  /** End: when the head is reached, or at once where `drain` is false. */
  | { readonly type: 'stop'; readonly drain: boolean };

export type FromProject =
  | { readonly type: 'ready'; readonly offset: number }
  | { readonly type: 'cycle'; readonly report: CycleReport }
  | { readonly type: 'failed'; readonly code: ErrorCode | null; readonly message: string; readonly hint: string | null }
  | { readonly type: 'away'; readonly message: string; readonly waitMs: number }
  | { readonly type: 'stopped' };

/** A cycle with fewer frames than this is followed by a pause in which more can gather. */
const FRAMES_WORTH_A_CYCLE = 20_000;
const LINGER_MS = 50;
/** After so many, more is on its way: a longer pause gathers cycles that write each device's state less often. */
const FRAMES_OF_A_BUSY_CYCLE = 500;
const BUSY_LINGER_MS = 500;
/** How often time is let pass while nothing comes in. */
const IDLE_MS = 30_000;
/** How long a store that could not be read is left alone. Writes wait inside the store. */
const REOPEN_MS = 1000;

const port = parentPort!;
const answer = (message: FromProject): void => port.postMessage(message);

/** @returns whether it was told to end before it had reached the journal's head */
async function run(): Promise<boolean> {
  const { config } = givenWorkerData<ProjectWorkerData>();
  const paths = dataPaths(config.dataDir);
  const abort = new AbortController();
  let wake: () => void = () => {};
  const stopping = new AbortController();
  let simulatedMs = 0;
  port.on('message', (message: ToProject) => {
    if (message.type === 'clock') simulatedMs = Math.max(simulatedMs, message.timeMs);
    if (message.type === 'stop') {
      stopping.abort();
      if (!message.drain) abort.abort();
    }
    wake();
  });

  const ledger = await openLedger(paths.ledger);
  const journal = new JournalReader(paths.journal);
  const rules = rulesInForce(config);
  let frames: FrameStore | undefined;
  const open = async () => {
    frames ??= abortableReads(
      await openFrameStore(config, { onAway: (message, waitMs) => answer({ type: 'away', message, waitMs }) }),
      abort.signal,
    );
    await refuseBeyondRetention(rules, frames);
    return Projector.open(journal, frames, ledger, wallClock, alertOptions(config), rules);
  };
  const nowMs = () => (config.clock === 'wall' ? wallClock.nowMs() : simulatedMs);
  const step = async (projector: Projector) =>
    (await projector.cycle(abort.signal)) ?? (await projector.passTime(nowMs(), abort.signal));
  try {
    const offset = await standingOffset(journal, ledger);
    const first = await open().catch(whenAway(abort.signal));
    // A store that is away delays its projection, never the acknowledgement: not at a start either.
    collectNow();
    answer({ type: 'ready', offset });
    let projector = first === 'away' ? await reopened(open, abort.signal) : first;
    while (!abort.signal.aborted) {
      const grown = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const report = await step(projector).catch(whenAway(abort.signal));
      if (report === 'away') {
        // What the broken cycle left in memory is given up: it is done again as after a crash.
        projector = await reopened(open, abort.signal);
        continue;
      }
      if (!report) {
        if (stopping.signal.aborted) break;
        const idle = setTimeout(wake, IDLE_MS);
        await grown;
        clearTimeout(idle);
        if (config.clock === 'wall') await projector.idle(wallClock.nowMs());
        continue;
      }
      answer({ type: 'cycle', report });
      // Each cycle costs two fsyncs, which the journal's own have to wait for: small ones are put together.
      if (report.frames < FRAMES_WORTH_A_CYCLE) {
        await pause(report.frames < FRAMES_OF_A_BUSY_CYCLE ? LINGER_MS : BUSY_LINGER_MS, stopping.signal);
      }
    }
  } catch (error) {
    // Told to stop while the store was away: the journal keeps what is left for the next start.
    if (!abort.signal.aborted) throw error;
  } finally {
    await frames?.close();
    journal.close();
    await ledger.close();
  }
  return abort.signal.aborted;
}

/** Ends early when told to stop. No race with a promise for the whole run: that would keep something of every pause. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** A read of a server that is away ends the cycle; anything else, as the signal itself, ends the thread. */
function whenAway(signal: AbortSignal): (error: unknown) => 'away' {
  return (error) => {
    if (signal.aborted || !(error instanceof ColdtrailError) || error.code !== 'STORE_UNREACHABLE') throw error;
    answer({ type: 'away', message: error.message, waitMs: REOPEN_MS });
    return 'away';
  };
}

async function reopened(open: () => Promise<Projector>, signal: AbortSignal): Promise<Projector> {
  for (;;) {
    await sleep(REOPEN_MS, undefined, { signal });
    const projector = await open().catch(whenAway(signal));
    if (projector !== 'away') return projector;
  }
}

try {
  const cutShort = await run();
  answer({ type: 'stopped' });
  // A request that the server never answers would hold the thread until its deadline.
  if (cutShort) process.exit();
} catch (error) {
  const known = error instanceof ColdtrailError ? error : undefined;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  answer({ type: 'failed', code: known?.code ?? null, message: known?.message ?? message, hint: known?.hint ?? null });
}
port.close();
