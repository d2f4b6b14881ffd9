// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana's placeholders
/**
 * Every InfluxQL text of the dashboards, in one place: the tests run each of them on a real influxd.
 *
 * What they read: measurement `telemetry` (tag device, a field per channel, seq), `breach` (tags device, channel, asset, rule,
 * severity; fields open, peak, limit, unit, startMs), `limits` (tags device, rule; field limit) and `ingest`
 * (fields frames, readings, refused, duplicates, lagMs, openBreaches). InfluxQL runs on InfluxDB 1.x, 2.x and 3.x.
 *
 * Grafana's macros: `$timeFilter`, `$__interval` and `$__interval_ms` are filled in by its server, `${device:regex}`
 * and `${__to}` (end of the range, epoch ms) by its front end. A device is named `{org}/{device}`: the format `regex`
 * escapes the slash, which would end InfluxQL's regular expression.
 */

const CHOSEN_DEVICES = '"device" =~ /^${device:regex}$/';

/** A state as it was at the end of the range, however long before its left edge it was written. */
const AS_OF_RANGE_END = 'time <= ${__to}ms';

/** Channels that say how warm the fruit is: the one of a single logger and the three probes of a telematics unit. */
export const PULP_CHANNELS = ['pulp', 'pulp-1', 'pulp-2', 'pulp-3'] as const;

export const DEVICE_NAMES = 'SHOW TAG VALUES FROM "telemetry" WITH KEY = "device"';

/** One row a device: its newest value of each channel. */
export function latestByDevice(channels: readonly string[]): string {
  const values = channels.map((channel) => `last("${channel}") AS "${channel}"`).join(', ');
  return `SELECT ${values} FROM "telemetry" WHERE ${CHOSEN_DEVICES} AND $timeFilter GROUP BY "device"`;
}

/** One row a device, at the time of its newest frame: with several selectors InfluxQL gives the range's start instead. */
export const LAST_FRAME_BY_DEVICE = `SELECT last("seq") AS "seq" FROM "telemetry" WHERE ${CHOSEN_DEVICES} AND $timeFilter GROUP BY "device"`;

/** One row a device: the warmest or coldest of its newest pulp readings. Subqueries of one measurement merge by tag. */
export function pulpExtremeByDevice(extreme: 'max' | 'min', name: string): string {
  const newest = PULP_CHANNELS.map(
    (channel) =>
      `(SELECT last("${channel}") AS "c" FROM "telemetry" WHERE ${CHOSEN_DEVICES} AND $timeFilter GROUP BY "device")`,
  );
  return `SELECT ${extreme}("c") AS "${name}" FROM ${newest.join(', ')} GROUP BY "device"`;
}

/** One row a device: the limit that a profile's rule sets it. */
export function limitByDevice(rule: string): string {
  return `SELECT last("limit") AS "limit" FROM "limits" WHERE "rule" = '${rule}' AND ${CHOSEN_DEVICES} AND ${AS_OF_RANGE_END} GROUP BY "device"`;
}

/** One value: the lowest of the chosen devices' limits under the rules. */
export function strictestHighLimit(rules: readonly string[]): string {
  const anyRule = rules.map((rule) => `"rule" = '${rule}'`).join(' OR ');
  return `SELECT min("limit") AS "limit" FROM (SELECT last("limit") AS "limit" FROM "limits" WHERE (${anyRule}) AND ${CHOSEN_DEVICES} AND ${AS_OF_RANGE_END} GROUP BY "device", "rule")`;
}

/** A series a device: the highest value of each interval, so that a peak stays visible at any zoom. */
export function curveByDevice(channel: string): string {
  return `SELECT max("${channel}") AS "${channel}" FROM "telemetry" WHERE ${CHOSEN_DEVICES} AND $timeFilter GROUP BY time($__interval), "device" fill(none)`;
}

/** One row an open breach. Each is one point, at the instant it was raised, written over as it changes. */
export const OPEN_BREACHES = `SELECT "channel", "peak", "limit", "unit", "startMs" AS "since" FROM "breach" WHERE "open" = 1 AND ${CHOSEN_DEVICES} AND ${AS_OF_RANGE_END} GROUP BY "device", "asset", "rule", "severity"`;

/** Events a second. `ingest` holds a count for each cycle of the projector. */
export function ingestRate(field: 'frames' | 'readings'): string {
  return `SELECT sum("${field}") * 1000 / $__interval_ms AS "${field}/s" FROM "ingest" WHERE $timeFilter GROUP BY time($__interval) fill(none)`;
}

/** Events in each interval. */
export function ingestCount(field: 'refused' | 'duplicates'): string {
  return `SELECT sum("${field}") AS "${field}" FROM "ingest" WHERE $timeFilter GROUP BY time($__interval) fill(none)`;
}

export const PROJECTION_LAG =
  'SELECT max("lagMs") AS "lag" FROM "ingest" WHERE $timeFilter GROUP BY time($__interval) fill(none)';
