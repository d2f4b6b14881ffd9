import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { AlertNotice } from '../contract/alert.ts';
import { wallClock } from '../lib/clock.ts';
import { givenWorkerData } from '../lib/ts-worker.ts';
import { openLedger } from '../store/ledger/ledger.ts';
import { keepNotifiers, noticesAfter, notifierSeq, setNotifierSeq } from '../store/ledger/notices.ts';
import { type Interest, orgsConcerned } from './interest.ts';
import { type AlertMessage, messageOf } from './message.ts';
import { deliver, type Notifier, type Spool } from './notifier.ts';
import { type WebhookOptions, webhook } from './webhook.ts';

/** The notifiers' thread: spool → webhook, log, MQTT. The last two are the main thread's to do: it has log and broker. */

export interface NotifyWorkerData {
  readonly ledgerFile: string;
  /** Null where it is not to be told of anything; so for the others. */
  readonly log: Interest | null;
  readonly mqtt: Interest | null;
  readonly webhook: Omit<WebhookOptions, 'wall'> | null;
}

export type ToNotify =
  | { readonly type: 'grown' }
  | { readonly type: 'told'; readonly by: 'log' | 'mqtt'; readonly error: string | null }
  | { readonly type: 'stop' };

export type FromNotify =
  | { readonly type: 'ready' }
  | {
      readonly type: 'tell';
      readonly by: 'log' | 'mqtt';
      readonly message: AlertMessage;
      readonly orgs: readonly string[];
    }
  | { readonly type: 'warning'; readonly notifier: string; readonly message: string }
  | { readonly type: 'failed'; readonly message: string };

/** Another process may acknowledge an alert, of which nobody tells us. */
const LOOK_EVERY_MS = 2000;
/** A cycle of the projections may hold the ledger while it reads the frame store. */
const LEDGER_WAIT_MS = 60_000;

/** Whether our broker is back is known without asking it. */
const OWN_BACK_OFF_MAX_MS = 10_000;

const port = parentPort!;
const say = (message: FromNotify): void => port.postMessage(message);

/** What waits for the main thread's answer: a notifier tells one notice at a time. */
const waiting = new Map<'log' | 'mqtt', (error: string | null) => void>();

function byMainThread(by: 'log' | 'mqtt', interest: Interest): Notifier {
  return {
    name: by,
    interest,
    backOffMaxMs: OWN_BACK_OFF_MAX_MS,
    send: (spooled) =>
      new Promise((resolve, reject) => {
        waiting.set(by, (error) => (error === null ? resolve('told') : reject(new Error(error))));
        say({ type: 'tell', by, message: messageOf(spooled), orgs: orgsConcerned(spooled.notice, interest) });
      }),
  };
}

async function run(): Promise<void> {
  const data = givenWorkerData<NotifyWorkerData>();
  const stopping = new AbortController();
  let wake = new AbortController();
  port.on('message', (message: ToNotify) => {
    if (message.type === 'told') {
      waiting.get(message.by)?.(message.error);
      return;
    }
    if (message.type === 'stop') {
      stopping.abort();
      for (const answer of waiting.values()) answer('stopping');
    }
    const woken = wake;
    wake = new AbortController();
    woken.abort();
  });
  const { signal } = stopping;
  const notifiers: Notifier[] = [];
  if (data.log) notifiers.push(byMainThread('log', data.log));
  if (data.mqtt) notifiers.push(byMainThread('mqtt', data.mqtt));
  if (data.webhook) notifiers.push(webhook({ ...data.webhook, wall: wallClock }));
  const ledger = await openLedger(data.ledgerFile, { beside: true, busyTimeoutMs: LEDGER_WAIT_MS });
  const spool: Spool = {
    next: (afterSeq, limit) => noticesAfter(ledger.db, afterSeq, limit),
    setSeq: (name, seq) => ledger.transact((trx) => setNotifierSeq(trx, name, seq)),
    grown: () => sleep(LOOK_EVERY_MS, undefined, { signal: wake.signal }).catch(() => {}),
  };
  const events = {
    onAway: (notifier: string, message: string, waitMs: number) =>
      say({ type: 'warning', notifier, message: `${message}; again in ${waitMs} ms` }),
    onRefused: (notifier: string, { notice }: { notice: AlertNotice }) =>
      say({ type: 'warning', notifier, message: `the receiver refused alert ${notice.alert.id} (${notice.reason})` }),
    onLost: (notifier: string, count: number) =>
      say({ type: 'warning', notifier, message: `${count} changes were dropped: the spool was full` }),
  };
  try {
    const names = notifiers.map(({ name }) => name);
    const seqs = await ledger.transact(async (trx) => {
      await keepNotifiers(trx, names);
      const found: number[] = [];
      for (const name of names) found.push(await notifierSeq(trx, name));
      return found;
    });
    say({ type: 'ready' });
    await Promise.all(notifiers.map((notifier, i) => deliver(notifier, spool, seqs[i]!, events, signal)));
  } finally {
    await ledger.close();
  }
}

try {
  await run();
} catch (error) {
  say({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
port.close();
