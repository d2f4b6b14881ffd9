import {
  type Breach,
  type BreachChange,
  type BreachEnd,
  type BreachReason,
  isTakenBack,
} from '../../contract/breach.ts';
import type { AssetKey, DeviceKey } from '../../contract/words.ts';
import { canonicalJson } from './canonical-json.ts';
import type { LedgerDb } from './ledger.ts';

/**
 * Writes what detection found: the breach as it is now and a revision of it. A change that brings nothing new is left
 * out, so a repeated cycle writes nothing; a peak that moves is kept without a revision. Run it inside a transaction.
 * @param asOfMs the clock in force, for the revision
 * @returns from which instant on the alerts of each asset have to be derived anew
 */
export async function writeBreachChanges(
  trx: LedgerDb,
  changes: readonly BreachChange[],
  asOfMs: number,
): Promise<Map<AssetKey, number>> {
  const touched = new Map<AssetKey, number>();
  for (const { change, breach } of changes) {
    const before = await trx.selectFrom('breach').selectAll().where('id', '=', breach.id).executeTakeFirst();
    const row = {
      ...toRow(breach),
      withdrawn: isTakenBack(change) ? (1 as const) : (0 as const),
      late: change === 'raised-late' ? (1 as const) : (before?.late ?? (0 as const)),
    };
    if (before && canonicalJson(before) === canonicalJson(row)) continue;
    const { id, ...content } = row;
    await trx
      .insertInto('breach')
      .values(row)
      .onConflict((c) => c.column('id').doUpdateSet(content))
      .execute();
    // A breach that goes on and gets worse is no news for people: its peak moves with every cycle.
    if (before && before.end_ms === null && onlyPeakMoved(before, row)) continue;
    await appendRevision(trx, change, breach, asOfMs);
    for (const asset of new Set([breach.asset, before?.asset ?? breach.asset])) {
      touched.set(asset, Math.min(breach.startMs, touched.get(asset) ?? Number.POSITIVE_INFINITY));
    }
  }
  return touched;
}

function onlyPeakMoved(before: object, now: { readonly peak_value: number; readonly peak_ms: number }): boolean {
  return canonicalJson({ ...before, peak_value: now.peak_value, peak_ms: now.peak_ms }) === canonicalJson(now);
}

async function appendRevision(trx: LedgerDb, change: BreachReason, breach: Breach, asOfMs: number): Promise<void> {
  const last = await trx
    .selectFrom('breach_revision')
    .select('revision')
    .where('breach_id', '=', breach.id)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
  await trx
    .insertInto('breach_revision')
    .values({
      breach_id: breach.id,
      revision: (last?.revision ?? 0) + 1,
      change,
      as_of_ms: asOfMs,
      body: canonicalJson(breach),
    })
    .execute();
}

/** Which breaches to list; a breach is in an interval when it overlaps it. Ends may be ±Infinity. */
export interface BreachFilter {
  readonly devices?: readonly DeviceKey[];
  readonly assets?: readonly AssetKey[];
  readonly interval?: { readonly fromMs: number; readonly toMs: number };
  readonly includeWithdrawn?: boolean;
}

/** Breaches ascending by (start, id). */
export async function listBreaches(db: LedgerDb, filter: BreachFilter = {}): Promise<Breach[]> {
  let query = db.selectFrom('breach').selectAll();
  if (!filter.includeWithdrawn) query = query.where('withdrawn', '=', 0);
  if (filter.devices) query = query.where('device', 'in', filter.devices);
  if (filter.assets) query = query.where('asset', 'in', filter.assets);
  const { fromMs, toMs } = filter.interval ?? { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  if (Number.isFinite(toMs)) query = query.where('start_ms', '<', toMs);
  if (Number.isFinite(fromMs)) {
    query = query.where((eb) => eb.or([eb('end_ms', 'is', null), eb('end_ms', '>', fromMs)]));
  }
  return (await query.execute()).map(toBreach).sort(inBreachOrder);
}

/** Forgets every breach and revision: the first step of a rebuild. */
export async function clearBreaches(trx: LedgerDb): Promise<void> {
  for (const table of ['breach_revision', 'breach'] as const) await trx.deleteFrom(table).execute();
}

/** By start and id. */
export function inBreachOrder(a: Breach, b: Breach): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function toRow(breach: Breach) {
  return {
    id: breach.id,
    device: breach.device,
    channel: breach.channel,
    asset: breach.asset,
    rule: breach.rule,
    fold: breach.fold,
    profile: breach.profile,
    severity: breach.severity,
    about: breach.about,
    limit_value: breach.limit,
    unit: breach.unit,
    start_ms: breach.startMs,
    raised_ms: breach.raisedMs,
    end_ms: breach.endMs,
    ended_by: breach.endedBy,
    cause: breach.cause,
    peak_value: breach.peak,
    peak_ms: breach.peakMs,
  };
}

/** A breach from its row. */
export function toBreach(
  row: Omit<ReturnType<typeof toRow>, 'ended_by'> & { readonly ended_by: string | null },
): Breach {
  return {
    id: row.id,
    device: row.device,
    channel: row.channel,
    asset: row.asset,
    rule: row.rule,
    fold: row.fold,
    profile: row.profile,
    severity: row.severity,
    about: row.about,
    limit: row.limit_value,
    unit: row.unit,
    startMs: row.start_ms,
    raisedMs: row.raised_ms,
    endMs: row.end_ms,
    endedBy: row.ended_by as BreachEnd | null,
    cause: row.cause,
    peak: row.peak_value,
    peakMs: row.peak_ms,
  };
}
