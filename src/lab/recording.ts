import { channelKind } from '../contract/channel.ts';
import { type FrameChunk, internLayout } from '../contract/frame.ts';
import type { AssetKind } from '../contract/words.ts';
import { DeviceRows } from './device-rows.ts';
import type { DeviceHistory } from './engine.ts';
import type { Incident } from './incident.ts';
import { type Row, readTable, refused } from './table.ts';

/** What is recorded of one device. */
export interface RecordedDevice {
  readonly history: DeviceHistory;
  /** Ascending in time, all of them. */
  readonly chunks: AsyncIterable<FrameChunk> | Iterable<FrameChunk>;
  /** The last instant that the recording tells of: silence after it is none. Its last frame where left out. */
  readonly knownUntilMs?: number;
}

/** What is recorded of a device that no column names. */
const ONLY_DEVICE = 'recorded/device';

/** One row as a frame, or a part of one. */
interface Reading {
  readonly device: string;
  readonly timeMs: number;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Reads recorded data from a table ({@link readTable}): `time` is RFC 3339 or epoch ms, `device` may be left out where
 * there is one, and every other column is a channel (`pulp-1`, `air-return` …); an empty cell is no reading. Also the
 * long form with the columns `channel` and `value` (and `unit`), and what `simulate` writes: readings within `values`,
 * events passed over. Rows may come in any order; of two readings for one device, instant and channel the first counts.
 * Each device stands for an asset of its own, which holds produce from its first frame on.
 * @param kind what the devices were on: it decides which rules apply
 * @throws ColdtrailError RECORDING_INVALID with file and line
 */
export async function readRecording(file: string, kind: AssetKind): Promise<RecordedDevice[]> {
  const byDevice = new Map<string, Map<number, Record<string, number>>>();
  for (const row of await readTable(file)) {
    if (row.cells['event'] !== undefined) continue;
    const { device, timeMs, values } = readingOf(row);
    const frames = byDevice.get(device) ?? new Map<number, Record<string, number>>();
    byDevice.set(device, frames);
    frames.set(timeMs, { ...values, ...frames.get(timeMs) });
  }
  if (byDevice.size === 0) throw refused(file, 'there are no readings in it');
  return [...byDevice].map(([device, frames]) => recordedDevice(device, frames, kind));
}

/**
 * Reads labels: what truly went wrong, a table with `asset` (or `device`, where each stands for its own), `from`, `to`
 * and, if wanted, `kind`. Each is a fault that should be found; an alarm may be raised until `to`.
 * @throws ColdtrailError RECORDING_INVALID with file and line
 */
export async function readLabels(file: string): Promise<Incident[]> {
  const rows = await readTable(file);
  return rows.map(({ cells, where }) => {
    const [fromMs, toMs] = [timeOf(cells['from'], where), timeOf(cells['to'], where)];
    if (toMs <= fromMs) throw refused(where, '"to" must come after "from"');
    return {
      kind: String(cells['kind'] ?? 'labelled'),
      subject: 'cargo',
      fromMs,
      windows: [{ asset: String(cells['asset'] ?? cells['device'] ?? ONLY_DEVICE), fromMs, toMs }],
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

function recordedDevice(
  device: string,
  frames: ReadonlyMap<number, Readonly<Record<string, number>>>,
  assetKind: AssetKind,
): RecordedDevice {
  const layout = internLayout([...new Set([...frames.values()].flatMap((values) => Object.keys(values)))]);
  const rows = new DeviceRows(device, layout);
  for (const [timeMs, values] of frames) {
    const row = layout.channels.map((channel) => values[channel] ?? Number.NaN);
    rows.add(timeMs, Float64Array.from(row), 0);
  }
  const chunk = rows.takeSorted(rows.size, () => true);
  const stay = { asset: device, fromMs: chunk.timeMs[0]!, toMs: null };
  return {
    history: { device, placements: [stay], custodies: [stay], assetKind: () => assetKind },
    chunks: [chunk],
  };
}

function readingOf({ cells, where }: Row): Reading {
  const { time, device = ONLY_DEVICE, seq: _seq, channel, value, unit, values: within, ...columns } = cells;
  const named = channel === undefined ? { ...columns, ...(within as object) } : { [String(channel)]: value };
  const values: Record<string, number> = {};
  for (const [name, cell] of Object.entries(named)) {
    const known = channelKind(name);
    if (!known) throw refused(where, `"${name}" is no channel`, 'docs/rules.md lists the channels');
    if (unit !== undefined && unit !== known.unit) {
      throw refused(where, `${name} is in ${known.unit}, not in ${String(unit)}`);
    }
    const read = numberOf(cell, where, name);
    if (read !== undefined) values[name] = read;
  }
  return { device: String(device), timeMs: timeOf(time, where), values };
}

function timeOf(cell: unknown, where: string): number {
  const isMs =
    typeof cell === 'number' || typeof cell === 'bigint' || (typeof cell === 'string' && /^\d{10,}$/.test(cell));
  const isRfc3339 = /[zZ]$|[+-]\d\d:\d\d$/.test(String(cell));
  const timeMs =
    cell instanceof Date ? cell.getTime() : isMs ? Number(cell) : isRfc3339 ? Date.parse(String(cell)) : Number.NaN;
  if (!Number.isFinite(timeMs)) {
    throw refused(where, `"${String(cell)}" is no time`, 'RFC 3339 with its offset, or epoch ms');
  }
  return timeMs;
}

function numberOf(cell: unknown, where: string, channel: string): number | undefined {
  if (cell === undefined || cell === null || cell === '' || Number.isNaN(cell)) return undefined;
  const value = typeof cell === 'boolean' ? Number.NaN : Number(cell);
  if (!Number.isFinite(value)) throw refused(where, `${channel}: "${String(cell)}" is no number`);
  return value;
}
