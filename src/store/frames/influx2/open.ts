import { jitter } from '../influxql/back-off.ts';
import { type Commit, commitFrames } from '../influxql/commit.ts';
import { publishPoints } from '../influxql/publish.ts';
import { influxqlOverHttp } from '../influxql/query.ts';
import { readDownsampled, readLatest, readRange } from '../influxql/read.ts';
import { retentionOf } from '../influxql/retention.ts';
import { PROBE_STATEMENT } from '../influxql/statements.ts';
import type { FrameStore } from '../store.ts';
import { deleteFrames } from './delete.ts';
import { bucketRetention } from './retention.ts';
import { type Influx2Target, influx2Writer } from './write.ts';

export interface Influx2Options {
  readonly url: string;
  readonly token: string;
  readonly org: string;
  /** Must exist, and answer InfluxQL under its own name (InfluxDB maps it so by itself from 2.x on). */
  readonly bucket: string;
  readonly requestTimeoutMs?: number;
  /** Numbers in [0, 1) for the jitter of the back-off. */
  readonly random?: () => number;
  /** Told of every failed write and of the wait before the next. */
  readonly onAway?: (message: string, waitMs: number) => void;
}

/**
 * A frame store on InfluxDB 2.x or 3.x: writes with the official client, reads InfluxQL, which both still answer.
 * A frame that replaces another must hold all its channels: the server merges field by field.
 * @throws ColdtrailError STORE_UNREACHABLE when the server does not answer, STORE_REFUSED when token or bucket are wrong
 */
export async function openInflux2(options: Influx2Options): Promise<FrameStore> {
  const target: Influx2Target = {
    url: options.url,
    token: options.token,
    org: options.org,
    bucket: options.bucket,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
  };
  const query = influxqlOverHttp({
    url: target.url,
    database: target.bucket,
    authorization: `Token ${target.token}`,
    requestTimeoutMs: target.requestTimeoutMs,
  });
  await query([PROBE_STATEMENT]);
  const commit: Commit = {
    url: target.url,
    database: target.bucket,
    write: influx2Writer(target),
    random: options.random ?? jitter(process.pid),
    onAway: options.onAway,
  };
  return {
    kind: 'influx2',
    append: (batch, signal) => commitFrames(commit, batch, signal),
    range: (slices, channels) => readRange(query, slices, channels),
    downsample: (slices, channels, bucketMs) => readDownsampled(query, slices, channels, bucketMs),
    latest: (devices) => readLatest(query, devices),
    retention: async () => {
      const known = await bucketRetention(target);
      return known === undefined ? retentionOf(query, target.bucket) : known;
    },
    clear: () => deleteFrames(target),
    publish: (points, signal) => publishPoints(commit, points, signal),
    // Idle connections are the HTTP agents' own and do not hold the process.
    close: async () => {},
  };
}
