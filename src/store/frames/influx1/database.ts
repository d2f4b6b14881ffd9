import { InfluxDB } from 'influx';
import { RequestError } from 'influx/lib/src/pool.js';
import { ResultError } from 'influx/lib/src/results.js';
import { reasonOf, withDeadline } from '../influxql/deadline.ts';
import { refusal, unreachable } from '../influxql/query.ts';
import { MEASUREMENT } from '../influxql/schema.ts';
import { poolOptions } from './pool.ts';
import type { Influx1Target } from './write.ts';

/** Makes the database where it is missing; one that is there stays as it is. */
export function ensureDatabase(target: Influx1Target): Promise<void> {
  return asked(target, async (influx) => {
    // Who may only use a database cannot make one, but sees it here.
    const names = await influx.getDatabaseNames();
    if (!names.includes(target.database)) await influx.createDatabase(target.database);
  });
}

/** Removes every frame. */
export function dropFrames(target: Influx1Target): Promise<void> {
  return asked(target, (influx) => influx.dropMeasurement(MEASUREMENT));
}

async function asked(target: Influx1Target, ask: (influx: InfluxDB) => Promise<void>): Promise<void> {
  const { protocol, hostname, port, pathname } = new URL(target.url);
  const influx = new InfluxDB({
    protocol: protocol === 'https:' ? 'https' : 'http',
    host: hostname,
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    path: pathname === '/' ? '' : pathname,
    database: target.database,
    ...(target.username === undefined ? {} : { username: target.username, password: target.password ?? '' }),
    pool: poolOptions(target.requestTimeoutMs),
  });
  try {
    await withDeadline(target.requestTimeoutMs, () => ask(influx));
  } catch (error) {
    if (error instanceof RequestError) throw refusal(target, error.message, error.res.statusCode ?? 0);
    if (error instanceof ResultError) throw refusal(target, error.message, 200);
    throw unreachable(target.url, reasonOf(error), error);
  }
}
