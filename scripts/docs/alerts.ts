import { ALERT_REASONS, type Alert, type AlertNotice, type AlertReason, CALLING } from '../../src/contract/alert.ts';
import type { Breach } from '../../src/contract/breach.ts';
import { code, table } from './markdown.ts';

/** Type and meaning of a field. */
type Field = readonly [type: string, meaning: string];

const ALERT: Readonly<Record<keyof Alert, Field>> = {
  id: ['string', 'eight hexadecimal digits, from the first breach; another where that is taken: `-2`'],
  asset: ['string', '`{org}/{asset}`'],
  about: ['`cargo`, `instruments`', 'the climate and the fruit in it, or what measures them'],
  headline: ['string', 'one line in English: the likely cause, then what is gravest'],
  causeId: ['string or null', 'the breach that is the likely cause of the others'],
  orgs: ['strings', "who held a batch in the asset when the first breach began; else the asset's own org"],
  severity: ['`warning`, `alarm`, `critical`', 'of its worst breach, without escalation'],
  breachIds: ['strings', 'its breaches, by start'],
  startMs: ['number', 'when the first breach began, in event time'],
  raisedMs: ['number', 'when the first of them had lasted long enough to be raised, in event time'],
  endMs: ['number or null', 'when the last one ended, in event time; null while one is on'],
  state: ['`ACTIVE`, `CLEARED`', ''],
  acknowledged: ['`{by, note, atMs}` or null', 'who has taken it on; null again where a worse breach has joined since'],
  late: ['boolean', 'its first breach was found in data that came late'],
  withdrawn: ['boolean', 'later data proved all its breaches false'],
  mergedInto: ['string or null', 'the alert that goes on for this one; such alerts are not listed'],
  knownMs: ['number', 'when it became known, by the clock in force'],
  clearedMs: ['number or null', 'when its end became known, by the clock in force'],
  waitingMs: [
    'number or null',
    'since when it waits for somebody to take it on; later than now for one that calls nobody yet',
  ],
  escalatedMs: ['number or null', 'when it began to count one severity higher, since nobody had'],
};

const BREACH: Readonly<Record<keyof Breach, Field>> = {
  id: ['string', '`{device}:{channel}:{rule}:{startMs}`'],
  device: ['string', '`{org}/{device}`'],
  channel: ['string', 'such as `pulp-1`; `frames` for a device that gave none'],
  asset: ['string', '`{org}/{asset}`'],
  rule: ['string', "name of the profile's rule, such as `pulp-high`"],
  fold: ['string', 'what that rule does: one of `coldtrail ls rules`, such as `high`, or the rule of a batch'],
  profile: ['string', 'such as `prune`'],
  severity: ['`warning`, `alarm`, `critical`', ''],
  about: ['`cargo`, `sensor`, `device`', 'what the rule speaks of'],
  limit: ['number', 'the last normal value'],
  unit: ['string', 'of limit and peak, by RFC 8428 where it has one: `Cel`, `%RH`, `%EL`; also `K`, `K/h`, `min`'],
  startMs: ['number', 'the first frame beyond the limit'],
  raisedMs: ['number', 'when it had lasted long enough'],
  endMs: ['number or null', 'the first instant at which it no longer held'],
  endedBy: [
    'string or null',
    '`recovered`, `sensor-sick`, `custody-ended`, `placement-ended`; null too where nobody knows',
  ],
  cause: ['string or null', 'of a silence only: `battery`, `moving`, `never-heard`'],
  peak: ['number', 'the worst value'],
  peakMs: ['number', 'when that was first seen'],
};

const MESSAGE: Readonly<Record<keyof AlertNotice | 'key', Field>> = {
  key: ['string', 'the same for every try to tell this change, and for no other'],
  reason: ['string', 'why it is told: see above'],
  calls: ['boolean', 'true where somebody should look now; false for an update'],
  asOfMs: ['number', 'when it became known, by the clock in force'],
  severity: ['`warning`, `alarm`, `critical`', 'as people see it: one higher than `alert.severity` once escalated'],
  before: ['`{severity, orgs}` or null', 'as it was told last; null for the first time'],
  alert: ['object', 'as above'],
  breaches: ['objects', 'its breaches, by start'],
};

/** The tables of docs/alerts.md, by the name of their place in it. */
export function alertTables(): Readonly<Record<string, string>> {
  const reasons = Object.entries(ALERT_REASONS).map(([reason, meaning]) => [
    code(reason),
    CALLING.has(reason as AlertReason) ? 'calls' : 'update',
    meaning,
  ]);
  return {
    'alert-reasons': table(['Reason', 'Told as', 'Meaning'], reasons),
    'alert-fields': fields(ALERT),
    'breach-fields': fields(BREACH),
    'message-fields': fields(MESSAGE),
  };
}

function fields(of: Readonly<Record<string, Field>>): string {
  return table(
    ['Field', 'Type', 'Meaning'],
    Object.entries(of).map(([name, [type, meaning]]) => [code(name), type, meaning]),
  );
}
