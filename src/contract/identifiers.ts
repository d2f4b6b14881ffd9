import { type AssetKey, type DeviceKey, NAME_PATTERN } from './words.ts';

/**
 * How things are named in EPCIS events.
 *
 * A batch is a GS1 LGTIN class (`urn:epc:class:lgtin:COMPANY.ITEM.LOT`). Orgs, assets and devices are private
 * URIs under a reserved example domain (RFC 2606), which CBV 2.0 allows for parties and locations of one's own;
 * GLN and GIAI can be mapped onto them later. A unit (crate, pallet, load) is a GS1 SSCC
 * (`urn:epc:id:sscc:COMPANY.SERIAL`); inside and on labels it goes by its 18 digits.
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

/** Company prefix + serial reference, which begins with the extension digit, make 17 digits (TDS 2.0, SSCC). */
const SSCC = /^urn:epc:id:sscc:(\d{6,12})\.(\d{5,11})$/;
/** AI 00 as people and scanners write it. */
const SSCC_LABEL = /^(?:\(00\)|00)?(\d{18})$/;

export interface Sscc {
  readonly companyPrefix: string;
  /** The extension digit and the serial number after it. */
  readonly serialRef: string;
  /** The 18 digits of AI (00), check digit last. */
  readonly digits: string;
}

/** The URI of a unit. @param serialRef extension digit first; with the company prefix it makes 17 digits */
export function sscc(companyPrefix: string, serialRef: string): string {
  return `urn:epc:id:sscc:${companyPrefix}.${serialRef}`;
}

/** Reads an SSCC URI; undefined where it is none. */
export function parseSscc(uri: string): Sscc | undefined {
  const m = SSCC.exec(uri);
  if (!m || m[1]!.length + m[2]!.length !== 17) return undefined;
  const [companyPrefix, serialRef] = [m[1]!, m[2]!];
  const payload = serialRef.charAt(0) + companyPrefix + serialRef.slice(1);
  return { companyPrefix, serialRef, digits: payload + checkDigit(payload) };
}

/**
 * The 18 digits of a unit, from its URI or as on its label: `(00)` or `00` before them, or nothing. Undefined where
 * it is no SSCC or its check digit is wrong. The digits do not tell the URI: how long the company prefix is, only
 * GS1 knows.
 */
export function ssccDigits(text: string): string | undefined {
  const digits = SSCC_LABEL.exec(text)?.[1];
  if (digits === undefined) return parseSscc(text)?.digits;
  return checkDigit(digits.slice(0, -1)) === digits.at(-1) ? digits : undefined;
}

/** GS1 General Specifications §7.9: weights 3, 1, 3 … from the right, up to the next multiple of ten. */
function checkDigit(payload: string): string {
  let sum = 0;
  for (let i = 0; i < payload.length; i++) sum += Number(payload[payload.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

function after(text: string, prefix: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

function keyFrom(text: string | undefined): string | undefined {
  const parts = text?.split('/');
  return parts?.length === 2 && parts.every((p) => NAME_PATTERN.test(p)) ? text : undefined;
}
