/** The fields of a SenML record (RFC 8428 §4.3, table 1), numbered so that a record's fields fit a bit set. */
export const BVER = 0;
export const BN = 1;
export const BT = 2;
export const BU = 3;
export const BV = 4;
export const BS = 5;
export const N = 6;
export const U = 7;
export const V = 8;
export const VS = 9;
export const VB = 10;
export const S = 11;
export const T = 12;
export const UT = 13;
export const VD = 14;
export const FIELD_COUNT = 15;

/** JSON label of each field, by field number. */
const LABELS = ['bver', 'bn', 'bt', 'bu', 'bv', 'bs', 'n', 'u', 'v', 'vs', 'vb', 's', 't', 'ut', 'vd'] as const;

const fieldByLabel = new Map<string, number>(LABELS.map((label, field) => [label, field]));

/** The field a label names, or -1 for one that is not of RFC 8428. */
export function fieldOfLabel(label: string): number {
  return fieldByLabel.get(label) ?? -1;
}

/** Field by CBOR label 0 … 8 and by -1 - label for -1 … -6 (RFC 8428 §6, table 4: "this table is conclusive"). */
const REGULAR_BY_CBOR = [N, U, V, VS, VB, S, T, UT, VD];
const BASE_BY_CBOR = [BVER, BN, BT, BU, BV, BS];

/** The field an integer CBOR key names, or -1 for none. @param negative whether the key is -1 - arg */
export function fieldOfCborKey(negative: boolean, arg: number): number {
  return (negative ? BASE_BY_CBOR : REGULAR_BY_CBOR)[arg] ?? -1;
}

/** Arrays and objects a payload may nest; a pack needs two, the rest is for extension fields, which are skipped. */
export const DEPTH_MAX = 8;

/** RFC 8428 §4.4: a field whose label ends so must be understood. */
export const MUST_UNDERSTAND = '_';
