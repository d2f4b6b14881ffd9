import { createHash } from 'node:crypto';
import { type Patience, quietUntilMs } from '../alerts/coverage.ts';
import { groupBreaches, type HeldBreach } from '../alerts/group.ts';
import { type Alert, type AlertContent, type AlertReason, severityRank } from '../contract/alert.ts';
import type { AssetKey } from '../contract/words.ts';
import { acknowledgementOf } from '../store/ledger/acknowledgements.ts';
import { type AlertStamp, isTaken, reviseAlert } from '../store/ledger/alert-writes.ts';
import { alertsOfAsset, breachesToGroup, holdersOf } from '../store/ledger/alerts.ts';
import type { LedgerDb } from '../store/ledger/ledger.ts';

/** What becomes one alert, and when it waits for somebody. */
export interface Grouping extends Patience {
  /** Breaches of an asset with no more than this between them are one alert. */
  readonly groupGapMs: number;
}

/**
 * Derives the alerts of assets anew from an instant on. What they say is what grouping all breaches of the asset would
 * give; which alert goes on under which id, and its revisions, are history.
 * @param touched from which instant on breaches of each asset, or who held what is in it, changed
 */
export async function deriveAlerts(
  trx: LedgerDb,
  touched: ReadonlyMap<AssetKey, number>,
  grouping: Grouping,
  stamp: AlertStamp,
): Promise<void> {
  for (const [asset, fromMs] of [...touched].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await deriveAsset(trx, asset, fromMs, grouping, stamp);
  }
}

async function deriveAsset(
  trx: LedgerDb,
  asset: AssetKey,
  fromMs: number,
  { groupGapMs: gapMs, ...patience }: Grouping,
  stamp: AlertStamp,
): Promise<void> {
  // What ended longer ago than the gap cannot join with anything that changed.
  const endingFromMs = fromMs - gapMs;
  const before = await alertsOfAsset(trx, asset, endingFromMs);
  const breaches = await breachesToGroup(trx, asset, fromMs, before);
  if (before.length === 0 && breaches.length === 0) return;
  const held: HeldBreach[] = [];
  for (const { breach } of breaches) held.push({ breach, orgs: await holdersOf(trx, breach) });
  const groups = groupBreaches(held, gapMs);
  const byId = new Map(breaches.map(({ breach }) => [breach.id, breach]));
  const late = new Set(breaches.filter((b) => b.late).map((b) => b.breach.id));
  const heirs = takeOver(groups, before);
  const idOf = new Map<string, string>();
  const now: { alert: Alert; reason: AlertReason | null }[] = [];
  const given = new Set<string>();
  for (const group of groups) {
    const heir = heirs.get(group);
    const quietMs = quietUntilMs(group, groups, byId, patience);
    const next = heir
      ? await goneOn(trx, heir, group, quietMs, stamp)
      : await begun(trx, group, late, quietMs, stamp, given);
    now.push(next);
    given.add(next.alert.id);
    for (const breach of group.breachIds) idOf.set(breach, next.alert.id);
  }
  const goingOn = new Set([...heirs.values()].map(({ id }) => id));
  for (const alert of before.filter(({ id }) => !goingOn.has(id))) await end(trx, alert, idOf, stamp);
  for (const { alert, reason } of now) if (reason) await reviseAlert(trx, alert, reason, stamp);
}

/** Which alert goes on as which group: the first group that has its breaches, by the group's first breach that has one. */
function takeOver(groups: readonly AlertContent[], before: readonly Alert[]): Map<AlertContent, Alert> {
  const alertOf = new Map<string, Alert>();
  for (const alert of before) for (const id of alert.breachIds) alertOf.set(id, alert);
  const heirs = new Map<AlertContent, Alert>();
  const taken = new Set<Alert>();
  for (const group of groups) {
    const heir = group.breachIds.map((id) => alertOf.get(id)).find((alert) => alert && !taken.has(alert));
    if (!heir) continue;
    taken.add(heir);
    heirs.set(group, heir);
  }
  return heirs;
}

