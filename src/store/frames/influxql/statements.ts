import type { DeviceKey, Interval } from '../../../contract/words.ts';
import type { Slice } from '../store.ts';
import { DEVICE_TAG, MEASUREMENT, SEQ_FIELD } from './schema.ts';

/** The InfluxQL this project sends: the same words to 1.x, 2.x and 3.x. */

const escaped = (text: string, quote: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');

/** InfluxQL spec, "Identifiers": double quotes; a quote, a backslash and a line break are escaped. */
const identifier = (name: string): string => `"${escaped(name, '"')}"`;

/** InfluxQL spec, "Strings": single quotes, escaped alike. */
const stringLiteral = (text: string): string => `'${escaped(text, "'")}'`;

const FROM = identifier(MEASUREMENT);

const ofDevice = (device: DeviceKey): string => `${identifier(DEVICE_TAG)} = ${stringLiteral(device)}`;

const within = (slice: Slice): string =>
  `${ofDevice(slice.device)} AND time >= ${timeLiteral(slice.fromMs)} AND time < ${timeLiteral(slice.toMs)}`;

/** The whole ms that InfluxDB's int64 nanoseconds can hold. */
const TIME_MS_MAX = 9_223_372_036_854;

/** Frames lie at whole ms, so both half-open ends may be rounded up. */
const timeLiteral = (timeMs: number): string => `${Math.max(-TIME_MS_MAX, Math.min(TIME_MS_MAX, Math.ceil(timeMs)))}ms`;

/** A slice that can hold a frame at all. */
export const isEmpty = (interval: Interval): boolean => !(interval.fromMs < interval.toMs);

/** Frames of one slice, oldest first. @param channels all fields where undefined */
export function rangeStatement(slice: Slice, channels: readonly string[] | undefined, limit: number): string {
  // `*::field` leaves out the tag, which is known; it names every field of the measurement.
  const columns = channels ? [...channels, SEQ_FIELD].map(identifier).join(',') : '*::field';
  return `SELECT ${columns} FROM ${FROM} WHERE ${within(slice)} ORDER BY time LIMIT ${limit}`;
}

/** Columns `min_0, max_0, count_0, min_1 …` by the channel's place. Buckets start at multiples of the width. */
export function downsampleStatement(
  slice: Slice,
  channels: readonly string[],
  bucketMs: number,
  limit: number,
): string {
  const columns = channels.map((channel, c) => {
    const field = identifier(channel);
    return `min(${field}) AS min_${c},max(${field}) AS max_${c},count(${field}) AS count_${c}`;
  });
  return `SELECT ${columns.join(',')} FROM ${FROM} WHERE ${within(slice)} GROUP BY time(${bucketMs}ms) fill(none) LIMIT ${limit}`;
}

/** The newest frame of each of the devices, or of every device: LIMIT counts within each group. */
export function latestStatement(devices: readonly DeviceKey[] | undefined): string {
  const where = devices ? ` WHERE ${devices.map(ofDevice).join(' OR ')}` : '';
  return `SELECT *::field FROM ${FROM}${where} GROUP BY ${identifier(DEVICE_TAG)} ORDER BY time DESC LIMIT 1`;
}

/** How long a database keeps what is written to it. */
export function retentionStatement(database: string): string {
  return `SHOW RETENTION POLICIES ON ${identifier(database)}`;
}

/** Cheap, and answered only to who may read the database. */
export const PROBE_STATEMENT = `SHOW FIELD KEYS FROM "${MEASUREMENT}"`;
