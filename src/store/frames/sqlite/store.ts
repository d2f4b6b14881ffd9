import type { FrameBatch, FrameChunk } from '../../../contract/frame.ts';
import type { DeviceKey } from '../../../contract/words.ts';
import { type Database, openDatabase, type Statement, transact } from '../../../lib/sqlite.ts';
import { downsampleChunks } from '../downsample.ts';
import type { AppendResult, Downsampled, FrameStore, LatestFrame, Slice } from '../store.ts';
import { type Block, blockStartMs, decodeBlock, mergeIntoBlock } from './block.ts';
import { Chunker, type Projection, project } from './chunker.ts';
import { Dictionary } from './dictionary.ts';

/** Clustered by (device, time): WITHOUT ROWID, so the table is its own index and a trace is one run of pages. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS device (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS layout (id INTEGER PRIMARY KEY, channels TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS block (
  device INTEGER NOT NULL, start_ms INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (device, start_ms)) WITHOUT ROWID;`;

/** Pages (4 KiB) in the WAL before they are copied back: doubled ingest against the default of 1,000. */
const WAL_PAGES = 20_000;
/** Blocks read at a time: bounds memory on long ranges. */
const BLOCKS_PER_READ = 1024;

class SqliteFrameStore implements FrameStore {
  readonly kind = 'sqlite';
  readonly #db: Database;
  readonly #dictionary: Dictionary;
  readonly #readBlocks: Statement;
  readonly #readBlock: Statement;

