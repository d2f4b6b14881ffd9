import type { Alert, AlertState } from '../../contract/alert.ts';
import { shownSeverity } from '../../contract/alert.ts';
import { BATCH_CHANNEL } from '../../contract/batch-report.ts';
import type { Breach, Severity } from '../../contract/breach.ts';
import type { AssetKey } from '../../contract/words.ts';
import { inBreachOrder, toBreach } from './breaches.ts';
import { chunks } from './chunks.ts';
import type { LedgerDb } from './ledger.ts';
import type { LedgerTables } from './schema.ts';

/** Which alerts to list. */
export interface AlertFilter {
  readonly state?: AlertState;
  /** As people see it: escalation counted in. */
  readonly severity?: Severity;
  readonly unacknowledged?: boolean;
}

/** Alerts ascending by (start, id); withdrawn ones too, those that others go on for not. */
export async function listAlerts(db: LedgerDb, filter: AlertFilter = {}): Promise<Alert[]> {
  let query = db.selectFrom('alert').selectAll().where('merged_into', 'is', null);
  if (filter.state) query = query.where('state', '=', filter.state);
  if (filter.unacknowledged) query = query.where('ack_by', 'is', null);
  const found = (await query.orderBy('start_ms').orderBy('id').execute()).map(fromAlertRow);
  return filter.severity ? found.filter((alert) => shownSeverity(alert) === filter.severity) : found;
}

export async function readAlert(db: LedgerDb, id: string): Promise<Alert | undefined> {
  const row = await db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromAlertRow(row);
}

/** How many alerts are active now. */
export async function countOpenAlerts(db: LedgerDb): Promise<number> {
  const row = await db
    .selectFrom('alert')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('state', '=', 'ACTIVE')
    .executeTakeFirstOrThrow();
  return row.n;
}

/** The breaches with these ids, withdrawn ones too, by (start, id). */
export async function breachesOf(db: LedgerDb, ids: readonly string[]): Promise<Breach[]> {
  const found: Breach[] = [];
  for (const some of chunks(ids)) {
    const rows = await db.selectFrom('breach').selectAll().where('id', 'in', some).execute();
    found.push(...rows.map(toBreach));
  }
  return found.sort(inBreachOrder);
}

/** One step in the life of an alert. */
export interface AlertRevision {
  readonly revision: number;
  readonly reason: string;
  readonly asOfMs: number;
}

export async function revisionsOf(db: LedgerDb, alertId: string): Promise<AlertRevision[]> {
  const rows = await db
    .selectFrom('alert_revision')
    .select(['revision', 'reason', 'as_of_ms'])
    .where('alert_id', '=', alertId)
    .orderBy('revision')
    .execute();
  return rows.map((row) => ({ revision: row.revision, reason: row.reason, asOfMs: row.as_of_ms }));
}

/** The living alerts of an asset that end at an instant or later, or not yet; by (start, id). */
export async function alertsOfAsset(db: LedgerDb, asset: AssetKey, endingFromMs: number): Promise<Alert[]> {
  const rows = await livingOf(db, asset, endingFromMs).selectAll().orderBy('start_ms').orderBy('id').execute();
  return rows.map(fromAlertRow);
}

/**
 * The breaches that make up the alerts of an asset from an instant on: those of {@link alertsOfAsset}, and those of none
 * yet. Withdrawn ones are left out.
 * @param fromMs no breach of no alert began before it
 */
export async function breachesToGroup(
  db: LedgerDb,
  asset: AssetKey,
  fromMs: number,
  endingFromMs: number,
): Promise<{ breach: Breach; late: boolean }[]> {
  const rows = await db
    .selectFrom('breach as b')
    .leftJoin('alert_member as m', 'm.breach_id', 'b.id')
    .leftJoin('alert as a', (join) => join.onRef('a.id', '=', 'm.alert_id').onRef('a.asset', '=', 'b.asset'))
    .selectAll('b')
    .where('b.asset', '=', asset)
    .where('b.withdrawn', '=', 0)
    .where((eb) =>
      eb.or([
        eb('a.id', 'in', livingOf(db, asset, endingFromMs).select('id')),
        eb.and([eb('a.id', 'is', null), eb('b.start_ms', '>=', fromMs)]),
      ]),
    )
    .execute();
  return rows.map((row) => ({ breach: toBreach(row), late: row.late === 1 }));
}

