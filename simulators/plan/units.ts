import { sscc } from '../../src/contract/identifiers.ts';
import { COMPANY_PREFIX } from './lots.ts';

/** Logistic units: fruit in crates, crates on pallets, pallets in a load. Each pallet and load has an SSCC. */

/** What a pallet takes at most, and a crate: twenty pallets to a load of 20 to 22 t. ESTIMATES. */
const PALLET_KG_MAX = 1100;
const CRATE_KG = 10;

/** How many pallets a load is packed on. */
export const palletCount = (loadKg: number): number => Math.ceil(loadKg / PALLET_KG_MAX);

/** What the n-th pallet of a load carries: whole kilograms, together just the load. */
export function palletKg(loadKg: number, n: number): number {
  const pallets = palletCount(loadKg);
  const upTo = (count: number): number => (count === pallets ? loadKg : Math.floor((count * loadKg) / pallets));
  return upTo(n + 1) - upTo(n);
}

/** Crates that hold a mass, the last of them perhaps not full. */
export const crateCount = (massKg: number): number => Math.ceil(massKg / CRATE_KG);

/** First digits of serial references, so that no two units share one. */
const EXTENSION_DIGIT = { load: 0, shop: 1, pallet: 2 } as const;

/** The SSCC of the n-th unit of a kind that a load is packed in; of the load itself there is one. @param load its number */
export function unitOf(kind: keyof typeof EXTENSION_DIGIT, load: number, n = 0): string {
  // Ten digits with the seven of the prefix: the extension digit, six of the load, three of the unit.
  return sscc(COMPANY_PREFIX, String(EXTENSION_DIGIT[kind] * 1_000_000_000 + load * 1000 + n).padStart(10, '0'));
}
