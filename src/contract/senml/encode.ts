import type { Frame, Layout } from '../frame.ts';
import type { DeviceKey } from '../words.ts';
import { CborWriter } from './cbor-writer.ts';
import { type ChannelName, channelName, SEQ } from './channel-name.ts';

/*
 * A pack as we write it: the first record holds base name and base time, the first record of each further frame a
 * new base time; `seq` comes before the channels, which keep their layout's order. Every record names its unit.
 */

const CBOR_ARRAY = 0x80;
const CBOR_MAP = 0xa0;
/** RFC 8428 §6, table 4: bn is -2, bt is -3. */
const CBOR_BN = Uint8Array.of(0x21);
const CBOR_BT = Uint8Array.of(0x22);

const writer = new CborWriter();
const namesByLayout = new WeakMap<Layout, readonly ChannelName[]>();

/**
 * Writes frames as one SenML pack in JSON (RFC 8428 §5).
 * @param frames at least one, all of one device, distinct times from the year 2000 on, finite values
 */
export function encodeJson(frames: readonly Frame[]): Buffer {
  const device = deviceOf(frames);
  let text = '';
  for (const { timeMs, seq, layout, values } of frames) {
    const names = namesOf(layout);
    // Whole ms over 1000 is within half a ms of itself as a double (RFC 8428 §5), so times come back exactly.
    text += text === '' ? `[{"bn":"${device}/","bt":${timeMs / 1000},` : `,{"bt":${timeMs / 1000},`;
    if (seq !== null) text += `${SEQ.jsonFields}${seq}},{`;
    text += `${names[0]!.jsonFields}${values[0]}}`;
    for (let c = 1; c < names.length; c++) text += `,{${names[c]!.jsonFields}${values[c]}}`;
  }
  return Buffer.from(`${text}]`, 'latin1');
}

/**
 * Writes frames as one SenML pack in CBOR (RFC 8428 §6), definite lengths, numbers in their shortest exact form.
 * @param frames at least one, all of one device, distinct times from the year 2000 on, finite values
 */
export function encodeCbor(frames: readonly Frame[]): Uint8Array {
  const device = deviceOf(frames);
  let records = 0;
  for (const frame of frames) records += frame.layout.channels.length + (frame.seq === null ? 0 : 1);
  writer.reset();
  writer.head(CBOR_ARRAY, records);
  for (let f = 0; f < frames.length; f++) {
    const { timeMs, seq, layout, values } = frames[f]!;
    const names = namesOf(layout);
    writer.head(CBOR_MAP, f === 0 ? 5 : 4);
    if (f === 0) {
      writer.raw(CBOR_BN);
      writer.text(`${device}/`);
    }
    writer.raw(CBOR_BT);
    writer.number(timeMs / 1000);
    if (seq !== null) {
      writer.raw(SEQ.cborFields);
      writer.number(seq);
      writer.head(CBOR_MAP, 3);
    }
    for (let c = 0; c < names.length; c++) {
      if (c > 0) writer.head(CBOR_MAP, 3);
      writer.raw(names[c]!.cborFields);
      writer.number(values[c]!);
    }
  }
  return writer.take();
}

function deviceOf(frames: readonly Frame[]): DeviceKey {
  const device = frames[0]?.device;
  if (device === undefined) throw new RangeError('a pack holds at least one frame');
  for (const frame of frames) if (frame.device !== device) throw new RangeError('a pack speaks for one device');
  return device;
}

function namesOf(layout: Layout): readonly ChannelName[] {
  let names = namesByLayout.get(layout);
  if (!names) {
    names = layout.channels.map(writableName);
    namesByLayout.set(layout, names);
  }
  return names;
}

function writableName(channel: string): ChannelName {
  const name = channelName(channel);
  if (!name) throw new RangeError(`'${channel}' is not a channel`);
  return name;
}