  constructor(file: string, readOnly: boolean) {
    this.#db = openDatabase(file, { readOnly, synchronous: 'FULL', walPages: WAL_PAGES });
    if (!readOnly) this.#db.exec(SCHEMA);
    this.#dictionary = new Dictionary(this.#db);
    this.#readBlocks = this.#db.prepare(
      `SELECT start_ms, body FROM block WHERE device = ? AND start_ms >= ? AND start_ms < ?
       ORDER BY start_ms LIMIT ${BLOCKS_PER_READ}`,
    );
    this.#readBlocks.setReturnArrays(true);
    this.#readBlock = this.#db.prepare('SELECT body FROM block WHERE device = ? AND start_ms = ?');
  }

  async append(batch: FrameBatch): Promise<AppendResult> {
    try {
      transact(this.#db, () => this.#write(batch));
    } catch (error) {
      this.#dictionary.forget();
      throw error;
    }
    return { refused: [] };
  }

  #write(batch: FrameBatch): void {
    const deviceIds = batch.devices.map((key) => this.#dictionary.deviceId(key));
    const layoutIds = batch.layouts.map((layout) => this.#dictionary.layoutId(layout));
    const write = this.#db.prepare('INSERT OR REPLACE INTO block VALUES (?, ?, ?)');
    const widthOf = (layoutId: number) => this.#dictionary.layout(layoutId).channels.length;
    // In the table's order, neighbouring blocks fall on the same page: the cost is pages touched.
    const order = clusteredOrder(batch, deviceIds);
    for (let from = 0; from < order.length; ) {
      const deviceId = deviceIds[batch.deviceIx[order[from]!]!]!;
      const startMs = blockStartMs(batch.timeMs[order[from]!]!);
      let to = from + 1;
      while (
        to < order.length &&
        deviceIds[batch.deviceIx[order[to]!]!] === deviceId &&
        blockStartMs(batch.timeMs[order[to]!]!) === startMs
      ) {
        to++;
      }
      const stored = this.#block(deviceId, startMs);
      write.run(deviceId, startMs, mergeIntoBlock(startMs, stored, { batch, layoutIds, order, from, to }, widthOf));
      from = to;
    }
  }

  async *range(slices: readonly Slice[], channels?: readonly string[]): AsyncGenerator<FrameChunk> {
    const projections = new Map<number, Projection>();
    for (const slice of slices) {
      const deviceId = this.#dictionary.knownDeviceId(slice.device);
      if (deviceId === undefined) continue;
      const chunker = new Chunker(slice.device);
      for (const block of this.#blocks(deviceId, slice.fromMs, slice.toMs)) {
        let valueAt = 0;
        for (let i = 0; i < block.size; i++) {
          const layoutId = block.layoutId[i]!;
          let projection = projections.get(layoutId);
          if (!projection) {
            projection = project(this.#dictionary.layout(layoutId), channels);
            projections.set(layoutId, projection);
          }
          const timeMs = block.startMs + block.offsetMs[i]!;
          if (timeMs >= slice.fromMs && timeMs < slice.toMs && projection.columns.length > 0) {
            const chunk = chunker.add(block, i, valueAt, projection);
            if (chunk) yield chunk;
          }
          valueAt += projection.storedWidth;
        }
      }
      const rest = chunker.flush();
      if (rest) yield rest;
    }
  }

  async downsample(slices: readonly Slice[], channels: readonly string[], bucketMs: number): Promise<Downsampled[]> {
    const out: Downsampled[] = [];
    for (const slice of slices) {
      out.push(...(await downsampleChunks(slice.device, this.range([slice], channels), channels, bucketMs)));
    }
    return out;
  }

  async latest(devices?: readonly DeviceKey[]): Promise<LatestFrame[]> {
    const newest = this.#db.prepare('SELECT start_ms, body FROM block WHERE device = ? ORDER BY start_ms DESC LIMIT 1');
    const out: LatestFrame[] = [];
    for (const device of [...new Set(devices ?? this.#dictionary.deviceKeys())].sort()) {
      const deviceId = this.#dictionary.knownDeviceId(device);
      if (deviceId === undefined) continue;
      const row = newest.get(deviceId) as { start_ms: number; body: Uint8Array } | undefined;
      if (!row) continue;
      const block = decodeBlock(row.start_ms, row.body);
      const last = block.size - 1;
      const { channels } = this.#dictionary.layout(block.layoutId[last]!);
      const valueAt = block.values.length - channels.length;
      out.push({
        device,
        timeMs: block.startMs + block.offsetMs[last]!,
        values: Object.fromEntries(channels.map((channel, c) => [channel, block.values[valueAt + c]!])),
      });
    }
    return out;
  }

  async retention(): Promise<null> {
    return null;
  }

  async clear(): Promise<void> {
    this.#db.exec('DELETE FROM block');
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #block(deviceId: number, startMs: number): Block | undefined {
    const row = this.#readBlock.get(deviceId, startMs) as { body: Uint8Array } | undefined;
    return row && decodeBlock(startMs, row.body);
  }

  *#blocks(deviceId: number, fromMs: number, toMs: number): Generator<Block> {
    let startMs = whole(blockStartMs(fromMs));
    for (;;) {
      const rows = this.#readBlocks.all(deviceId, startMs, whole(Math.ceil(toMs))) as unknown as [number, Uint8Array][];
      for (const [blockMs, body] of rows) yield decodeBlock(blockMs, body);
      if (rows.length < BLOCKS_PER_READ) return;
      startMs = rows[rows.length - 1]![0] + 1;
    }
  }
}

/** Opens the embedded frame store. A reader needs a file that a writer has made. */
export async function openSqliteFrames(file: string, options: { readOnly?: boolean } = {}): Promise<FrameStore> {
  return new SqliteFrameStore(file, options.readOnly ?? false);
}

function clusteredOrder(batch: FrameBatch, deviceIds: readonly number[]): number[] {
  const order = Array.from({ length: batch.size }, (_, i) => i);
  return order.sort(
    (a, b) => deviceIds[batch.deviceIx[a]!]! - deviceIds[batch.deviceIx[b]!]! || batch.timeMs[a]! - batch.timeMs[b]!,
  );
}

/** Bounds may be infinite; SQLite's INTEGER wants a safe one. */
function whole(timeMs: number): number {
  return Math.min(Math.max(timeMs, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
