import { statSync } from 'node:fs';
import { Option } from '@commander-js/extra-typings';
import { loadConfig } from '../config.ts';
import { ASSET_KINDS, type AssetKind } from '../contract/words.ts';
import { type RecordedDevice, readRecording } from '../lab/recording.ts';
import { openReadStores } from '../stores.ts';
import { storeRecording } from './store-recording.ts';

/** Recorded data as the command line names it. */
export interface DataOptions {
  readonly data?: string | undefined;
  readonly config?: string | undefined;
  readonly assetKind: AssetKind;
}

export const dataOption = () =>
  new Option('--data <file|dir>', 'CSV, NDJSON or Parquet with time, device and channels; or a data directory');

export const configOption = () => new Option('-c, --config <file>', 'configuration file that says where the data are');

export const kindOption = () =>
  new Option('--asset-kind <kind>', 'what the devices of a file were on').choices(ASSET_KINDS).default(ASSET_KINDS[0]);

/**
 * Hands recorded data to a reader: a table, or the stores of a data directory or a configuration, beside a process that
 * may be writing to them.
 * @throws ColdtrailError RECORDING_INVALID, NO_DATA
 */
export async function withRecorded<T>(
  { data, config: file, assetKind }: DataOptions,
  read: (recorded: AsyncIterable<RecordedDevice> | Iterable<RecordedDevice>) => Promise<T>,
): Promise<T> {
  if (data !== undefined && !statSync(data, { throwIfNoEntry: false })?.isDirectory()) {
    return read(await readRecording(data, assetKind));
  }
  const config = await loadConfig({ file, env: process.env, flags: { dataDir: data } });
  const stores = await openReadStores(config);
  try {
    return await read(storeRecording(stores));
  } finally {
    await stores.close();
  }
}
