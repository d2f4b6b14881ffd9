import type { AggregationEvent, EpcisEvent } from '../../src/contract/event.ts';
import { assetUri, deviceUri, orgUri } from '../../src/contract/identifiers.ts';
import type { AssetKind } from '../../src/contract/words.ts';
import type { ScanSetting } from './scans.ts';
import type { Blend, CargoMove, PlannedScan } from './types.ts';
import { crateCount } from './units.ts';
import { rfc3339 } from './zone.ts';

/**
 * How the chain's people scan: EPCIS 2.0 events. The org that takes a batch over scans it.
 * Events are written out field by field: with spread parts each takes five times as long, and a season has 200,000.
 */

const CONTEXT = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { coldtrail: 'https://id.coldtrail.example/vocab/' },
];

interface Words {
  readonly bizStep: string;
  readonly disposition: string;
}

const STORING: Words = { bizStep: 'storing', disposition: 'in_progress' };
const LOADING: Words = { bizStep: 'loading', disposition: 'in_transit' };

/** CBV 2.0 business step and disposition of a batch that comes in. CBV has no "cooling": pre-cooling is storing. */
const ARRIVAL: Readonly<Record<AssetKind, Words>> = {
  'pre-cooling-room': STORING,
  'mobile-cold-room': STORING,
  'cold-store': STORING,
  'reefer-truck': LOADING,
  'rail-reefer-box': LOADING,
  'forward-warehouse': { bizStep: 'receiving', disposition: 'in_progress' },
  'retail-display': { bizStep: 'stocking', disposition: 'sellable_accessible' },
};

/** What goes into a unit: part of a batch, or smaller units. */
type Content =
  | { readonly batchIx: number; readonly massKg: number }
  | { readonly batchIx: null; readonly units: string[] };

interface Site {
  readonly org: string;
  readonly location: { readonly id: string };
  /** Whoever has the batch after it was scanned here. */
  readonly holder: ReturnType<typeof holder>;
}

export class EventWriter {
  readonly #setting: ScanSetting;
  readonly #sites: readonly Site[];
  #timeMs = Number.NaN;
  #timeText = '';

