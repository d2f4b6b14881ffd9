import type { Config } from './config.ts';
import { dataPaths } from './data-dir.ts';
import { openInflux1 } from './store/frames/influx1/open.ts';
import { openInflux2 } from './store/frames/influx2/open.ts';
import { openSqliteFrames } from './store/frames/sqlite/store.ts';
import type { FrameStore } from './store/frames/store.ts';
import { type Ledger, openLedger } from './store/ledger/ledger.ts';

export interface FrameStoreOptions {
  readonly readOnly?: boolean;
  /** Called for every write that a server did not take and that will be tried again. */
  readonly onAway?: (message: string, waitMs: number) => void;
}

/** Opens the configured frame store. */
export async function openFrameStore(config: Config, options: FrameStoreOptions = {}): Promise<FrameStore> {
  const away = options.onAway && { onAway: options.onAway };
  switch (config.store.kind) {
    case 'sqlite':
      return openSqliteFrames(dataPaths(config.dataDir).frames, { readOnly: options.readOnly ?? false });
    case 'influx1':
      return openInflux1({
        url: config.store.url,
        database: config.store.database,
        ...(config.store.username !== undefined && { username: config.store.username }),
        ...(config.store.password !== undefined && { password: config.store.password }),
        ...away,
      });
    case 'influx2':
      return openInflux2({ ...config.store, ...away });
  }
}

/** What commands that only read work on. */
export interface ReadStores {
  readonly ledger: Ledger;
  readonly frames: FrameStore;
  close(): Promise<void>;
}

/** Opens the ledger for reading, beside a process that writes. @throws ColdtrailError NO_DATA */
export function openReadLedger(config: Config): Promise<Ledger> {
  return openLedger(dataPaths(config.dataDir).ledger, { readOnly: true });
}

/** How long an acknowledgement waits for a cycle of the projections to end; those read the frame store meanwhile. */
const ACKNOWLEDGEMENT_WAIT_MS = 15_000;

/** Opens the ledger to write a word into it, beside the process that owns it. @throws ColdtrailError NO_DATA */
export function openLedgerBeside(config: Config): Promise<Ledger> {
  const options = { beside: true, busyTimeoutMs: ACKNOWLEDGEMENT_WAIT_MS };
  return openLedger(dataPaths(config.dataDir).ledger, options);
}

/** Opens ledger and frame store for reading, beside a process that writes. @throws ColdtrailError NO_DATA */
export async function openReadStores(config: Config): Promise<ReadStores> {
  const ledger = await openReadLedger(config);
  try {
    const frames = await openFrameStore(config, { readOnly: true });
    return {
      ledger,
      frames,
      close: async () => {
        await frames.close();
        await ledger.close();
      },
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}
