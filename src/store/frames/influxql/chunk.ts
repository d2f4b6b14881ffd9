import { type FrameChunk, internLayout } from '../../../contract/frame.ts';
import type { DeviceKey } from '../../../contract/words.ts';
import type { InfluxqlSeries } from './query.ts';
import { SEQ_FIELD } from './schema.ts';

/** A field of an answer that holds a number somewhere. */
interface Column {
  readonly channel: string;
  readonly at: number;
}

/**
 * The rows of a range statement as a chunk: the channels that occur in them, NaN where a row lacks one, rows
 * without any left out. Undefined where nothing is left. Fields that are not numbers are not ours.
 */
export function chunkOf(device: DeviceKey, series: InfluxqlSeries): FrameChunk | undefined {
  const columns = numericColumns(series);
  const rows = series.values.filter((row) => columns.some(({ at }) => typeof row[at] === 'number'));
  if (rows.length === 0) return undefined;

  const layout = internLayout(columns.map(({ channel }) => channel));
  const columnOf = new Map(columns.map(({ channel, at }) => [channel, at]));
  const places = layout.channels.map((channel) => columnOf.get(channel)!);
  const timeAt = series.columns.indexOf('time');
  const seqAt = series.columns.indexOf(SEQ_FIELD);

  const timeMs = new Float64Array(rows.length);
  const seq = new Float64Array(rows.length);
  const values = new Float64Array(rows.length * places.length);
  let next = 0;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r]!;
    timeMs[r] = row[timeAt] as number;
    seq[r] = numberOrNaN(row[seqAt]);
    for (const at of places) values[next++] = numberOrNaN(row[at]);
  }
  return { device, layout, size: rows.length, timeMs, seq, values };
}

/** The channels of one row that hold a number. */
export function valuesOf(series: InfluxqlSeries, row: InfluxqlSeries['values'][number]): Record<string, number> {
  const values: Record<string, number> = {};
  for (const { channel, at } of channelColumns(series)) {
    const value = row[at];
    if (typeof value === 'number') values[channel] = value;
  }
  return values;
}

const numericColumns = (series: InfluxqlSeries): Column[] =>
  channelColumns(series).filter(({ at }) => series.values.some((row) => typeof row[at] === 'number'));

const channelColumns = (series: InfluxqlSeries): Column[] =>
  series.columns
    .map((channel, at) => ({ channel, at }))
    .filter(({ channel }) => channel !== 'time' && channel !== SEQ_FIELD);

const numberOrNaN = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);
