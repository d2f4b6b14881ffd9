import { type AssetKey, type DeviceKey, NAME_PATTERN } from './words.ts';

/**
 * How things are named in EPCIS events.
 *
 * A batch is a GS1 LGTIN class (`urn:epc:class:lgtin:COMPANY.ITEM.LOT`). Orgs, assets and devices are private
 * URIs under a reserved example domain (RFC 2606), which CBV 2.0 allows for parties and locations of one's own;
 * GLN and GIAI can be mapped onto them later.
 */
const BASE = 'https://id.coldtrail.example';

export const orgUri = (org: string): string => `${BASE}/org/${org}`;
export const assetUri = (asset: AssetKey): string => `${BASE}/asset/${asset}`;
export const deviceUri = (device: DeviceKey): string => `${BASE}/device/${device}`;

export function orgFromUri(uri: string): string | undefined {
  const name = after(uri, `${BASE}/org/`);
  return name !== undefined && NAME_PATTERN.test(name) ? name : undefined;
}

export function assetFromUri(uri: string): AssetKey | undefined {
  return keyFrom(after(uri, `${BASE}/asset/`));
}

export function deviceFromUri(uri: string): DeviceKey | undefined {
  return keyFrom(after(uri, `${BASE}/device/`));
}

/** Company prefix + item reference make 12 digits + 1 indicator (TDS 2.0 §7.1, §8.3); the lot is AI 10: X..20. */
const LGTIN = /^urn:epc:class:lgtin:(\d{6,12})\.(\d{1,7})\.([!%-?A-Z_a-z"&'()*+,./:;<=>]{1,20})$/;

export interface Lgtin {
  readonly companyPrefix: string;
  readonly itemRef: string;
  readonly lot: string;
}

/** Reads an LGTIN class URI; undefined where it is none. */
export function parseLgtin(uri: string): Lgtin | undefined {
  const m = LGTIN.exec(uri);
  if (!m || m[1]!.length + m[2]!.length !== 13) return undefined;
  return { companyPrefix: m[1]!, itemRef: m[2]!, lot: m[3]! };
}

export function lgtin(companyPrefix: string, itemRef: string, lot: string): string {
  return `urn:epc:class:lgtin:${companyPrefix}.${itemRef}.${lot}`;
}

function after(text: string, prefix: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

function keyFrom(text: string | undefined): string | undefined {
  const parts = text?.split('/');
  return parts?.length === 2 && parts.every((p) => NAME_PATTERN.test(p)) ? text : undefined;
}
