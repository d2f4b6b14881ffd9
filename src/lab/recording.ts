import { readFileSync } from 'node:fs';
import { channelKind } from '../contract/channel.ts';
import { internLayout } from '../contract/frame.ts';
import { ColdtrailError } from '../lib/errors.ts';
import { DeviceRows } from './device-rows.ts';
import type { Incident } from './incident.ts';

/** One line of a table: what stands in which column, and where it is. */
interface Row {
  readonly cells: Readonly<Record<string, unknown>>;
  /** `file:line`. */
  readonly where: string;
}

/** Recorded frames, by device. */
export type Recording = ReadonlyMap<string, DeviceRows>;

/** What is recorded of a device that no column names. */
const ONLY_DEVICE = 'recorded/device';

/**
 * Reads recorded data: CSV with a head line, or NDJSON with an object a line. `time` is RFC 3339 or epoch ms, `device`
 * may be left out where there is one, and every other column is a channel (`pulp-1`, `air-return` …); an empty cell is
 * no reading. Lines may come in any order; of two for one device and instant the first counts.
 * @throws ColdtrailError RECORDING_INVALID with file and line
 */
export function readRecording(file: string): Recording {
  const rows = rowsOf(file);
  const channelsOf = new Map<string, Set<string>>();
  const readings = rows.map(({ cells, where }) => {
    const { time, device = ONLY_DEVICE, ...channels } = cells;
    const known = channelsOf.get(String(device)) ?? new Set();
    channelsOf.set(String(device), known);
    for (const channel of Object.keys(channels)) {
      if (!channelKind(channel)) throw refused(where, `"${channel}" is no channel`, 'docs/rules.md lists the channels');
      known.add(channel);
    }
    return { device: String(device), timeMs: timeOf(time, where), channels, where };
  });
  const layouts = new Map([...channelsOf].map(([device, channels]) => [device, internLayout([...channels])]));
  const recording = new Map([...layouts].map(([device, layout]) => [device, new DeviceRows(device, layout)]));
  for (const { device, timeMs, channels, where } of readings) {
    const values = layouts.get(device)!.channels.map((channel) => readingOf(channels[channel], where, channel));
    recording.get(device)!.add(timeMs, Float64Array.from(values), 0);
  }
  return recording;
}

/**
 * Reads labels: what truly went wrong, as CSV or NDJSON with `device`, `from`, `to` and, if wanted, `kind`. Each is a
 * fault that should be found; an alarm may be raised until `to`.
 * @throws ColdtrailError RECORDING_INVALID with file and line
 */
export function readLabels(file: string): Incident[] {
  return rowsOf(file).map(({ cells, where }) => {
    const [fromMs, toMs] = [timeOf(cells['from'], where), timeOf(cells['to'], where)];
    if (toMs <= fromMs) throw refused(where, '"to" must come after "from"');
    return {
      kind: String(cells['kind'] ?? 'labelled'),
      subject: 'cargo',
      fromMs,
      windows: [{ asset: String(cells['device'] ?? ONLY_DEVICE), fromMs, toMs }],
      // A label says that something was wrong, not what it cost.
      damageMs: null,
      harmByDamage: false,
      harmByLimits: true,
      lossDays: 0,
      lossTonneDays: 0,
      alarmMin: 0,
    };
  });
}

function rowsOf(file: string): Row[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ColdtrailError('RECORDING_INVALID', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ line, where: `${file}:${i + 1}` }));
  const written = lines.filter(({ line }) => line.trim() !== '');
  const [head, ...body] = written;
  if (!head) throw refused(file, 'there is nothing in it');
  if (head.line.startsWith('{')) return written.map(({ line, where }) => ({ cells: objectOf(line, where), where }));
  const names = head.line.split(',').map((name) => name.trim());
  return body.map(({ line, where }) => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length !== names.length) throw refused(where, `${cells.length} cells under ${names.length} columns`);
    return { cells: Object.fromEntries(names.map((name, i) => [name, cells[i] || undefined])), where };
  });
}

function objectOf(line: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, as anything else that is no object.
  }
  throw refused(where, 'this is no JSON object');
}

function timeOf(cell: unknown, where: string): number {
  const isMs = typeof cell === 'number' || (typeof cell === 'string' && /^\d{10,}$/.test(cell));
  const timeMs = isMs
    ? Number(cell)
    : /[zZ]$|[+-]\d\d:\d\d$/.test(String(cell))
      ? Date.parse(String(cell))
      : Number.NaN;
  if (!Number.isFinite(timeMs)) {
    throw refused(where, `"${String(cell)}" is no time`, 'RFC 3339 with its offset, or epoch ms');
  }
  return timeMs;
}

function readingOf(cell: unknown, where: string, channel: string): number {
  if (cell === undefined || cell === null || cell === '') return Number.NaN;
  const value = typeof cell === 'boolean' ? Number.NaN : Number(cell);
  if (!Number.isFinite(value)) throw refused(where, `${channel}: "${String(cell)}" is no number`);
  return value;
}

function refused(where: string, what: string, hint?: string): ColdtrailError {
  return new ColdtrailError('RECORDING_INVALID', `${where}: ${what}`, hint === undefined ? {} : { hint });
}
