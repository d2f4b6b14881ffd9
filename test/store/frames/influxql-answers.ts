import type { PointTable } from './point-table.ts';

/**
 * Answers exactly the statements that the adapter sends; any other text is an error. The statements are matched
 * whole, so that a change of the adapter's InfluxQL shows here.
 */
export function answerInfluxql(points: PointTable, text: string): { results: unknown[] } {
  const results = text.split(';').map((statement, statement_id) => {
    const answer = [range, downsample, latest, probe, policies]
      .map((read) => read(points, statement))
      .find((a) => a !== undefined);
    if (!answer) throw new Error(`a statement that is not in the contract: ${statement}`);
    return answer.length > 0 ? { statement_id, series: answer } : { statement_id };
  });
  return { results };
}

interface Series {
  readonly name: 'telemetry';
  readonly tags?: { readonly device: string };
  readonly columns: readonly string[];
  readonly values: readonly (readonly (number | null)[])[];
}

type Row = readonly [timeMs: number, fields: ReadonlyMap<string, number>];

const DEVICE = `"device" = '([a-z0-9._/-]+)'`;
const WHERE = String.raw`WHERE ${DEVICE} AND time >= (-?\d+)ms AND time < (-?\d+)ms`;
const RANGE = new RegExp(
  String.raw`^SELECT (\*::field|(?:"[a-z0-9-]+",)+"seq") FROM "telemetry" ${WHERE} ORDER BY time LIMIT 2048$`,
);
const DOWNSAMPLE = new RegExp(
  String.raw`^SELECT (min\(.*) FROM "telemetry" ${WHERE} GROUP BY time\((\d+)ms\) fill\(none\) LIMIT 5000$`,
);
const AGGREGATE = /min\("([a-z0-9-]+)"\) AS min_(\d+),max\("\1"\) AS max_\2,count\("\1"\) AS count_\2(?:,|$)/y;
const LATEST = new RegExp(
  String.raw`^SELECT \*::field FROM "telemetry"(?: WHERE (${DEVICE}(?: OR ${DEVICE})*))? GROUP BY "device" ORDER BY time DESC LIMIT 1$`,
);

function probe(_points: PointTable, statement: string): Series[] | undefined {
  return statement === 'SHOW FIELD KEYS FROM "telemetry"' ? [] : undefined;
}

/** As 2.x answers: what a bucket keeps is told by another request. */
function policies(_points: PointTable, statement: string): Series[] | undefined {
  return /^SHOW RETENTION POLICIES ON "[a-z ]+"$/.test(statement) ? [] : undefined;
}

function range(points: PointTable, statement: string): Series[] | undefined {
  const found = RANGE.exec(statement);
  if (!found) return undefined;
  const [, columns, device, from, to] = found;
  const fields = columns === '*::field' ? allFields(points) : columns!.split(',').map((name) => name.slice(1, -1));
  const rows = rowsOf(points, device!, Number(from), Number(to))
    .filter(([, values]) => fields.some((field) => values.has(field)))
    .slice(0, 2048);
  if (rows.length === 0) return [];
  return [{ name: 'telemetry', columns: ['time', ...fields], values: rows.map((row) => valuesOf(row, fields)) }];
}

function latest(points: PointTable, statement: string): Series[] | undefined {
  const found = LATEST.exec(statement);
  if (!found) return undefined;
  const asked = found[1]
    ? [...found[1].matchAll(/'([^']+)'/g)].map(([, device]) => device!)
    : [...points.telemetry.keys()];
  const fields = allFields(points);
  return asked.sort().flatMap((device) => {
    const newest = rowsOf(points, device, -Infinity, Infinity).at(-1);
    if (!newest) return [];
    return [
      {
        name: 'telemetry' as const,
        tags: { device },
        columns: ['time', ...fields],
        values: [valuesOf(newest, fields)],
      },
    ];
  });
}

function downsample(points: PointTable, statement: string): Series[] | undefined {
  const found = DOWNSAMPLE.exec(statement);
  if (!found) return undefined;
  const [, columns, device, from, to, width] = found;
  const channels = aggregated(columns!);
  const bucketMs = Number(width);
  const buckets = new Map<number, Row[]>();
  for (const row of rowsOf(points, device!, Number(from), Number(to))) {
    const start = Math.floor(row[0] / bucketMs) * bucketMs;
    buckets.set(start, [...(buckets.get(start) ?? []), row]);
  }
  const values = [...buckets].flatMap(([start, rows]) => {
    const cells = channels.flatMap((channel) => {
      const own = rows.flatMap(([, fields]) => fields.get(channel) ?? []);
      return own.length > 0 ? [Math.min(...own), Math.max(...own), own.length] : [null, null, null];
    });
    return cells.some((cell) => cell !== null) ? [[start, ...cells]] : [];
  });
  if (values.length === 0) return [];
  const names = channels.flatMap((_, c) => [`min_${c}`, `max_${c}`, `count_${c}`]);
  return [{ name: 'telemetry', columns: ['time', ...names], values: values.slice(0, 5000) }];
}

function aggregated(columns: string): string[] {
  const channels: string[] = [];
  for (AGGREGATE.lastIndex = 0; AGGREGATE.lastIndex < columns.length; ) {
    const found = AGGREGATE.exec(columns);
    if (!found || Number(found[2]) !== channels.length)
      throw new Error(`columns that are not in the contract: ${columns}`);
    channels.push(found[1]!);
  }
  return channels;
}

const allFields = (points: PointTable): string[] => [...points.fields].sort();

const rowsOf = (points: PointTable, device: string, fromMs: number, toMs: number): Row[] =>
  [...(points.telemetry.get(device) ?? [])].filter(([t]) => fromMs <= t && t < toMs).sort(([a], [b]) => a - b);

const valuesOf = ([timeMs, fields]: Row, names: readonly string[]): (number | null)[] => [
  timeMs,
  ...names.map((name) => fields.get(name) ?? null),
];