async function begun(
  trx: LedgerDb,
  content: AlertContent,
  lateBreaches: ReadonlySet<string>,
  quietMs: number | null,
  { asOfMs }: AlertStamp,
  given: ReadonlySet<string>,
): Promise<{ alert: Alert; reason: AlertReason }> {
  const late = content.breachIds.every((id) => lateBreaches.has(id));
  const acknowledged = await acknowledgementOf(trx, content);
  const alert: Alert = {
    ...content,
    id: await freeId(trx, content.breachIds[0]!, given),
    ...ending(content, asOfMs),
    acknowledged,
    late,
    withdrawn: false,
    mergedInto: null,
    knownMs: asOfMs,
    waitingMs: acknowledged ? null : Math.max(asOfMs, quietMs ?? asOfMs),
    escalatedMs: null,
  };
  return { alert, reason: late ? 'raised-late' : 'raised' };
}

async function goneOn(
  trx: LedgerDb,
  before: Alert,
  content: AlertContent,
  quietMs: number | null,
  { asOfMs }: AlertStamp,
): Promise<{ alert: Alert; reason: AlertReason | null }> {
  const reason = reasonOf(before, content);
  if (reason === null) return { alert: before, reason };
  const acknowledged = await acknowledgementOf(trx, content);
  // Whoever took it on took on less, or it comes back: the wait begins anew.
  const waitsAnew = before.acknowledged !== null || reason === 'worse' || reason === 'reopened';
  const sinceMs = waitsAnew ? asOfMs : (before.waitingMs ?? asOfMs);
  // What called somebody goes on waiting, whatever explains it now.
  const isQuiet = quietMs !== null && (waitsAnew || sinceMs > asOfMs);
  const alert: Alert = {
    ...before,
    ...content,
    ...(content.endMs === before.endMs ? {} : ending(content, before.clearedMs ?? asOfMs)),
    acknowledged,
    waitingMs: acknowledged ? null : isQuiet ? Math.max(asOfMs, quietMs) : Math.min(sinceMs, asOfMs),
    escalatedMs: reason === 'worse' ? null : before.escalatedMs,
  };
  return { alert, reason };
}

function reasonOf(before: Alert, now: AlertContent): AlertReason | null {
  if (severityRank(now.severity) > severityRank(before.severity)) return 'worse';
  if (before.endMs === null && now.endMs !== null) return 'cleared';
  if (before.endMs !== null && now.endMs === null) return 'reopened';
  const same =
    before.severity === now.severity &&
    before.headline === now.headline &&
    before.causeId === now.causeId &&
    before.startMs === now.startMs &&
    before.raisedMs === now.raisedMs &&
    before.endMs === now.endMs &&
    before.orgs.join() === now.orgs.join() &&
    before.breachIds.join() === now.breachIds.join();
  return same ? null : 'changed';
}

function ending({ endMs }: AlertContent, clearedMs: number): Pick<Alert, 'state' | 'clearedMs'> {
  return endMs === null ? { state: 'ACTIVE', clearedMs: null } : { state: 'CLEARED', clearedMs };
}

/** An alert that no group goes on for by itself: others have its breaches now, or it has none any longer. */
async function end(trx: LedgerDb, before: Alert, idOf: ReadonlyMap<string, string>, stamp: AlertStamp): Promise<void> {
  const mergedInto = before.breachIds.map((id) => idOf.get(id)).find((id) => id !== undefined) ?? null;
  const alert: Alert = {
    ...before,
    state: 'CLEARED',
    clearedMs: before.clearedMs ?? stamp.asOfMs,
    waitingMs: null,
    withdrawn: mergedInto === null,
    mergedInto,
  };
  await reviseAlert(trx, alert, mergedInto === null ? 'withdrawn' : 'merged', stamp);
}

/** Eight digits from the first breach: short enough to type, and mostly the same after a rebuild. */
async function freeId(trx: LedgerDb, firstBreachId: string, given: ReadonlySet<string>): Promise<string> {
  const digits = createHash('sha256').update(firstBreachId).digest('hex').slice(0, 8);
  for (let n = 1; ; n++) {
    const id = n === 1 ? digits : `${digits}-${n}`;
    if (!given.has(id) && !(await isTaken(trx, id))) return id;
  }
}
