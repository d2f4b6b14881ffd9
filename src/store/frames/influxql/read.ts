import type { FrameChunk } from '../../../contract/frame.ts';
import type { DeviceKey } from '../../../contract/words.ts';
import { type Downsampled, FRAMES_PER_CHUNK_MAX, type LatestFrame, type Slice } from '../store.ts';
import { chunkOf, valuesOf } from './chunk.ts';
import type { InfluxqlSeries, QueryInfluxql } from './query.ts';
import { DEVICE_TAG } from './schema.ts';
import { downsampleStatement, isEmpty, latestStatement, rangeStatement } from './statements.ts';

/** Slices asked for in one request, the first page of each: bounds the answer. */
const STATEMENTS_PER_REQUEST = 8;
/** Proxies cut request lines at 8 KB; quotes and spaces take three characters there. */
const REQUEST_LENGTH_MAX = 4_000;
const DEVICES_PER_REQUEST = 40;
const BUCKETS_PER_PAGE = 5_000;

/** See FrameStore.range. One page of one slice is one chunk. */
export async function* readRange(
  query: QueryInfluxql,
  slices: readonly Slice[],
  channels: readonly string[] | undefined,
): AsyncGenerator<FrameChunk> {
  if (channels?.length === 0) return;
  const statement = (slice: Slice): string => rangeStatement(slice, channels, FRAMES_PER_CHUNK_MAX);
  for await (const { at, series } of readPages(query, slices, statement, FRAMES_PER_CHUNK_MAX, 1)) {
    const chunk = chunkOf(slices[at]!.device, series);
    if (chunk) yield chunk;
  }
}

/** See FrameStore.downsample. A channel without a value in a slice gives no series. */
export async function readDownsampled(
  query: QueryInfluxql,
  slices: readonly Slice[],
  channels: readonly string[],
  bucketMs: number,
): Promise<Downsampled[]> {
  if (channels.length === 0) return [];
  const statement = (slice: Slice): string => downsampleStatement(slice, channels, bucketMs, BUCKETS_PER_PAGE);
  const rows: Row[][] = slices.map(() => []);
  for await (const { at, series } of readPages(query, slices, statement, BUCKETS_PER_PAGE, bucketMs)) {
    for (const row of series.values) rows[at]!.push(row);
  }
  return slices.flatMap((slice, at) =>
    channels
      .map((channel, c) => downsampled(slice.device, channel, rows[at]!, 1 + 3 * c))
      .filter((series) => series.count.length > 0),
  );
}

/** See FrameStore.latest. */
export async function readLatest(
  query: QueryInfluxql,
  devices: readonly DeviceKey[] | undefined,
): Promise<LatestFrame[]> {
  const statements = devices
    ? groupsOf(DEVICES_PER_REQUEST, [...new Set(devices)]).map(latestStatement)
    : [latestStatement(undefined)];
  const latest: LatestFrame[] = [];
  for (const statement of statements) {
    const [found = []] = await query([statement]);
    for (const series of found) {
      const row = series.values[0];
      const device = series.tags?.[DEVICE_TAG];
      if (row && device) latest.push({ device, timeMs: row[0] as number, values: valuesOf(series, row) });
    }
  }
  return latest.sort((a, b) => (a.device < b.device ? -1 : 1));
}

type Row = InfluxqlSeries['values'][number];

/**
 * The pages of each slice, in order; `at` is the slice's place. The first pages of several slices come in one
 * request, so that a trace over many short custodies costs few round trips; the pages that follow a full one are
 * asked for one by one.
 * @param rowMs width of a row in time: the next page starts behind the last one
 */
async function* readPages(
  query: QueryInfluxql,
  slices: readonly Slice[],
  statement: (slice: Slice) => string,
  rowsPerPage: number,
  rowMs: number,
): AsyncGenerator<{ at: number; series: InfluxqlSeries }> {
  const asked = [...slices.entries()]
    .filter(([, slice]) => !isEmpty(slice))
    .map(([at, slice]) => ({ at, slice, text: statement(slice) }));
  for (const request of requestsOf(asked)) {
    const firstPages = await query(request.map(({ text }) => text));
    for (const [place, { at, slice }] of request.entries()) {
      let series = firstPages[place]![0];
      while (series && series.values.length > 0) {
        yield { at, series };
        if (series.values.length < rowsPerPage && !series.partial) break;
        const lastMs = series.values.at(-1)![0] as number;
        const rest = { ...slice, fromMs: lastMs + rowMs };
        if (isEmpty(rest)) break;
        series = (await query([statement(rest)]))[0]?.[0];
      }
    }
  }
}

function* requestsOf<T extends { readonly text: string }>(asked: readonly T[]): Generator<T[]> {
  let request: T[] = [];
  let length = 0;
  for (const one of asked) {
    if (
      request.length === STATEMENTS_PER_REQUEST ||
      (request.length > 0 && length + one.text.length > REQUEST_LENGTH_MAX)
    ) {
      yield request;
      request = [];
      length = 0;
    }
    request.push(one);
    length += one.text.length;
  }
  if (request.length > 0) yield request;
}

function downsampled(device: DeviceKey, channel: string, rows: readonly Row[], at: number): Downsampled {
  // A bucket that only other channels have a value in comes with a count of 0 or null.
  const own = rows.filter((row) => typeof row[at] === 'number' && (row[at + 2] as number) > 0);
  const column = (place: number): Float64Array => Float64Array.from(own, (row) => row[place] as number);
  return { device, channel, bucketMs: column(0), min: column(at), max: column(at + 1), count: column(at + 2) };
}

function groupsOf<T>(size: number, items: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let from = 0; from < items.length; from += size) groups.push(items.slice(from, from + size));
  return groups;
}
