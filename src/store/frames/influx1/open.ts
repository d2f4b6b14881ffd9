import { jitter } from '../influxql/back-off.ts';
import { type Commit, commitFrames } from '../influxql/commit.ts';
import { publishPoints } from '../influxql/publish.ts';
import { influxqlOverHttp } from '../influxql/query.ts';
import { readDownsampled, readLatest, readRange } from '../influxql/read.ts';
import { retentionOf } from '../influxql/retention.ts';
import type { FrameStore } from '../store.ts';
import { dropFrames, ensureDatabase } from './database.ts';
import { type Influx1Target, influx1Writer } from './write.ts';

export interface Influx1Options {
  readonly url: string;
  readonly database: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly requestTimeoutMs?: number;
  /** Numbers in [0, 1) for the jitter of the back-off. */
  readonly random?: () => number;
  /** Told of every failed write and of the wait before the next. */
  readonly onAway?: (message: string, waitMs: number) => void;
}

/**
 * A frame store on InfluxDB 1.x; makes the database where it is missing. Durable only on a server that fsyncs
 * every write (`wal-fsync-delay = "0s"`, the default). A frame that replaces another must hold all its channels:
 * the server merges field by field.
 * @throws ColdtrailError STORE_UNREACHABLE when the server does not answer, STORE_REFUSED on wrong credentials
 */
export async function openInflux1(options: Influx1Options): Promise<FrameStore> {
  const target: Influx1Target = {
    url: options.url,
    database: options.database,
    username: options.username,
    password: options.password,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
  };
  await ensureDatabase(target);
  const commit: Commit = {
    ...target,
    write: influx1Writer(target),
    random: options.random ?? jitter(process.pid),
    onAway: options.onAway,
  };
  const query = influxqlOverHttp({ ...target, authorization: basic(target) });
  return {
    kind: 'influx1',
    append: (batch, signal) => commitFrames(commit, batch, signal),
    range: (slices, channels) => readRange(query, slices, channels),
    downsample: (slices, channels, bucketMs) => readDownsampled(query, slices, channels, bucketMs),
    latest: (devices) => readLatest(query, devices),
    retention: () => retentionOf(query, target.database),
    clear: () => dropFrames(target),
    publish: (points, signal) => publishPoints(commit, points, signal),
    // Idle connections are the HTTP agents' own and do not hold the process.
    close: async () => {},
  };
}

function basic(target: Influx1Target): string | undefined {
  if (target.username === undefined) return undefined;
  return `Basic ${Buffer.from(`${target.username}:${target.password ?? ''}`).toString('base64')}`;
}
