import type { BatchReport } from '../../contract/batch-report.ts';
import type { AssetKey } from '../../contract/words.ts';
import { chunks } from './chunks.ts';
import type { LedgerDb } from './ledger.ts';

/** A batch as it was judged; the state is plain JSON, and detection's own. */
export interface JudgedBatch {
  readonly batch: string;
  readonly judgedMs: number;
  readonly state: unknown;
  readonly report: BatchReport;
}

/** Replaces what is kept of the batches. */
export async function saveJudgedBatches(trx: LedgerDb, judged: readonly JudgedBatch[]): Promise<void> {
  for (const some of chunks(judged)) {
    const rows = some.map(({ batch, judgedMs, state, report }) => {
      return { batch, judged_ms: judgedMs, state: JSON.stringify(state), report: JSON.stringify(report) };
    });
    await trx
      .insertInto('batch_budget')
      .values(rows)
      .onConflict((c) =>
        c.column('batch').doUpdateSet((eb) => ({
          judged_ms: eb.ref('excluded.judged_ms'),
          state: eb.ref('excluded.state'),
          report: eb.ref('excluded.report'),
        })),
      )
      .execute();
  }
}

/** The states of batches, by batch; those that were never judged are left out. */
export async function loadBatchStates(db: LedgerDb, batches: readonly string[]): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const some of chunks(batches)) {
    const rows = await db.selectFrom('batch_budget').select(['batch', 'state']).where('batch', 'in', some).execute();
    for (const { batch, state } of rows) found.set(batch, JSON.parse(state));
  }
  return found;
}

/** What is known of batches over all their legs, by batch; those that were never judged are left out. */
export async function readBatchReports(db: LedgerDb, batches: readonly string[]): Promise<Map<string, BatchReport>> {
  const found = new Map<string, BatchReport>();
  for (const some of chunks(batches)) {
    const rows = await db.selectFrom('batch_budget').select(['batch', 'report']).where('batch', 'in', some).execute();
    for (const { batch, report } of rows) found.set(batch, JSON.parse(report));
  }
  return found;
}

/** Up to which instant batches were judged by what was read in each asset. */
export async function judgedInAssets(db: LedgerDb): Promise<Map<AssetKey, number>> {
  const rows = await db
    .selectFrom('batch_budget as j')
    .innerJoin('custody as c', 'c.batch', 'j.batch')
    .select((eb) => [
      'c.asset',
      eb.fn
        .max<number>(
          eb
            .case()
            .when('c.to_ms', '<', eb.ref('j.judged_ms'))
            .then(eb.ref('c.to_ms'))
            .else(eb.ref('j.judged_ms'))
            .end()
            .$castTo<number>(),
        )
        .as('judgedMs'),
    ])
    .groupBy('c.asset')
    .execute();
  return new Map(rows.map(({ asset, judgedMs }) => [asset, judgedMs]));
}

/** Of each asset, from which instant on some batch in it is not judged yet; those in which all are are left out. */
export async function unjudgedInAssets(db: LedgerDb): Promise<Map<AssetKey, number>> {
  const rows = await db
    .selectFrom('batch_budget as j')
    .innerJoin('custody as c', 'c.batch', 'j.batch')
    .select(['c.asset', 'c.from_ms', 'j.judged_ms'])
    .where((eb) => eb.or([eb('c.to_ms', 'is', null), eb('c.to_ms', '>', eb.ref('j.judged_ms'))]))
    .execute();
  const found = new Map<AssetKey, number>();
  for (const { asset, from_ms, judged_ms } of rows) {
    found.set(asset, Math.min(Math.max(from_ms, judged_ms), found.get(asset) ?? Number.POSITIVE_INFINITY));
  }
  return found;
}

/** Which batches were in the assets, each from an instant of its own on; ascending by asset. */
export async function batchesInAssets(
  db: LedgerDb,
  sinceMs: ReadonlyMap<AssetKey, number>,
): Promise<{ readonly asset: AssetKey; readonly batch: string }[]> {
  const found: { asset: AssetKey; batch: string }[] = [];
  for (const some of chunks([...sinceMs])) {
    const earliestMs = some.reduce((min, [, fromMs]) => Math.min(min, fromMs), Number.POSITIVE_INFINITY);
    const rows = await db
      .selectFrom('custody')
      .select(['asset', 'batch', 'to_ms'])
      .where(
        'asset',
        'in',
        some.map(([asset]) => asset),
      )
      .where((eb) => eb.or([eb('to_ms', 'is', null), eb('to_ms', '>', earliestMs)]))
      .orderBy('asset')
      .execute();
    for (const { asset, batch, to_ms } of rows) {
      if (to_ms === null || to_ms > sinceMs.get(asset)!) found.push({ asset, batch });
    }
  }
  return found;
}
