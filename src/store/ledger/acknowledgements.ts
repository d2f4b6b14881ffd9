import { type Acknowledgement, type Alert, type AlertContent, severityRank } from '../../contract/alert.ts';
import { reviseAlert } from './alert-writes.ts';
import { breachesOf, readAlert } from './alerts.ts';
import { chunks } from './chunks.ts';
import type { LedgerDb } from './ledger.ts';

/**
 * Acknowledges an alert: its breaches as they are now. Works beside the process that takes the journal in. Run it inside
 * a transaction.
 * @param journalOffset how far the projections have come
 * @returns the alert as it is now; undefined where there is none with this id
 */
export async function acknowledge(
  trx: LedgerDb,
  alertId: string,
  word: Acknowledgement,
  { journalOffset, notify }: { readonly journalOffset: number; readonly notify: boolean },
): Promise<Alert | undefined> {
  const alert = await readAlert(trx, alertId);
  if (!alert) return undefined;
  const rows = (await breachesOf(trx, alert.breachIds)).map((breach) => ({
    breach_id: breach.id,
    severity: breach.severity,
    by_name: word.by,
    note: word.note,
    at_ms: word.atMs,
    journal_offset: journalOffset,
    void: 0 as const,
  }));
  for (const some of chunks(rows)) await trx.insertInto('acknowledgement').values(some).execute();
  const acknowledged: Alert = { ...alert, acknowledged: word, waitingMs: null };
  await reviseAlert(trx, acknowledged, 'acknowledged', { asOfMs: word.atMs, notify });
  return acknowledged;
}

/**
 * The newest acknowledgement of an alert with this content, made before or after a rebuild. One that saw only breaches
 * of a lower severity than the alert has now does not count: what became worse is news.
 */
export async function acknowledgementOf(
  db: LedgerDb,
  { breachIds, severity }: Pick<AlertContent, 'breachIds' | 'severity'>,
): Promise<Acknowledgement | null> {
  let newest: Acknowledgement | null = null;
  for (const some of chunks(breachIds)) {
    const rows = await db
      .selectFrom('acknowledgement')
      .selectAll()
      .where('breach_id', 'in', some)
      .where('void', '=', 0)
      .execute();
    for (const row of rows) {
      if (severityRank(row.severity) < severityRank(severity) || row.at_ms <= (newest?.atMs ?? -1)) continue;
      newest = { by: row.by_name, note: row.note, atMs: row.at_ms };
    }
  }
  return newest;
}

/**
 * What people acknowledged was taken back since: raised again, it is news. Kept as void, so that a rebuild, in which a
 * breach may be withdrawn and raised again too, comes to the same.
 * @param beforeOffset only those made when the projections stood here or earlier
 */
export async function voidAcknowledgements(
  trx: LedgerDb,
  breachIds: readonly string[],
  beforeOffset: number,
): Promise<void> {
  for (const some of chunks(breachIds)) {
    await trx
      .updateTable('acknowledgement')
      .set({ void: 1 })
      .where('breach_id', 'in', some)
      .where('journal_offset', '<=', beforeOffset)
      .execute();
  }
}
