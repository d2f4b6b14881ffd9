import { setTimeout as sleep } from 'node:timers/promises';
import type { SpooledNotice } from '../store/ledger/notices.ts';
import { type Interest, orgsConcerned } from './interest.ts';

/** A way to tell the outside of alerts. */
export interface Notifier {
  /** Names its place in the spool: the same across restarts. */
  readonly name: string;
  /** What of the spool it is told. */
  readonly interest: Interest;
  /** The longest pause between two tries, ms. */
  readonly backOffMaxMs: number;
  /** Tells it. `refused`: the receiver will never take it. @throws where it may take it later */
  send(notice: SpooledNotice, signal: AbortSignal): Promise<'told' | 'refused'>;
}

/** A receiver that is away, with how long it asked to be left alone. */
export class ReceiverAway extends Error {
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs?: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

/** Where notices come from and where it is kept how far a notifier has come. */
export interface Spool {
  next(afterSeq: number, limit: number): Promise<readonly SpooledNotice[]>;
  setSeq(name: string, seq: number): Promise<void>;
  /** Resolves when there may be more. */
  grown(): Promise<void>;
}

export interface DeliveryEvents {
  readonly onAway: (name: string, message: string, waitMs: number) => void;
  readonly onRefused: (name: string, notice: SpooledNotice) => void;
  /** So many were dropped from the spool before this notifier got to them. */
  readonly onLost: (name: string, count: number) => void;
}

/** As many notices as are held in memory for one notifier. */
const NOTICES_AT_ONCE = 50;
const BACK_OFF_FIRST_MS = 1000;

/**
 * Tells a notifier everything in the spool, in order and one by one, until the signal is aborted. What is told and not
 * yet noted when the process ends is told again: at least once, and the receiver knows a repeat by its number.
 */
export async function deliver(
  notifier: Notifier,
  spool: Spool,
  fromSeq: number,
  events: DeliveryEvents,
  signal: AbortSignal,
): Promise<void> {
  let at = fromSeq;
  while (!signal.aborted) {
    const notices = await spool.next(at, NOTICES_AT_ONCE);
    if (notices.length === 0) {
      await spool.grown();
      continue;
    }
    for (const [i, notice] of notices.entries()) {
      if (notice.seq > at + 1 && at > 0) events.onLost(notifier.name, notice.seq - at - 1);
      if (orgsConcerned(notice.notice, notifier.interest).length === 0) {
        at = notice.seq;
        // Passed over again after a crash, it would be passed over again: one commit for many is enough.
        if (i === notices.length - 1) await spool.setSeq(notifier.name, at);
        continue;
      }
      const outcome = await sentInTheEnd(notifier, notice, events, signal);
      if (outcome === undefined) return;
      if (outcome === 'refused') events.onRefused(notifier.name, notice);
      at = notice.seq;
      await spool.setSeq(notifier.name, at);
    }
  }
}

/** Tries until it is told or refused; undefined where the signal came first. */
async function sentInTheEnd(
  notifier: Notifier,
  notice: SpooledNotice,
  { onAway }: DeliveryEvents,
  signal: AbortSignal,
): Promise<'told' | 'refused' | undefined> {
  const { backOffMaxMs } = notifier;
  for (let backOffMs = BACK_OFF_FIRST_MS; !signal.aborted; backOffMs = Math.min(backOffMs * 2, backOffMaxMs)) {
    try {
      return await notifier.send(notice, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      const asked = error instanceof ReceiverAway ? error.waitMs : undefined;
      const waitMs = Math.min(Math.max(asked ?? 0, backOffMs), backOffMaxMs);
      onAway(notifier.name, (error as Error).message, waitMs);
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}
