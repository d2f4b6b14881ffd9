import type { EpcisEvent } from '../../src/contract/event.ts';
import { assetUri, deviceUri, lgtin, orgUri } from '../../src/contract/identifiers.ts';
import { type Registry, registrySchema } from '../../src/contract/registry.ts';

/** The smallest chain in which breaches can happen: one carrier, trucks with a device each, a batch of prunes in each. */
export interface SmallChain {
  readonly registry: Registry;
  readonly devices: readonly string[];
  readonly batches: readonly string[];
  readonly events: readonly EpcisEvent[];
}

export const CHAIN_START_MS = Date.UTC(2026, 7, 21);

/** @param produce what is in each truck */
export function smallChain(trucks: number, produce = 'prune'): SmallChain {
  const time = { eventTime: new Date(CHAIN_START_MS).toISOString(), eventTimeZoneOffset: '+08:00' };
  const numbers = Array.from({ length: trucks }, (_, i) => i + 1);
  const batches = numbers.map((n) => lgtin('9521141', '012345', `LOT-${n}`));
  return {
    registry: registrySchema.parse({
      orgs: [{ id: 'carrier', name: 'Carrier (simulated)' }],
      assets: numbers.map((n) => ({ key: `carrier/truck-${n}`, kind: 'reefer-truck', name: `Truck ${n}` })),
      devices: numbers.map((n) => ({ key: `carrier/unit-${n}` })),
    }),
    devices: numbers.map((n) => `carrier/unit-${n}`),
    batches,
    events: numbers.flatMap((n): EpcisEvent[] => [
      {
        type: 'AssociationEvent',
        action: 'ADD',
        ...time,
        parentID: assetUri(`carrier/truck-${n}`),
        childEPCs: [deviceUri(`carrier/unit-${n}`)],
      },
      {
        type: 'ObjectEvent',
        action: 'ADD',
        bizStep: 'commissioning',
        ...time,
        quantityList: [{ epcClass: batches[n - 1]!, quantity: 20_000, uom: 'KGM' }],
        bizLocation: { id: assetUri(`carrier/truck-${n}`) },
        destinationList: [{ type: 'possessing_party', destination: orgUri('carrier') }],
        ilmd: { 'coldtrail:produce': produce },
      },
    ]),
  };
}