/** Which of the assets have a breach at all. */
export async function assetsWithBreaches(db: LedgerDb, assets?: readonly AssetKey[]): Promise<Set<AssetKey>> {
  const found = new Set<AssetKey>();
  const all = db.selectFrom('breach').select('asset').distinct();
  if (!assets) return new Set((await all.execute()).map(({ asset }) => asset));
  for (const some of chunks(assets)) {
    for (const { asset } of await all.where('asset', 'in', some).execute()) found.add(asset);
  }
  return found;
}

/**
 * The orgs that held a batch in the asset as the breach began, sorted; the asset's own org where none did. Of a batch's
 * own breach: who held that batch.
 */
export async function holdersOf(db: LedgerDb, { asset, startMs, channel, device }: Breach): Promise<string[]> {
  let query = db
    .selectFrom('custody')
    .select('org')
    .distinct()
    .where('asset', '=', asset)
    .where('from_ms', '<=', startMs)
    .where((eb) => eb.or([eb('to_ms', 'is', null), eb('to_ms', '>', startMs)]));
  if (channel === BATCH_CHANNEL) query = query.where('batch', '=', device);
  const rows = await query.execute();
  return rows.length > 0 ? rows.map(({ org }) => org).sort() : [asset.slice(0, asset.indexOf('/'))];
}

function livingOf(db: LedgerDb, asset: AssetKey, endingFromMs: number) {
  return db
    .selectFrom('alert')
    .where('asset', '=', asset)
    .where('withdrawn', '=', 0)
    .where('merged_into', 'is', null)
    .where((eb) => eb.or([eb('end_ms', 'is', null), eb('end_ms', '>=', endingFromMs)]));
}

/** An alert from its row. */
export function fromAlertRow(row: LedgerTables['alert']): Alert {
  return {
    id: row.id,
    asset: row.asset,
    orgs: JSON.parse(row.orgs),
    severity: row.severity,
    breachIds: JSON.parse(row.breach_ids),
    startMs: row.start_ms,
    raisedMs: row.raised_ms,
    endMs: row.end_ms,
    state: row.state,
    acknowledged: row.ack_by === null ? null : { by: row.ack_by, note: row.ack_note!, atMs: row.ack_ms! },
    late: row.late === 1,
    withdrawn: row.withdrawn === 1,
    mergedInto: row.merged_into,
    knownMs: row.known_ms,
    clearedMs: row.cleared_ms,
    waitingMs: row.waiting_ms,
    escalatedMs: row.escalated_ms,
  };
}

export function toAlertRow(alert: Alert): LedgerTables['alert'] {
  return {
    id: alert.id,
    asset: alert.asset,
    orgs: JSON.stringify(alert.orgs),
    severity: alert.severity,
    breach_ids: JSON.stringify(alert.breachIds),
    start_ms: alert.startMs,
    raised_ms: alert.raisedMs,
    end_ms: alert.endMs,
    state: alert.state,
    ack_by: alert.acknowledged?.by ?? null,
    ack_note: alert.acknowledged?.note ?? null,
    ack_ms: alert.acknowledged?.atMs ?? null,
    late: alert.late ? 1 : 0,
    withdrawn: alert.withdrawn ? 1 : 0,
    merged_into: alert.mergedInto,
    known_ms: alert.knownMs,
    cleared_ms: alert.clearedMs,
    waiting_ms: alert.waitingMs,
    escalated_ms: alert.escalatedMs,
  };
}
