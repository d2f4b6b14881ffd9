import type { Generated } from 'kysely';
import type { AlertReason, AlertState, AlertSubject } from '../../contract/alert.ts';
import type { BreachReason, BreachSubject, Severity, SilenceCause } from '../../contract/breach.ts';
import type { AssetKind } from '../../contract/words.ts';

/**
 * The ledger's tables, as kysely sees them. Times are epoch ms, flags 0 or 1, documents JSON text: types that SQLite
 * and PostgreSQL both have. migrations/ makes these tables; a column changes only by a new migration.
 */
export interface LedgerTables {
  org: OrgRow;
  asset: AssetRow;
  device: DeviceRow;
  device_channel: DeviceChannelRow;
  client: ClientRow;
  product: ProductRow;
  placement: PlacementRow;
  batch: BatchRow;
  event: EventRow;
  event_subject: EventSubjectRow;
  custody: CustodyRow;
  genealogy: GenealogyRow;
  unit_content: UnitContentRow;
  batch_budget: BatchBudgetRow;
  breach: BreachRow;
  breach_revision: BreachRevisionRow;
  alert: AlertRow;
  alert_revision: AlertRevisionRow;
  acknowledgement: AcknowledgementRow;
  notice: NoticeRow;
  notifier: NotifierRow;
  dead_letter: DeadLetterRow;
  projection: ProjectionRow;
  detect_state: DetectStateRow;
  detect_checkpoint: DetectStateRow;
}

type Flag = 0 | 1;

interface OrgRow {
  id: string;
  name: string;
  role: string | null;
}

interface AssetRow {
  key: string;
  org: string;
  kind: AssetKind;
  name: string;
  lat: number | null;
  lon: number | null;
}

interface DeviceRow {
  key: string;
  org: string;
  secret_hash: string | null;
}

/** The channels a device has ever reported: so that a reader asks the frame store for those and no others. */
interface DeviceChannelRow {
  device: string;
  channel: string;
}

interface ClientRow {
  name: string;
  secret_hash: string;
  /** JSON array of MQTT topic filters. */
  publish: string;
  subscribe: string;
}

interface ProductRow {
  company_prefix: string;
  item_ref: string;
  produce: string;
}

interface PlacementRow {
  device: string;
  asset: string;
  from_ms: number;
  to_ms: number | null;
}

interface BatchRow {
  /** LGTIN class URI. */
  id: string;
  company_prefix: string;
  item_ref: string;
  lot: string;
  /** What its own events say it is; null leaves it to `product`. */
  produce: string | null;
  quantity_kg: number | null;
  commissioned_ms: number | null;
}

interface EventRow {
  id: string;
  time_ms: number;
  type: string;
  /** Canonical JSON. */
  body: string;
  journal_offset: number;
}

/** Which batches, units and devices an event speaks of. */
interface EventSubjectRow {
  subject: string;
  event_id: string;
}

interface CustodyRow {
  batch: string;
  org: string;
  asset: string;
  from_ms: number;
  to_ms: number | null;
  /** The event that opened it. */
  event_id: string;
}

/** A batch's part in a transformation: every input is a parent of every output. */
interface GenealogyRow {
  event_id: string;
  role: 'input' | 'output';
  batch: string;
  quantity_kg: number | null;
  time_ms: number;
  /** The event's transformationID. */
  transformation: string | null;
  /** Of an input: where it was, who held it and what it was as it went in. */
  asset: string | null;
  org: string | null;
  produce: string | null;
}

interface UnitContentRow {
  /** 18 digits of the SSCC. */
  unit: string;
  /** LGTIN class URI, or the 18 digits of a smaller unit. */
  child: string;
  quantity_kg: number | null;
  from_ms: number;
  to_ms: number | null;
  /** The event that opened it. */
  event_id: string;
}

/** A batch as it was judged last. */
interface BatchBudgetRow {
  batch: string;
  /** What was read before it is in the state. */
  judged_ms: number;
  /** JSON, detection's own. */
  state: string;
  /** JSON of a BatchReport. */
  report: string;
}

interface BreachRow {
  id: string;
  device: string;
  channel: string;
  asset: string;
  rule: string;
  /** '' of a rule that shipped with an older version and is not known any longer. */
  fold: string;
  profile: string;
  severity: Severity;
  about: BreachSubject;
  limit_value: number;
  unit: string;
  start_ms: number;
  raised_ms: number;
  end_ms: number | null;
  ended_by: string | null;
  cause: SilenceCause | null;
  peak_value: number;
  peak_ms: number;
  withdrawn: Flag;
  /** Found in data that came after the frames that follow it. */
  late: Flag;
}

interface BreachRevisionRow {
  breach_id: string;
  /** 1, 2, 3 … */
  revision: number;
  change: BreachReason;
  /** The clock in force when the revision was made. */
  as_of_ms: number;
  body: string;
}

interface AlertRow {
  id: string;
  asset: string;
  about: AlertSubject;
  headline: string;
  /** The id of a breach. */
  cause_id: string | null;
  /** JSON array. */
  orgs: string;
  severity: Severity;
  state: AlertState;
  /** Event times. */
  start_ms: number;
  raised_ms: number;
  end_ms: number | null;
  late: Flag;
  withdrawn: Flag;
  merged_into: string | null;
  /** By the clock in force, as are those below. */
  known_ms: number;
  cleared_ms: number | null;
  waiting_ms: number | null;
  escalated_ms: number | null;
  ack_by: string | null;
  ack_note: string | null;
  ack_ms: number | null;
  /** JSON array; of a withdrawn or merged alert those it had last. */
  breach_ids: string;
}

interface AlertRevisionRow {
  alert_id: string;
  /** 1, 2, 3 … */
  revision: number;
  reason: AlertReason;
  as_of_ms: number;
  body: string;
}

/** An acknowledgement covers the breaches that the alert had: by their ids, which a rebuild does not change. */
interface AcknowledgementRow {
  breach_id: string;
  severity: Severity;
  by_name: string;
  note: string;
  at_ms: number;
  /** How far the projections had come. */
  journal_offset: number;
  /** The breach was withdrawn since: raised again, it is news. */
  void: Flag;
}

/** What is to be told to the outside, in order. */
interface NoticeRow {
  seq: Generated<number>;
  /** Canonical JSON of an AlertNotice. */
  body: string;
}

interface NotifierRow {
  name: string;
  /** The last notice that it has dealt with. */
  seq: number;
}

interface DeadLetterRow {
  /** `{journal offset}:{index}`. */
  id: string;
  reason: string;
  topic: string;
  /** The first bytes of the payload. */
  payload: Uint8Array;
  /** How long the whole payload was. */
  payload_bytes: number;
  arrived_ms: number;
  device: string | null;
  detail: string | null;
}

interface ProjectionRow {
  name: string;
  journal_offset: number;
}

interface DetectStateRow {
  device: string;
  time_ms: number;
  state: string;
}
