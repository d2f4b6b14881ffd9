import { expect, test } from 'vitest';
import { deliver, type Notifier, ReceiverAway } from '../../src/alerts/notifier.ts';
import type { AlertNotice } from '../../src/contract/alert.ts';

test('no pause between tries is longer than the notifier bears, whatever the receiver asks for', async () => {
  const stop = new AbortController();
  const waits: number[] = [];
  let tries = 0;
  const notifier: Notifier = {
    name: 'mqtt',
    interest: { minSeverity: 'warning' },
    backOffMaxMs: 4,
    send: async () => {
      if (++tries === 4) return 'told';
      throw new ReceiverAway('the broker is away', 3_600_000);
    },
  };
  const notice = { severity: 'alarm', before: null, alert: { id: 'a', orgs: ['c'] } } as unknown as AlertNotice;
  const noted: number[] = [];
  const spool = {
    next: async (after: number) => (after < 1 ? [{ seq: 1, notice }] : []),
    setSeq: async (_: string, seq: number) => void noted.push(seq),
    grown: async () => stop.abort(),
  };
  const events = {
    onAway: (_: string, __: string, waitMs: number) => void waits.push(waitMs),
    onRefused: () => {},
    onLost: () => {},
  };
  await deliver(notifier, spool, 0, events, stop.signal);
  expect({ tries, waits, noted }).toEqual({ tries: 4, waits: [4, 4, 4], noted: [1] });
});
