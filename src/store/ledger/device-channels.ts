import { isCargoChannel } from '../../contract/cargo-channels.ts';
import type { DeviceKey } from '../../contract/words.ts';
import { chunks } from './chunks.ts';
import type { LedgerDb } from './ledger.ts';

/** Notes the channels of a device; those already noted stay. Needed only when a (device, layout) is first seen. */
export async function noteChannels(
  trx: LedgerDb,
  seen: readonly { readonly device: DeviceKey; readonly channels: readonly string[] }[],
): Promise<void> {
  const rows = seen.flatMap(({ device, channels }) => channels.map((channel) => ({ device, channel })));
  for (const some of chunks(rows)) {
    await trx
      .insertInto('device_channel')
      .values(some)
      .onConflict((c) => c.columns(['device', 'channel']).doNothing())
      .execute();
  }
}

/** Channels by device; a device of which none were noted is left out. */
export async function channelsOfDevices(
  db: LedgerDb,
  devices: readonly DeviceKey[],
): Promise<Map<DeviceKey, readonly string[]>> {
  const found = new Map<DeviceKey, string[]>();
  for (const some of chunks(devices)) {
    const rows = await db.selectFrom('device_channel').selectAll().where('device', 'in', some).execute();
    for (const { device, channel } of rows) {
      const channels = found.get(device);
      if (channels) channels.push(channel);
      else found.set(device, [channel]);
    }
  }
  return found;
}

/** The channels that tell of cargo, to ask a store for, sorted; undefined (all) where some device's are not known. */
export async function cargoChannels(db: LedgerDb, devices: readonly DeviceKey[]): Promise<string[] | undefined> {
  const known = await channelsOfDevices(db, devices);
  if (known.size < devices.length) return undefined;
  return [...new Set([...known.values()].flat())].filter(isCargoChannel).sort();
}
