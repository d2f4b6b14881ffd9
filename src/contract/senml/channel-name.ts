import { channelKind, SEQ_NAME } from '../channel.ts';
import { CborWriter } from './cbor-writer.ts';
import { type Template, template } from './template.ts';

/** A name that a record may carry below its device: a channel's, or `seq`. One object per name. */
export interface ChannelName {
  readonly name: string;
  readonly unit: string;
  /** 10 to the power of the channel's decimal places. */
  readonly scale: number;
  readonly isSeq: boolean;
  /** The fields `n`, `u` and the label of `v`, as we write them in JSON; the value follows. */
  readonly jsonFields: string;
  /** The same in CBOR. */
  readonly cborFields: Uint8Array;
  /** The same as readers look for them. */
  readonly jsonTemplate: Template;
  readonly cborTemplate: Template;
}

/** Labels of n, u and v (RFC 8428 §6, table 4). */
const CBOR_N = 0;
const CBOR_U = 1;
const CBOR_V = 2;
const CBOR_UNSIGNED = 0x00;

/** Holds channels and `seq` only, never a sender's own inventions, so it is bounded by the channel registry. */
const known = new Map<string, ChannelName>();

/** The sequence number's name: the one reserved name that is no channel. */
export const SEQ: ChannelName = remember(SEQ_NAME, 'count', 0);

/** The name as a known one, or null. */
export function channelName(name: string): ChannelName | null {
  const entry = known.get(name);
  if (entry) return entry;
  const kind = channelKind(name);
  return kind ? remember(name, kind.unit, kind.decimals) : null;
}

function remember(name: string, unit: string, decimals: number): ChannelName {
  const jsonFields = `"n":"${name}","u":"${unit}","v":`;
  const cborFields = cborFieldsOf(name, unit);
  const entry: ChannelName = {
    name,
    unit,
    scale: 10 ** decimals,
    isSeq: name === SEQ_NAME,
    jsonFields,
    cborFields,
    jsonTemplate: template(Buffer.from(jsonFields, 'latin1')),
    cborTemplate: template(cborFields),
  };
  known.set(name, entry);
  return entry;
}

function cborFieldsOf(name: string, unit: string): Uint8Array {
  const writer = new CborWriter();
  writer.head(CBOR_UNSIGNED, CBOR_N);
  writer.text(name);
  writer.head(CBOR_UNSIGNED, CBOR_U);
  writer.text(unit);
  writer.head(CBOR_UNSIGNED, CBOR_V);
  return writer.take();
}
