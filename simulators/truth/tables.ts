import type { DamagePart, TrueAsset, TrueBatch, TrueFault, TrueTemperature } from './record.ts';

/** How a column is stored in Parquet; NDJSON says the same in JSON, instants as RFC 3339 in UTC. */
export type ColumnType = 'TIMESTAMP' | 'STRING' | 'DOUBLE' | 'BOOLEAN' | 'INT32' | 'JSON';

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  /** An instant as epoch ms; null where there is none. */
  readonly of: (row: Row) => unknown;
}

/** One table of the truth record: the same rows and columns in every format. */
export interface Table<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
}

/** Thousandths (of a degree, mostly) and millionths of a share: finer is noise, and files grow by half. */
const thousandths = (value: number | null) => (value === null ? null : Math.round(value * 1e3) / 1e3);
const share = (value: number) => Math.round(value * 1e6) / 1e6;
const minutes = (value: number) => Math.round(value * 10) / 10;

export const TEMPERATURES: Table<TrueTemperature> = {
  name: 'truth-temperatures',
  columns: [
    { name: 'time', type: 'TIMESTAMP', of: (row) => row.timeMs },
    { name: 'batch', type: 'STRING', of: (row) => row.batch },
    { name: 'asset', type: 'STRING', of: (row) => row.asset },
    { name: 'pulpFrontC', type: 'DOUBLE', of: (row) => thousandths(row.pulpFrontC) },
    { name: 'pulpMiddleC', type: 'DOUBLE', of: (row) => thousandths(row.pulpMiddleC) },
    { name: 'pulpRearC', type: 'DOUBLE', of: (row) => thousandths(row.pulpRearC) },
    { name: 'ripening', type: 'DOUBLE', of: (row) => share(row.ripening) },
    { name: 'chilling', type: 'DOUBLE', of: (row) => share(row.chilling) },
    { name: 'weightLoss', type: 'DOUBLE', of: (row) => share(row.weightLoss) },
  ],
};

/** A fault and its index in the plan, by which a batch's parts name it. */
export type FaultRow = TrueFault & { readonly ix: number };

export const FAULTS_TABLE: Table<FaultRow> = {
  name: 'truth-faults',
  columns: [
    { name: 'fault', type: 'INT32', of: (row) => row.ix },
    { name: 'kind', type: 'STRING', of: (row) => row.kind },
    { name: 'asset', type: 'STRING', of: (row) => row.asset },
    { name: 'device', type: 'STRING', of: (row) => row.device },
    { name: 'channel', type: 'STRING', of: (row) => row.channel },
    { name: 'from', type: 'TIMESTAMP', of: (row) => row.fromMs },
    { name: 'to', type: 'TIMESTAMP', of: (row) => row.toMs },
    { name: 'severity', type: 'DOUBLE', of: (row) => row.severity },
    { name: 'batches', type: 'JSON', of: (row) => row.batches },
    { name: 'pulpMinC', type: 'DOUBLE', of: (row) => thousandths(row.pulpMinC) },
    { name: 'pulpMaxC', type: 'DOUBLE', of: (row) => thousandths(row.pulpMaxC) },
    { name: 'lossDays', type: 'DOUBLE', of: (row) => share(row.lossDays) },
    { name: 'lossTonneDays', type: 'DOUBLE', of: (row) => share(row.lossTonneDays) },
    { name: 'alarmMin', type: 'DOUBLE', of: (row) => minutes(row.alarmMin) },
    { name: 'criticalMin', type: 'DOUBLE', of: (row) => minutes(row.criticalMin) },
    { name: 'harmByDamage', type: 'BOOLEAN', of: (row) => row.harm.byDamage },
    { name: 'harmByLimits', type: 'BOOLEAN', of: (row) => row.harm.byLimits },
  ],
};

export const BATCHES_TABLE: Table<TrueBatch> = {
  name: 'truth-batches',
  columns: [
    { name: 'batch', type: 'STRING', of: (row) => row.id },
    { name: 'massKg', type: 'DOUBLE', of: (row) => row.massKg },
    { name: 'from', type: 'TIMESTAMP', of: (row) => row.fromMs },
    { name: 'to', type: 'TIMESTAMP', of: (row) => row.toMs },
    { name: 'end', type: 'STRING', of: (row) => row.end },
    { name: 'ripening', type: 'DOUBLE', of: (row) => share(row.ripening) },
    { name: 'chilling', type: 'DOUBLE', of: (row) => share(row.chilling) },
    { name: 'frozen', type: 'DOUBLE', of: (row) => share(row.frozen) },
    { name: 'weightLoss', type: 'DOUBLE', of: (row) => share(row.weightLoss) },
    { name: 'lossDays', type: 'DOUBLE', of: (row) => share(row.lossDays) },
    { name: 'alarmMin', type: 'DOUBLE', of: (row) => minutes(row.alarmMin) },
    { name: 'criticalMin', type: 'DOUBLE', of: (row) => minutes(row.criticalMin) },
    { name: 'harmByDamage', type: 'BOOLEAN', of: (row) => row.harm.byDamage },
    { name: 'harmByLimits', type: 'BOOLEAN', of: (row) => row.harm.byLimits },
    { name: 'parts', type: 'JSON', of: (row) => row.parts.map(partJson) },
    { name: 'stays', type: 'JSON', of: (row) => row.stays.map(stayJson) },
  ],
};

export const ASSETS_TABLE: Table<TrueAsset> = {
  name: 'truth-assets',
  columns: [
    { name: 'asset', type: 'STRING', of: (row) => row.asset },
    { name: 'kind', type: 'STRING', of: (row) => row.kind },
    { name: 'org', type: 'STRING', of: (row) => row.org },
    { name: 'dutyH', type: 'DOUBLE', of: (row) => thousandths(row.dutyH) },
    { name: 'electricKWh', type: 'DOUBLE', of: (row) => thousandths(row.electricKWh) },
    { name: 'dieselL', type: 'DOUBLE', of: (row) => thousandths(row.dieselL) },
    { name: 'co2eKg', type: 'DOUBLE', of: (row) => thousandths(row.co2eKg) },
    { name: 'tonneKm', type: 'DOUBLE', of: (row) => thousandths(row.tonneKm) },
    { name: 'co2eKgPerTonneKm', type: 'DOUBLE', of: (row) => row.co2eKgPerTonneKm && share(row.co2eKgPerTonneKm) },
  ],
};

const partJson = ({ faultIx, lossDays, alarmMin, criticalMin }: DamagePart) => ({
  fault: faultIx,
  lossDays: share(lossDays),
  alarmMin: minutes(alarmMin),
  criticalMin: minutes(criticalMin),
});

const stayJson = ({ asset, fromMs, toMs, pulpMinC, pulpMaxC }: TrueBatch['stays'][number]) => ({
  asset,
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
  pulpMinC: thousandths(pulpMinC),
  pulpMaxC: thousandths(pulpMaxC),
});
