import { parentPort } from 'node:worker_threads';
import { givenWorkerData } from '../lib/ts-worker.ts';
import { JournalLog, type RecordMeta } from './log.ts';

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
  | { readonly type: 'ready' | 'appended'; readonly offset: number; readonly bytes: number }
  | { readonly type: 'trimmed'; readonly bytes: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'closed' };

const port = parentPort!;
const { file, fsync, keepBytes, keepMs } = givenWorkerData<JournalWorkerData>();
const log = new JournalLog(file, fsync);
let newestArrivalMs = 0;
let projectedOffset = 0;

const answer = (message: FromJournal): void => port.postMessage(message);

port.on('message', (message: ToJournal) => {
  try {
    switch (message.type) {
      case 'append': {
        newestArrivalMs = message.meta.arrivedMs;
        answer({ type: 'appended', offset: log.append(message.meta, message.body), bytes: log.bytes });
        log.trim(projectedOffset, keepBytes, newestArrivalMs - keepMs);
        break;
      }
      case 'projected': {
        projectedOffset = message.offset;
        log.trim(projectedOffset, keepBytes, newestArrivalMs - keepMs);
        answer({ type: 'trimmed', bytes: log.bytes });
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

answer({ type: 'ready', offset: log.headOffset, bytes: log.bytes });
