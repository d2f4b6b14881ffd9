import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameBatch } from '../../../contract/frame.ts';
import type { AppendResult } from '../store.ts';
import { backOffMs } from './back-off.ts';
import { FrameLines } from './line-protocol.ts';
import type { WriteLines, WriteOutcome } from './outcome.ts';
import { refusal, unreachable } from './query.ts';

/** Frames a request: some 0.5 MB of text, encoded in about 7 ms; twice as many are no faster and block for longer. */
const FRAMES_PER_REQUEST = 2_500;
/** One request is encoded while the server takes in the other: 1.6 times the rate of one at a time. */
const REQUESTS_IN_FLIGHT = 2;

export interface Commit {
  readonly url: string;
  readonly database: string;
  readonly write: WriteLines;
  /** Numbers in [0, 1): the jitter of the back-off. */
  readonly random: () => number;
  /** Told of every failed attempt and of the wait before the next. */
  readonly onAway: ((message: string, waitMs: number) => void) | undefined;
}

type Refused = { readonly index: number; readonly message: string }[];

/**
 * Writes every frame of a batch. Waits for a server that is away; halves a request that the server takes only in
 * part, until the offending frames stand alone.
 * @throws ColdtrailError STORE_UNREACHABLE when the signal aborts, STORE_REFUSED when whole requests are refused
 */
export async function commitFrames(commit: Commit, batch: FrameBatch, signal?: AbortSignal): Promise<AppendResult> {
  const lines = new FrameLines(batch);
  const refused: Refused = [];
  const requests = stretches(batch.size);
  const worker = async (): Promise<void> => {
    // An error ends the shared iterator (for-of calls its `return`), and with it the other worker.
    for (const indices of requests) await commitIndices(commit, lines, batch, indices, refused, signal);
  };
  const ends = await Promise.allSettled(Array.from({ length: REQUESTS_IN_FLIGHT }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return { refused: refused.sort((a, b) => a.index - b.index) };
}

function* stretches(size: number): Generator<Uint32Array> {
  for (let from = 0; from < size; from += FRAMES_PER_REQUEST) {
    const length = Math.min(FRAMES_PER_REQUEST, size - from);
    yield Uint32Array.from({ length }, (_, k) => from + k);
  }
}

async function commitIndices(
  commit: Commit,
  lines: FrameLines,
  batch: FrameBatch,
  indices: Uint32Array,
  refused: Refused,
  signal: AbortSignal | undefined,
): Promise<void> {
  const outcome = await writeLines(commit, lines.text(indices), signal);
  if (outcome.kind === 'written') return;
  const all = outcome.kind === 'points-refused' && outcome.dropped === indices.length;
  if (all || indices.length === 1) {
    for (const index of indices) refused.push({ index, message: outcome.message });
    return;
  }
  // A type conflict lies in one field of one shard: with layouts and times together it takes few halvings to find.
  if (outcome.kind === 'points-refused') indices.sort((a, b) => byLayoutAndTime(batch, a, b));
  const half = indices.length >>> 1;
  await commitIndices(commit, lines, batch, indices.subarray(0, half), refused, signal);
  await commitIndices(commit, lines, batch, indices.subarray(half), refused, signal);
}

const byLayoutAndTime = (batch: FrameBatch, a: number, b: number): number =>
  batch.layoutIx[a]! - batch.layoutIx[b]! || batch.timeMs[a]! - batch.timeMs[b]!;

type Answered = Extract<WriteOutcome, { kind: 'written' | 'points-refused' | 'too-large' }>;

/** One request, repeated with back-off while the server is away. Repeats are harmless: same identity, same data. */
export async function writeLines(commit: Commit, body: string, signal?: AbortSignal): Promise<Answered> {
  let reason = 'not tried';
  for (let attempt = 0; ; attempt++) {
    if (signal?.aborted) throw unreachable(commit.url, reason, signal.reason);
    const outcome = await untilAborted(commit.write(body), signal);
    if (outcome === 'aborted') continue;
    if (outcome.kind === 'request-refused') throw refusal(commit, outcome.message, outcome.status);
    if (outcome.kind !== 'away') return outcome;
    reason = outcome.message;
    const waitMs = Math.max(backOffMs(attempt, commit.random), outcome.retryAfterMs ?? 0);
    commit.onAway?.(reason, waitMs);
    // The signal ends the wait; the loop's head turns that into the error.
    await sleep(waitMs, undefined, signal && { signal }).catch(() => undefined);
  }
}

/** Settles with the work, or at once when the signal aborts; leaves no listener behind. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | 'aborted'> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve('aborted');
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
