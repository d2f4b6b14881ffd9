import { sql } from 'kysely';
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
  const living = () =>
    db
      .selectFrom('alert')
      .selectAll()
      .where('asset', '=', asset)
      .where('withdrawn', '=', 0)
      .where('merged_into', 'is', null);
  // Two ranges of one index: asked for as one condition, SQLite would read every alert the asset ever had.
  const rows = await living()
    .where('end_ms', 'is', null)
    .unionAll(living().where('end_ms', '>=', endingFromMs))
    .execute();
  return rows.map(fromAlertRow).sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
}

/**
 * The breaches that make up the alerts of an asset from an instant on: those of its living alerts given, and those of
 * none yet. Withdrawn ones are left out.
 * @param fromMs no breach of no alert began before it
 */
export async function breachesToGroup(
  db: LedgerDb,
  asset: AssetKey,
  fromMs: number,
  alerts: readonly Alert[],
): Promise<{ breach: Breach; late: boolean }[]> {
  const rows = await db
    .selectFrom('breach')
    .selectAll()
    .where('asset', '=', asset)
    .where('start_ms', '>=', fromMs)
    .where('withdrawn', '=', 0)
    .execute();
  const found = new Map(rows.map((row) => [row.id, row]));
  // By id, and not by asset: an asset's past grows for ever.
  for (const some of chunks(alerts.flatMap(({ breachIds }) => breachIds).filter((id) => !found.has(id)))) {
    const members = await db.selectFrom('breach').selectAll().where('id', 'in', some).execute();
    for (const row of members) if (row.asset === asset && row.withdrawn === 0) found.set(row.id, row);
  }
  return [...found.values()].map((row) => ({ breach: toBreach(row), late: row.late === 1 }));
}

/** Which of the assets have a breach at all; every one that has, where none are named. */
export async function assetsWithBreaches(db: LedgerDb, assets?: readonly AssetKey[]): Promise<Set<AssetKey>> {
  if (!assets) {
    const all = await db.selectFrom('breach').select('asset').distinct().execute();
    return new Set(all.map(({ asset }) => asset));
  }
  const found = new Set<AssetKey>();
  for (const some of chunks(assets)) {
    // One look into the index for each: how many breaches an asset has had makes no difference.
    const { rows } = await sql<{ asset: AssetKey }>`
      with asked(asset) as (values ${sql.join(some.map((asset) => sql`(${asset})`))})
      select asset from asked where exists (select 1 from breach where breach.asset = asked.asset)`.execute(db);
    for (const { asset } of rows) found.add(asset);
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

/** An alert from its row. */
export function fromAlertRow(row: LedgerTables['alert']): Alert {
  return {
    id: row.id,
    asset: row.asset,
    about: row.about,
    headline: row.headline,
    causeId: row.cause_id,
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
    about: alert.about,
    headline: alert.headline,
    cause_id: alert.causeId,
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