  constructor(setting: ScanSetting) {
    this.#setting = setting;
    const holders = new Map<string, Site['holder']>();
    this.#sites = setting.fleet.assets.map(({ key, org }) => {
      const held = holders.get(org) ?? holder(org);
      holders.set(org, held);
      return { org, location: { id: assetUri(key) }, holder: held };
    });
  }

  /** A device is put on its asset. */
  placement(timeMs: number, deviceIx: number): PlannedScan {
    const device = this.#setting.devices[deviceIx]!;
    const { org, location } = this.#sites[device.assetIx]!;
    const event: EpcisEvent = {
      '@context': CONTEXT,
      eventTime: this.#time(timeMs),
      eventTimeZoneOffset: this.#setting.zone,
      type: 'AssociationEvent',
      action: 'ADD',
      bizStep: 'installing',
      parentID: location.id,
      childEPCs: [deviceUri(device.key)],
    };
    return { timeMs, org, event };
  }

  /** A harvest lot gets its code in the orchard, before it comes into any asset. */
  picking(timeMs: number, batchIx: number, org: string): PlannedScan {
    const event: EpcisEvent = {
      '@context': CONTEXT,
      eventTime: this.#time(timeMs),
      eventTimeZoneOffset: this.#setting.zone,
      type: 'ObjectEvent',
      action: 'ADD',
      bizStep: 'commissioning',
      disposition: 'active',
      quantityList: [this.#quantity(batchIx)],
      destinationList: holder(org),
      ilmd: this.#ilmd(timeMs),
    };
    return { timeMs, org, event };
  }

  /** A batch comes into an asset, or leaves the chain. Stock of the run's start is commissioned where it lies. */
  move(move: CargoMove): PlannedScan {
    const { timeMs, batchIx, fromAssetIx, toAssetIx } = move;
    if (toAssetIx === null) return this.#sale(move);
    if (fromAssetIx === null && timeMs === this.#setting.run.fromMs) return this.#stock(timeMs, batchIx, toAssetIx);
    const { org, location, holder: held } = this.#sites[toAssetIx]!;
    const { bizStep, disposition } = ARRIVAL[this.#setting.fleet.assets[toAssetIx]!.kind];
    const event: EpcisEvent = {
      '@context': CONTEXT,
      eventTime: this.#time(timeMs),
      eventTimeZoneOffset: this.#setting.zone,
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep,
      disposition,
      quantityList: [this.#quantity(batchIx)],
      bizLocation: location,
      destinationList: held,
    };
    return { timeMs, org, event };
  }

  /** Lots become other lots: graded and packed, or split for the shops. */
  blend({ timeMs, assetIx, inputs, outputs }: Blend, blendIx: number): PlannedScan {
    const { org, location, holder: held } = this.#sites[assetIx]!;
    const event: EpcisEvent = {
      '@context': CONTEXT,
      eventTime: this.#time(timeMs),
      eventTimeZoneOffset: this.#setting.zone,
      type: 'TransformationEvent',
      bizStep: 'packing',
      disposition: 'in_progress',
      transformationID: `https://id.coldtrail.example/transformation/${this.#setting.run.fromMs}-${blendIx}`,
      inputQuantityList: inputs.map((ix) => this.#quantity(ix)),
      outputQuantityList: outputs.map((ix) => this.#quantity(ix)),
      bizLocation: location,
      destinationList: held,
      ilmd: { 'coldtrail:produce': this.#setting.produce },
    };
    return { timeMs, org, event };
  }

  /** A unit with an SSCC of its own is packed. */
  packing(timeMs: number, assetIx: number, unit: string, content: Content): PlannedScan {
    const { org, location } = this.#sites[assetIx]!;
    const event: AggregationEvent = {
      '@context': CONTEXT,
      eventTime: this.#time(timeMs),
      eventTimeZoneOffset: this.#setting.zone,
      type: 'AggregationEvent',
      action: 'ADD',
      bizStep: 'packing',
      disposition: 'in_progress',
      parentID: unit,
      bizLocation: location,
    };
    if (content.batchIx === null) event.childEPCs = content.units;
    else {
      event.childQuantityList = [this.#quantity(content.batchIx, content.massKg)];
      // EPCIS counts what has a class of its own; crates have none here.
      event['coldtrail:crates'] = crateCount(content.massKg);
    }
    return { timeMs, org, event };
  }

  /** Everything is taken out of a unit: it is no more. */
  unpacking(timeMs: number, assetIx: number, unit: string): PlannedScan {
    const { org, location } = this.#sites[assetIx]!;
    const event: EpcisEvent = {
      '@context': CONTEXT,
      eventTime: this.#time(timeMs),
      eventTimeZoneOffset: this.#setting.zone,
      type: 'AggregationEvent',
      action: 'DELETE',
      bizStep: 'unpacking',
      disposition: 'in_progress',
      parentID: unit,
      bizLocation: location,
    };
    return { timeMs, org, event };
  }

  #stock(timeMs: number, batchIx: number, assetIx: number): PlannedScan {
    const { org, location, holder: held } = this.#sites[assetIx]!;
    const event: EpcisEvent = {
      '@context': CONTEXT,
      eventTime: this.#time(timeMs),
      eventTimeZoneOffset: this.#setting.zone,
      type: 'ObjectEvent',
      action: 'ADD',
      bizStep: 'commissioning',
      disposition: 'active',
      quantityList: [this.#quantity(batchIx)],
      bizLocation: location,
      destinationList: held,
      ilmd: this.#ilmd(timeMs),
    };
    return { timeMs, org, event };
  }

  #sale({ timeMs, batchIx, fromAssetIx }: CargoMove): PlannedScan {
    const event: EpcisEvent = {
      '@context': CONTEXT,
      eventTime: this.#time(timeMs),
      eventTimeZoneOffset: this.#setting.zone,
      type: 'ObjectEvent',
      action: 'DELETE',
      bizStep: 'retail_selling',
      disposition: 'retail_sold',
      quantityList: [this.#quantity(batchIx)],
    };
    return { timeMs, org: this.#sites[fromAssetIx!]!.org, event };
  }

  /** Many scans have the instant of the one before. */
  #time(timeMs: number): string {
    if (timeMs !== this.#timeMs) {
      this.#timeMs = timeMs;
      this.#timeText = rfc3339(timeMs, this.#setting.zone);
    }
    return this.#timeText;
  }

  #quantity(batchIx: number, massKg = this.#setting.batches[batchIx]!.massKg) {
    return { epcClass: this.#setting.batches[batchIx]!.id, quantity: massKg, uom: 'KGM' };
  }

  /** Instance/lot master data. */
  #ilmd(timeMs: number) {
    return { 'coldtrail:produce': this.#setting.produce, 'coldtrail:harvestDate': this.#time(timeMs).slice(0, 10) };
  }
}

const holder = (org: string) => [{ type: 'possessing_party', destination: orgUri(org) }];
