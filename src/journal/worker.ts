import { parentPort } from 'node:worker_threads';
import { collectNow } from '../lib/collect-now.ts';
import { givenWorkerData } from '../lib/ts-worker.ts';
import { JournalLog, type RecordMeta, TRIM_RECORDS_MAX } from './log.ts';

/** The journal's thread: commits what it is sent, in order, and answers each with its offset. */

export interface JournalWorkerData {
  readonly file: string;
  readonly fsync: boolean;
  readonly keepBytes: number;
  readonly keepMs: number;
}

export type ToJournal =
  | { readonly type: 'append'; readonly meta: RecordMeta; readonly body: Uint8Array<ArrayBuffer> }
  | { readonly type: 'projected'; readonly offset: number }
  | { readonly type: 'close' };

export type FromJournal =
  | { readonly type: 'ready' | 'appended'; readonly offset: number; readonly unprojectedBytes: number }
  | { readonly type: 'trimmed'; readonly unprojectedBytes: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'closed' };

const port = parentPort!;
const { file, fsync, keepBytes, keepMs } = givenWorkerData<JournalWorkerData>();
const log = new JournalLog(file, fsync);
let newestArrivalMs = 0;
let appendsSinceTrim = 0;

function trim(): void {
  appendsSinceTrim = 0;
  log.trim(keepBytes, newestArrivalMs - keepMs);
}

const answer = (message: FromJournal): void => port.postMessage(message);

port.on('message', (message: ToJournal) => {
  try {
    switch (message.type) {
      case 'append': {
        newestArrivalMs = message.meta.arrivedMs;
        const offset = log.append(message.meta, message.body);
        answer({ type: 'appended', offset, unprojectedBytes: log.unprojectedBytes });
        // A trim is a commit of its own: after every append it would cost one fsync more each time.
        if (++appendsSinceTrim >= TRIM_RECORDS_MAX) trim();
        break;
      }
      case 'projected': {
        log.projected(message.offset);
        trim();
        answer({ type: 'trimmed', unprojectedBytes: log.unprojectedBytes });
        break;
      }
      case 'close': {
        log.close();
        answer({ type: 'closed' });
        port.close();
        break;
      }
    }
  } catch (error) {
    // A commit that failed (disk full, I/O error) is never acknowledged; the owner stops the process.
    answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});

collectNow();
answer({ type: 'ready', offset: log.headOffset, unprojectedBytes: log.unprojectedBytes });
