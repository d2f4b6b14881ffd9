import { internLayout, type Layout } from '../../../contract/frame.ts';
import type { DeviceKey } from '../../../contract/words.ts';
import type { Database } from '../../../lib/sqlite.ts';

/** The small numbers that stand for devices and layouts in the rows; cached, since they never change. */
export class Dictionary {
  readonly #db: Database;
  readonly #deviceIds = new Map<DeviceKey, number>();
  readonly #layoutIds = new Map<Layout, number>();
  readonly #layouts = new Map<number, Layout>();

  constructor(db: Database) {
    this.#db = db;
  }

  deviceKeys(): DeviceKey[] {
    return (this.#db.prepare('SELECT key FROM device').all() as { key: string }[]).map((row) => row.key);
  }

  /** The device's id, made if it is new. */
  deviceId(key: DeviceKey): number {
    return this.knownDeviceId(key) ?? this.#remember(this.#deviceIds, key, 'INSERT INTO device (key) VALUES (?)', key);
  }

  knownDeviceId(key: DeviceKey): number | undefined {
    return this.#deviceIds.get(key) ?? this.#lookUp(this.#deviceIds, key, 'SELECT id FROM device WHERE key = ?', key);
  }

  /** The layout's id, made if it is new. */
  layoutId(layout: Layout): number {
    return (
      this.#layoutIds.get(layout) ??
      this.#lookUp(this.#layoutIds, layout, 'SELECT id FROM layout WHERE channels = ?', layout.key) ??
      this.#remember(this.#layoutIds, layout, 'INSERT INTO layout (channels) VALUES (?)', layout.key)
    );
  }

  layout(id: number): Layout {
    let layout = this.#layouts.get(id);
    if (!layout) {
      const row = this.#db.prepare('SELECT channels FROM layout WHERE id = ?').get(id) as { channels: string };
      layout = internLayout(row.channels.split(','));
      this.#layouts.set(id, layout);
    }
    return layout;
  }

  /** Forgets what a rolled-back transaction may have made up. */
  forget(): void {
    this.#deviceIds.clear();
    this.#layoutIds.clear();
    this.#layouts.clear();
  }

  #lookUp<K>(cache: Map<K, number>, key: K, sql: string, text: string): number | undefined {
    const row = this.#db.prepare(sql).get(text) as { id: number } | undefined;
    if (row) cache.set(key, row.id);
    return row?.id;
  }

  #remember<K>(cache: Map<K, number>, key: K, sql: string, text: string): number {
    const id = Number(this.#db.prepare(sql).run(text).lastInsertRowid);
    cache.set(key, id);
    return id;
  }
}
