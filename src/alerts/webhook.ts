import { createHmac } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Interest } from './interest.ts';
import { messageOf } from './message.ts';
import { type Notifier, ReceiverAway } from './notifier.ts';

export interface WebhookOptions {
  readonly url: string;
  readonly secret: string | undefined;
  readonly timeoutMs: number;
  readonly interest: Interest;
  readonly wall: Clock;
}

/** A server that has trouble is not to be pressed. */
const BACK_OFF_MAX_MS = 5 * 60_000;

/** Answers after which the same post may be taken later (RFC 9110 §15): the receiver is busy, or broken for now. */
const RETRIED_STATUS = new Set([408, 425, 429]);

/**
 * Posts each notice as JSON. `Idempotency-Key` is the same for every try of one notice, and never used for another;
 * `Coldtrail-Signature: t=SECONDS,v1=HEX` signs `{t}.{body}` with HMAC-SHA256, so that a receiver can refuse what is
 * not ours and what is old. Redirects are not followed: they would carry the alert to somebody else.
 */
export function webhook({ url, secret, timeoutMs, interest, wall }: WebhookOptions): Notifier {
  return {
    name: 'webhook',
    interest,
    backOffMaxMs: BACK_OFF_MAX_MS,
    send: async (spooled, signal) => {
      const message = messageOf(spooled);
      const body = JSON.stringify(message);
      const headers: Record<string, string> = {
        'Content-Type': 'application/json',
        'Idempotency-Key': message.key,
      };
      if (secret !== undefined) headers['Coldtrail-Signature'] = signature(secret, wall.nowMs(), body);
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      }).catch((cause: Error & { cause?: Error }) => {
        throw new ReceiverAway(`${hostOf(url)}: ${cause.cause?.message ?? cause.message}`);
      });
      await response.body?.cancel();
      if (response.ok) return 'told';
      const { status } = response;
      if (status < 500 && !RETRIED_STATUS.has(status)) return 'refused';
      throw new ReceiverAway(`${hostOf(url)} answered ${status}`, retryAfterMs(response.headers.get('retry-after')));
    },
  };
}

/** `t=SECONDS,v1=HEX` for a body sent at this time. */
export function signature(secret: string, nowMs: number, body: string): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Seconds alone (RFC 9110 §10.2.3); a date is left to our own back-off. */
function retryAfterMs(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
}

/** A webhook's path often is its secret. */
function hostOf(url: string): string {
  return new URL(url).host;
}
