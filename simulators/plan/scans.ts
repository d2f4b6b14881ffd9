import type { EpcisEvent } from '../../src/contract/event.ts';
import { assetUri, deviceUri, orgUri } from '../../src/contract/identifiers.ts';
import type { BatchLife, BatchStep } from './batches.ts';
import type { PlannedAsset, PlannedDevice, PlannedScan } from './types.ts';
import { rfc3339 } from './zone.ts';

/** What the chain's people scan: EPCIS 2.0 events, one for each step of a batch and each device put on an asset. */

const CONTEXT = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { coldtrail: 'https://id.coldtrail.example/vocab/' },
];

/** CBV 2.0 business step and disposition by kind of step. CBV has no "cooling": pre-cooling is storing. */
const WORDS: Readonly<Record<BatchStep['kind'], { bizStep: string; disposition: string }>> = {
  commission: { bizStep: 'commissioning', disposition: 'active' },
  'pre-cool': { bizStep: 'storing', disposition: 'in_progress' },
  store: { bizStep: 'storing', disposition: 'in_progress' },
  load: { bizStep: 'loading', disposition: 'in_transit' },
  receive: { bizStep: 'receiving', disposition: 'in_progress' },
  sell: { bizStep: 'retail_selling', disposition: 'retail_sold' },
};

export interface ScanSetting {
  readonly assets: readonly PlannedAsset[];
  readonly produce: string;
  /** UTC offset of the events, e.g. `+08:00`. */
  readonly zone: string;
  readonly startMs: number;
}

/** Every device is put on its asset as the run begins. */
export function placementScans(devices: readonly PlannedDevice[], setting: ScanSetting): PlannedScan[] {
  return devices.map((device) => {
    const asset = setting.assets[device.assetIx]!;
    const event: EpcisEvent = {
      '@context': CONTEXT,
      type: 'AssociationEvent',
      action: 'ADD',
      ...times(setting.startMs, setting.zone),
      bizStep: 'installing',
      parentID: assetUri(asset.key),
      childEPCs: [deviceUri(device.key)],
    };
    return { timeMs: setting.startMs, org: asset.org, event };
  });
}

/** The scans of one batch's life. The org that takes the batch over scans it. */
export function batchScans(batch: BatchLife, setting: ScanSetting): PlannedScan[] {
  const { assets, produce, zone } = setting;
  let holder = growerOf(batch, assets);
  return batch.steps.map(({ kind, timeMs, assetIx }) => {
    const asset = assetIx === null ? undefined : assets[assetIx]!;
    holder = asset?.org ?? holder;
    const event: EpcisEvent = {
      '@context': CONTEXT,
      type: 'ObjectEvent',
      action: kind === 'commission' ? 'ADD' : kind === 'sell' ? 'DELETE' : 'OBSERVE',
      ...times(timeMs, zone),
      ...WORDS[kind],
      quantityList: [{ epcClass: batch.id, quantity: batch.massKg, uom: 'KGM' }],
      ...(asset ? { bizLocation: { id: assetUri(asset.key) } } : {}),
      ...(kind === 'sell' ? {} : { destinationList: [{ type: 'possessing_party', destination: orgUri(holder) }] }),
      ...(kind === 'commission'
        ? { ilmd: { 'coldtrail:produce': produce, 'coldtrail:harvestDate': rfc3339(timeMs, zone).slice(0, 10) } }
        : {}),
    };
    return { timeMs, org: holder, event };
  });
}

/** Who has the batch before it is in any asset: the org of the first one it comes into. */
function growerOf(batch: BatchLife, assets: readonly PlannedAsset[]): string {
  const first = batch.steps.find((step) => step.assetIx !== null)?.assetIx;
  const grower = first === undefined || first === null ? assets.find((a) => a.kind !== 'reefer-truck') : assets[first];
  return grower!.org;
}

function times(timeMs: number, zone: string): { eventTime: string; eventTimeZoneOffset: string } {
  return { eventTime: rfc3339(timeMs, zone), eventTimeZoneOffset: zone };
}
