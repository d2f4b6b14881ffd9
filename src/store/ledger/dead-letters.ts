import type { Reason } from '../../contract/reason.ts';
import type { DeviceKey } from '../../contract/words.ts';
import { chunks } from './chunks.ts';
import type { LedgerDb } from './ledger.ts';

/** How much of a refused payload is kept. */
export const DEAD_LETTER_PAYLOAD_MAX = 4096;

/** Input that was refused, kept for people to look at. */
export interface DeadLetter {
  /** `{journal offset}:{index}`: the same refusal always gets the same id. */
  readonly id: string;
  readonly reason: Reason;
  readonly topic: string;
  /** The payload's first bytes, at most {@link DEAD_LETTER_PAYLOAD_MAX}. */
  readonly payload: Uint8Array;
  /** How long the whole payload was. */
  readonly payloadBytes: number;
  readonly arrivedMs: number;
  readonly device: DeviceKey | null;
  readonly detail: string | null;
}

/** Adds dead letters; one that is already there stays as it is. Longer payloads are cut. */
export async function insertDeadLetters(trx: LedgerDb, letters: readonly DeadLetter[]): Promise<void> {
  for (const some of chunks(letters)) {
    const rows = some.map((l) => ({
      id: l.id,
      reason: l.reason,
      topic: l.topic,
      payload: l.payload.subarray(0, DEAD_LETTER_PAYLOAD_MAX),
      payload_bytes: l.payloadBytes,
      arrived_ms: l.arrivedMs,
      device: l.device,
      detail: l.detail,
    }));
    await trx
      .insertInto('dead_letter')
      .values(rows)
      .onConflict((c) => c.column('id').doNothing())
      .execute();
  }
}

/** The newest dead letters, newest first. */
export async function listDeadLetters(
  db: LedgerDb,
  options: { readonly limit: number; readonly reason?: Reason },
): Promise<DeadLetter[]> {
  let query = db.selectFrom('dead_letter').selectAll().orderBy('arrived_ms', 'desc').orderBy('id', 'desc');
  if (options.reason) query = query.where('reason', '=', options.reason);
  const rows = await query.limit(options.limit).execute();
  return rows.map((r) => ({
    id: r.id,
    reason: r.reason as Reason,
    topic: r.topic,
    payload: r.payload,
    payloadBytes: r.payload_bytes,
    arrivedMs: r.arrived_ms,
    device: r.device,
    detail: r.detail,
  }));
}

/** Drops the oldest dead letters beyond so many: whoever floods us with rubbish shall not fill the disk with it. */
export async function pruneDeadLetters(trx: LedgerDb, keep: number): Promise<void> {
  const oldest = await trx
    .selectFrom('dead_letter')
    .select('arrived_ms')
    .orderBy('arrived_ms', 'desc')
    .offset(keep)
    .limit(1)
    .executeTakeFirst();
  if (oldest) await trx.deleteFrom('dead_letter').where('arrived_ms', '<=', oldest.arrived_ms).execute();
}

/** How many there are of each reason. */
export async function countDeadLettersByReason(db: LedgerDb): Promise<Map<Reason, number>> {
  const rows = await db
    .selectFrom('dead_letter')
    .select((eb) => ['reason', eb.fn.countAll<number>().as('count')])
    .groupBy('reason')
    .orderBy('reason')
    .execute();
  return new Map(rows.map((r) => [r.reason as Reason, Number(r.count)]));
}
