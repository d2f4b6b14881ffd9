import type { Summary } from './summary.ts';
import type { BatchTrace, Trace, TraceLeg } from './trace-types.ts';
import { rfc3339 } from './zone.ts';

const COLUMNS = [
  ...['batch', 'leg', 'org', 'asset', 'asset_kind', 'from', 'to', 'duration_min', 'covered_pct'],
  ...summaryColumns('pulp'),
  ...summaryColumns('air'),
  ...['breaches', 'verdict', 'made_from'],
];

/**
 * A trace as CSV (RFC 4180), a row for each leg, those of ancestors before its own; times RFC 3339, `to` empty while the
 * batch is still there; the ids of the batches it was made from with spaces between them.
 * @param withHead false where the rows follow those of another trace
 */
export function renderCsv(trace: Trace, zoneMin: number, withHead = true): string {
  const rows = [...(trace.ancestors ?? []), trace].flatMap((one) =>
    one.legs.map((leg, i) => legRow(one, leg, i, zoneMin)),
  );
  return [...(withHead ? [COLUMNS] : []), ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function legRow(trace: BatchTrace, leg: TraceLeg, i: number, zoneMin: number): (string | number | null)[] {
  const ms = leg.evidenceMs.toMs - leg.evidenceMs.fromMs;
  return [
    trace.batch.id,
    i + 1,
    leg.org,
    leg.asset,
    leg.assetKind,
    rfc3339(leg.fromMs, zoneMin),
    leg.toMs === null ? null : rfc3339(leg.toMs, zoneMin),
    minutes(ms),
    percent(leg.coveredMs, ms),
    ...summaryFields(leg.pulp, ms),
    ...summaryFields(leg.air, ms),
    trace.breaches.filter((b) => b.legs.includes(i)).length,
    trace.verdict.result,
    trace.madeFrom.map((kin) => kin.batch).join(' '),
  ];
}

function summaryColumns(kind: string): string[] {
  const names = ['count', 'min_c', 'mean_c', 'max_c', 'mkt_c', 'out_of_range_min', 'covered_pct'];
  return names.map((name) => `${kind}_${name}`);
}

function summaryFields(s: Summary, ms: number): (number | null)[] {
  const outOfRangeMin = s.outOfRangeMs === null ? null : minutes(s.outOfRangeMs);
  return [s.count, s.minC, s.meanC, s.maxC, s.mktC, outOfRangeMin, percent(s.coveredMs, ms)];
}

function minutes(ms: number): number {
  return Math.round(ms / 6000) / 10;
}

function percent(partMs: number, wholeMs: number): number {
  return Math.floor((partMs / wholeMs) * 1000) / 10;
}

function field(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
