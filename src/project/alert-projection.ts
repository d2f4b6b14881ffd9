import { type BreachChange, isTakenBack } from '../contract/breach.ts';
import type { AssetKey } from '../contract/words.ts';
import { voidAcknowledgements } from '../store/ledger/acknowledgements.ts';
import { escalateWaiting } from '../store/ledger/alert-writes.ts';
import { assetsWithBreaches } from '../store/ledger/alerts.ts';
import { writeBreachChanges } from '../store/ledger/breaches.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';
import { pruneNotices } from '../store/ledger/notices.ts';
import { getOffset, setOffset } from '../store/ledger/offsets.ts';
import type { AssetChange } from '../store/ledger/timelines.ts';
import { deriveAlerts, type Grouping } from './alerts.ts';

/** What becomes of breaches for people. */
export interface AlertOptions extends Grouping {
  /** Notices kept for notifiers that do not get them told. */
  readonly spoolMax: number;
  /** Whether there is a notifier at all. */
  readonly notify: boolean;
}

/** Under this name the ledger keeps that alerts were derived at all: not so where an older version wrote the breaches. */
const DERIVED = 'alerts-derived';
/** Up to where a rebuild goes over records whose alerts the outside was told of before. */
const TOLD_UNTIL = 'alerts-told-until';

/** What of a cycle alerts are made of. */
export interface AlertCycle {
  readonly breachChanges: readonly BreachChange[];
  readonly changedHolders: readonly AssetChange[];
  /** Where the projections stood before the cycle, and where they stand after it. */
  readonly fromOffset: number;
  readonly toOffset: number;
  /** The clock in force. */
  readonly clockMs: number;
}

/** Takes the breaches of a cycle into the ledger and derives the alerts from them, in the cycle's transaction. */
export async function projectAlerts(trx: LedgerDb, cycle: AlertCycle, options: AlertOptions): Promise<void> {
  const { breachChanges, clockMs } = cycle;
  const isRetold = cycle.toOffset <= ((await getOffset(trx, TOLD_UNTIL)) ?? 0);
  const stamp = { asOfMs: clockMs, notify: options.notify && !isRetold };
  await deriveAllOnce(trx, options, clockMs);
  const touched = await writeBreachChanges(trx, breachChanges, clockMs);
  const withdrawn = breachChanges.filter(({ change }) => isTakenBack(change)).map(({ breach }) => breach.id);
  await voidAcknowledgements(trx, withdrawn, cycle.fromOffset);
  const breached = await assetsWithBreaches(
    trx,
    cycle.changedHolders.map(({ asset }) => asset),
  );
  for (const { asset, fromMs } of cycle.changedHolders) {
    if (breached.has(asset)) touched.set(asset, Math.min(fromMs, touched.get(asset) ?? Number.POSITIVE_INFINITY));
  }
  await deriveAlerts(trx, touched, options, stamp);
  if (options.escalateAfterMs > 0) await escalateWaiting(trx, clockMs - options.escalateAfterMs, stamp);
}

/** The alerts of breaches that were there before alerts were; the outside is not told of them. */
async function deriveAllOnce(trx: LedgerDb, options: AlertOptions, asOfMs: number): Promise<void> {
  if ((await getOffset(trx, DERIVED)) !== null) return;
  const all = new Map<AssetKey, number>();
  for (const asset of await assetsWithBreaches(trx)) all.set(asset, 0);
  await deriveAlerts(trx, all, options, { asOfMs, notify: false });
  await setOffset(trx, DERIVED, 1);
}

/** Escalates what waits while nothing comes in. @returns how many */
export async function escalateIdle(trx: LedgerDb, options: AlertOptions, nowMs: number): Promise<number> {
  if (options.escalateAfterMs === 0) return 0;
  const stamp = { asOfMs: nowMs, notify: options.notify };
  return (await escalateWaiting(trx, nowMs - options.escalateAfterMs, stamp)).length;
}

/** A rebuild finds again what the outside was told of: not a word of it up to this record. */
export async function keepSilentUntil(trx: LedgerDb, headOffset: number): Promise<void> {
  await setOffset(trx, TOLD_UNTIL, headOffset);
}

/** Drops notices that are told, and those beyond the bound. */
export async function pruneSpool(trx: LedgerDb, { spoolMax }: AlertOptions): Promise<void> {
  await pruneNotices(trx, spoolMax);
}
