import { type Alert, type AlertReason, noticeOf } from '../../contract/alert.ts';
import type { AssetKey } from '../../contract/words.ts';
import { breachesOf, fromAlertRow, readAlert, toAlertRow } from './alerts.ts';
import { canonicalJson } from './canonical-json.ts';
import type { LedgerDb } from './ledger.ts';
import { addNotice } from './notices.ts';

/** What is written with every change of an alert. */
export interface AlertStamp {
  /** The clock in force. */
  readonly asOfMs: number;
  /** Whether the outside is told: not of what a rebuild finds again. */
  readonly notify: boolean;
}

/** Writes an alert as it is now and its revision, and puts a notice of it in the spool. Run it inside a transaction. */
export async function reviseAlert(
  trx: LedgerDb,
  alert: Alert,
  reason: AlertReason,
  { asOfMs, notify }: AlertStamp,
): Promise<void> {
  const before = notify ? await readAlert(trx, alert.id) : undefined;
  const { id, ...content } = toAlertRow(alert);
  await trx
    .insertInto('alert')
    .values({ id, ...content })
    .onConflict((c) => c.column('id').doUpdateSet(content))
    .execute();
  const last = await trx
    .selectFrom('alert_revision')
    .select((eb) => eb.fn.max('revision').as('revision'))
    .where('alert_id', '=', id)
    .executeTakeFirst();
  const revision = Number(last?.revision ?? 0) + 1;
  await trx
    .insertInto('alert_revision')
    .values({ alert_id: id, revision, reason, as_of_ms: asOfMs, body: canonicalJson(alert) })
    .execute();
  if (!notify) return;
  const breaches = await breachesOf(trx, alert.breachIds);
  await addNotice(trx, noticeOf(reason, asOfMs, alert, before, breaches));
}

/** Whether an alert with this id lives, so that another needs an id of its own. */
export async function isTaken(trx: LedgerDb, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom('alert')
    .select('id')
    .where('id', '=', id)
    .where('withdrawn', '=', 0)
    .where('merged_into', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Escalates what has waited for an acknowledgement too long, once.
 * @param waitingSinceMs those that have waited since then or longer
 */
export async function escalateWaiting(trx: LedgerDb, waitingSinceMs: number, stamp: AlertStamp): Promise<AssetKey[]> {
  const rows = await trx
    .selectFrom('alert')
    .selectAll()
    .where('state', '=', 'ACTIVE')
    .where('waiting_ms', '<=', waitingSinceMs)
    .where('escalated_ms', 'is', null)
    .orderBy('waiting_ms')
    .orderBy('id')
    .execute();
  for (const row of rows) {
    await reviseAlert(trx, { ...fromAlertRow(row), escalatedMs: stamp.asOfMs }, 'escalated', stamp);
  }
  return rows.map(({ asset }) => asset);
}

/** Forgets every alert and its revisions, for a rebuild; acknowledgements and notices stay. */
export async function clearAlerts(trx: LedgerDb): Promise<void> {
  for (const table of ['alert', 'alert_revision'] as const) await trx.deleteFrom(table).execute();
}
